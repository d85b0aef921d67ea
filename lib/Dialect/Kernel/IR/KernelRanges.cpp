// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Along what the output of a kernel can be cut: the outermost thing that there
// is more than one of, because only its parts are contiguous in memory. For a
// convolution these are images, rows (of which the input's overlap), pixels
// where no pixel reads its neighbours, or, of a single pixel, blocks of output
// channels, which are blocks of the packed weights too.

#include "OuterDimension.h"

#include "qopt/Dialect/Kernel/IR/ConvolutionLayout.h"

#include "mlir/IR/Builders.h"

using namespace mlir;
using namespace qopt::kernel;

/// The same for all ranges.
static BufferRange whole(Value value) {
  return {cast<ShapedType>(value.getType()), 0};
}

static BufferRange part(Value value, ArrayRef<int64_t> shape, int64_t step) {
  return {cast<ShapedType>(value.getType()).clone(shape), step};
}

static SmallVector<int64_t> getStrides(Value value) {
  return getElementStrides(cast<ShapedType>(value.getType()));
}

//===----------------------------------------------------------------------===//
// Convolutions
//===----------------------------------------------------------------------===//

namespace {
enum class Unit { None, Image, Row, Column, Pixel, Block };
} // namespace

/// Whether the buffer has the output's shape, or one value a channel.
template <typename ConvOp>
static bool isFullOrChannels(ConvOp op, Value residual) {
  ArrayRef<int64_t> shape = getShape(residual), out = getShape(op.getInit());
  return shape == out || llvm::all_of(shape.drop_back(shape.empty() ? 0 : 1),
                                      [](int64_t size) { return size == 1; });
}

template <typename ConvOp>
static Unit getSpatialUnit(ConvOp op) {
  ArrayRef<int64_t> in = getShape(op.getInput()), out = getShape(op.getInit());
  if (!llvm::all_of(op.getResiduals(), [&](Value residual) {
        return isFullOrChannels(op, residual);
      }))
    return Unit::None;
  if (out[0] > 1)
    return Unit::Image;
  if (out[1] > 1)
    return Unit::Row;
  // Columns are contiguous where there is one row of them.
  return out[2] > 1 && in[1] == 1 ? Unit::Column : Unit::None;
}

/// Whether multipliers and shifts are one a channel, as biases are. (Terms of a
/// longer formula lie behind one another.)
static bool hasChannelConstants(Conv2DOp op) {
  ShapedType bias = op.getBias().getType();
  return llvm::all_of(
      ArrayRef<Value>{op.getMultiplier(), op.getShift()}, [&](Value scale) {
        return !scale || cast<ShapedType>(scale.getType()).getNumElements() ==
                             bias.getNumElements();
      });
}

static Unit getUnit(DepthwiseConv2DOp op) { return getSpatialUnit(op); }

static Unit getUnit(Conv2DOp op) {
  auto isOneOrChannels = [&](Value residual) {
    int64_t size = cast<ShapedType>(residual.getType()).getNumElements();
    return size == 1 || size == getShape(op.getInit()).back();
  };
  ArrayRef<int64_t> out = getShape(op.getInit());
  int64_t pixels = out[0] * out[1] * out[2];
  Unit unit = getSpatialUnit(op);
  // Blocks whose steps are in an order of their own differ in size.
  if (pixels == 1)
    return op.getPacked() && op.getGroups() == 1 && !op.getFilterSteps() &&
                   llvm::all_of(op.getResiduals(), isOneOrChannels) &&
                   hasChannelConstants(op)
               ? Unit::Block
               : Unit::None;
  bool isPointwise = op.getKernel()[0] == 1 && op.getKernel()[1] == 1 &&
                     op.getStrides()[0] == 1 && op.getStrides()[1] == 1;
  // Pixels are no row where there are gaps between rows.
  return unit != Unit::None && isPointwise && !hasGaps(op.getInit().getType())
             ? Unit::Pixel
             : unit;
}

/// How many input positions `units` outputs along an axis read.
template <typename ConvOp>
static int64_t getWindow(ConvOp op, unsigned axis, int64_t units) {
  return (units - 1) * op.getStrides()[axis] +
         (op.getKernel()[axis] - 1) * op.getDilations()[axis] + 1;
}

template <typename ConvOp>
static BufferRange getInputRange(ConvOp op, Unit unit, int64_t units) {
  ArrayRef<int64_t> in = getShape(op.getInput());
  int64_t row = in[2] * in[3];
  switch (unit) {
  case Unit::Image:
    return part(op.getInput(), {units, in[1], in[2], in[3]}, in[1] * row);
  case Unit::Row:
    return part(op.getInput(), {1, getWindow(op, 0, units), in[2], in[3]},
                op.getStrides()[0] * row);
  case Unit::Column:
    return part(op.getInput(), {1, 1, getWindow(op, 1, units), in[3]},
                op.getStrides()[1] * in[3]);
  case Unit::Pixel:
    return part(op.getInput(), {1, 1, units, in[3]}, in[3]);
  default:
    return whole(op.getInput());
  }
}

/// The output, or a residual of its shape.
template <typename ConvOp>
static BufferRange getOutputRange(ConvOp op, Value value, Unit unit,
                                  int64_t units) {
  ArrayRef<int64_t> out = getShape(op.getInit());
  if (getShape(value) != out)
    return whole(value);
  SmallVector<int64_t> strides = getStrides(value);
  switch (unit) {
  case Unit::Image:
    return part(value, {units, out[1], out[2], out[3]}, strides[0]);
  case Unit::Row:
    return part(value, {1, units, out[2], out[3]}, strides[1]);
  default:
    return part(value, {1, 1, units, out[3]}, strides[2]);
  }
}

/// What belongs to the filter: scales of groups of input channels, and the
/// order of its steps. Null where there is none.
static std::array<Value, 2> getFilterParts(Conv2DOp op) {
  return {op.getFilterScales(), op.getFilterSteps()};
}
static std::array<Value, 2> getFilterParts(DepthwiseConv2DOp op) { return {}; }

template <typename ConvOp>
static SmallVector<BufferRange> getSpatialOperands(ConvOp op, Unit unit,
                                                   int64_t units) {
  SmallVector<BufferRange> ranges;
  ranges.push_back(getInputRange(op, unit, units));
  ranges.push_back(whole(op.getFilter()));
  for (Value part : getFilterParts(op))
    if (part)
      ranges.push_back(whole(part));
  ranges.push_back(whole(op.getBias()));
  for (Value channels : {op.getMultiplier(), op.getShift()})
    if (channels)
      ranges.push_back(whole(channels));
  for (Value residual : op.getResiduals())
    ranges.push_back(getOutputRange(op, residual, unit, units));
  ranges.push_back(getOutputRange(op, op.getInit(), unit, units));
  return ranges;
}

template <typename ConvOp>
static int64_t getSpatialExtent(ConvOp op, Unit unit) {
  ArrayRef<int64_t> out = getShape(op.getInit());
  switch (unit) {
  case Unit::Image:
    return out[0];
  case Unit::Row:
    return out[1];
  case Unit::Column:
    return out[2];
  case Unit::Pixel:
    return out[0] * out[1] * out[2];
  default:
    return 1;
  }
}

template <typename ConvOp>
static int64_t getSpatialGranularity(ConvOp op, Unit unit) {
  ScheduleAttr schedule = op.getScheduleAttr();
  if (!schedule)
    return 1;
  bool alongTile =
      unit == Unit::Pixel ||
      (unit == Unit::Row && schedule.getAxis() == TileAxis::Height) ||
      (unit == Unit::Column && schedule.getAxis() == TileAxis::Width);
  return alongTile ? schedule.getPixels() : 1;
}

int64_t DepthwiseConv2DOp::getRangeExtent() {
  return getSpatialExtent(*this, getUnit(*this));
}
int64_t DepthwiseConv2DOp::getRangeGranularity() {
  return getSpatialGranularity(*this, getUnit(*this));
}
SmallVector<BufferRange> DepthwiseConv2DOp::getRangeOperands(int64_t first,
                                                             int64_t units) {
  return getSpatialOperands(*this, getUnit(*this), units);
}

//===----------------------------------------------------------------------===//
// Blocks of output channels
//===----------------------------------------------------------------------===//

/// Channels of a unit of such ranges: whole blocks and whole panels of weights,
/// one of which is a multiple of the other.
static int64_t getBlockChannels(const ConvolutionLayout &layout) {
  return std::max(layout.lanes * layout.vectors, layout.panelLanes);
}

/// A unit's channels all exist; the last one comes with what is left. (A rest
/// of its own could have fewer channels than a vector has lanes, and would be
/// packed otherwise.)
static int64_t getBlockExtent(Conv2DOp op) {
  ConvolutionLayout layout = getConvolutionLayout(op, op.getScheduleAttr());
  return std::max<int64_t>(layout.groupOutputs / getBlockChannels(layout), 1);
}

static SmallVector<BufferRange> getBlockOperands(Conv2DOp op, int64_t first,
                                                 int64_t units) {
  ConvolutionLayout layout = getConvolutionLayout(op, op.getScheduleAttr());
  int64_t channels = getBlockChannels(layout);
  bool isLast = first + units == getBlockExtent(op);
  // `step` elements a unit, and to the end of the buffer for the last range.
  auto cut = [&](Value value, int64_t step) {
    int64_t total = cast<ShapedType>(value.getType()).getNumElements();
    return part(value, isLast ? total - first * step : units * step, step);
  };
  SmallVector<BufferRange> ranges;
  ranges.push_back(whole(op.getInput()));
  ranges.push_back(cut(
      op.getFilter(), channels * layout.getStoredStepsOfWindow() * layout.dot));
  if (Value scales = op.getFilterScales())
    ranges.push_back(cut(scales, channels * layout.numScales));
  ranges.push_back(cut(op.getBias(), channels));
  for (Value scale : {op.getMultiplier(), op.getShift()})
    if (scale)
      ranges.push_back(cut(scale, channels));
  int64_t outputs =
      isLast ? layout.groupOutputs - first * channels : units * channels;
  // One value for all channels, or one each.
  for (Value residual : op.getResiduals()) {
    SmallVector<int64_t> shape(getShape(residual));
    if (shape.empty() || shape.back() == 1) {
      ranges.push_back(whole(residual));
      continue;
    }
    shape.back() = outputs;
    ranges.push_back(part(residual, shape, channels));
  }
  ranges.push_back(part(op.getInit(), {1, 1, 1, outputs}, channels));
  return ranges;
}

int64_t Conv2DOp::getRangeExtent() {
  Unit unit = getUnit(*this);
  return unit == Unit::Block ? getBlockExtent(*this)
                             : getSpatialExtent(*this, unit);
}

int64_t Conv2DOp::getRangeGranularity() {
  return getSpatialGranularity(*this, getUnit(*this));
}

SmallVector<BufferRange> Conv2DOp::getRangeOperands(int64_t first,
                                                    int64_t units) {
  Unit unit = getUnit(*this);
  return unit == Unit::Block ? getBlockOperands(*this, first, units)
                             : getSpatialOperands(*this, unit, units);
}

//===----------------------------------------------------------------------===//
// Along the outermost dimension (others: ReductionRanges.cpp)
//===----------------------------------------------------------------------===//

/// The indices of an operand that broadcasts to `init`, and what belongs to
/// them, along the output's dimension.
static BufferRange cutDimension(Value value, Value init, int64_t dimension,
                                int64_t units) {
  ArrayRef<int64_t> shape = getShape(value);
  int64_t own =
      dimension - (getShape(init).size() - static_cast<int64_t>(shape.size()));
  if (own < 0 || shape[own] == 1)
    return whole(value);
  SmallVector<int64_t> cut(shape);
  cut[own] = units;
  return part(value, cut, getStrides(value)[own]);
}

/// The same of every operand of an op, along the outermost dimension.
static SmallVector<BufferRange> cutOperands(Operation *op, Value init,
                                            int64_t units) {
  int64_t dimension = getOuterDimension(init);
  SmallVector<BufferRange> ranges;
  for (Value operand : op->getOperands())
    ranges.push_back(cutDimension(operand, init, dimension, units));
  return ranges;
}

int64_t ElementwiseOp::getRangeExtent() { return getOuterExtent(getInit()); }

int64_t ElementwiseOp::getRangeGranularity() {
  return getOuterGranularity(getInit());
}

SmallVector<BufferRange> ElementwiseOp::getRangeOperands(int64_t first,
                                                         int64_t units) {
  // Multipliers and shifts broadcast as the last dimension does.
  return cutOperands(getOperation(), getInit(), units);
}

int64_t SoftmaxOp::getRangeExtent() {
  int64_t dimension = getOuterDimension(getInit());
  ArrayRef<int64_t> shape = getShape(getInit());
  // The last dimension is what a maximum is taken of.
  return dimension + 1 >= static_cast<int64_t>(shape.size()) ? 1
                                                             : shape[dimension];
}

SmallVector<BufferRange> SoftmaxOp::getRangeOperands(int64_t first,
                                                     int64_t units) {
  int64_t dimension = getOuterDimension(getInit());
  return {cutDimension(getInput(), getInit(), dimension, units),
          cutDimension(getInit(), getInit(), dimension, units)};
}

//===----------------------------------------------------------------------===//
// Padding
//===----------------------------------------------------------------------===//

int64_t PadOp::getRangeExtent() {
  // In place there is little to do.
  return hasGaps(getInput().getType()) ? 1 : getOuterExtent(getInit());
}

/// What is left of the padding of a dimension on some of its indices.
static std::pair<int64_t, int64_t> getPadding(PadOp op, int64_t dimension,
                                              int64_t first, int64_t units) {
  int64_t low = op.getLow()[dimension];
  int64_t end = low + getShape(op.getInput())[dimension];
  return {std::clamp<int64_t>(low - first, 0, units),
          std::clamp<int64_t>(first + units - end, 0, units)};
}

SmallVector<BufferRange> PadOp::getRangeOperands(int64_t first, int64_t units) {
  int64_t dimension = getOuterDimension(getInit());
  auto [low, high] = getPadding(*this, dimension, first, units);
  BufferRange output = cutDimension(getInit(), getInit(), dimension, units);
  SmallVector<int64_t> shape(getShape(getInput()));
  int64_t step = 1;
  for (int64_t size : ArrayRef(shape).drop_front(dimension + 1))
    step *= size;
  shape[dimension] = std::max<int64_t>(units - low - high, 0);
  BufferRange input = part(getInput(), shape, step);
  input.origin = -getLow()[dimension] * step;
  return {input, output};
}

void PadOp::cloneRange(OpBuilder &builder, ValueRange operands, int64_t first,
                       int64_t units) {
  int64_t dimension = getOuterDimension(getInit());
  SmallVector<int64_t> low(getLow()), high(getHigh());
  std::tie(low[dimension], high[dimension]) =
      getPadding(*this, dimension, first, units);
  auto pad = cast<PadOp>(builder.clone(*getOperation()));
  pad->setOperands(operands);
  pad.setLow(low);
  pad.setHigh(high);
}

//===----------------------------------------------------------------------===//
// Slices
//===----------------------------------------------------------------------===//

/// Backwards, a range would begin at its last element.
int64_t StridedSliceOp::getRangeExtent() {
  int64_t extent = getOuterExtent(getInit());
  return extent > 1 && getStrides()[getOuterDimension(getInit())] < 0 ? 1
                                                                      : extent;
}

SmallVector<BufferRange> StridedSliceOp::getRangeOperands(int64_t first,
                                                          int64_t units) {
  int64_t dimension = getOuterDimension(getInit());
  ArrayRef<int64_t> from = getShape(getInput());
  SmallVector<int64_t> shape(from),
      steps = getElementStrides(getInput().getType());
  // Dimensions before it have one index each in the output.
  int64_t origin = 0;
  for (int64_t d = 0; d < dimension; ++d) {
    origin += getOffsets()[d] * steps[d];
    shape[d] = 1;
  }
  int64_t stride = getStrides()[dimension], step = steps[dimension];
  shape[dimension] = (units - 1) * stride + 1;
  BufferRange input = part(getInput(), shape, stride * step);
  input.origin = origin + getOffsets()[dimension] * step;
  return {input, cutDimension(getInit(), getInit(), dimension, units)};
}

void StridedSliceOp::cloneRange(OpBuilder &builder, ValueRange operands,
                                int64_t first, int64_t units) {
  int64_t dimension = getOuterDimension(getInit());
  SmallVector<int64_t> offsets(getOffsets());
  std::fill_n(offsets.begin(), dimension + 1, 0);
  auto slice = cast<StridedSliceOp>(builder.clone(*getOperation()));
  slice->setOperands(operands);
  slice.setOffsets(offsets);
}

//===----------------------------------------------------------------------===//
// Concatenation
//===----------------------------------------------------------------------===//

int64_t ConcatOp::getRangeExtent() {
  int64_t dimension = getOuterDimension(getInit());
  // Along the axis a range would have some of the inputs.
  return dimension >= static_cast<int64_t>(getAxis())
             ? 1
             : getShape(getInit())[dimension];
}

SmallVector<BufferRange> ConcatOp::getRangeOperands(int64_t first,
                                                    int64_t units) {
  return cutOperands(getOperation(), getInit(), units);
}

//===----------------------------------------------------------------------===//
// Pooling
//===----------------------------------------------------------------------===//

/// Rows of the input outside of it that the windows of a range begin and end
/// with.
static std::pair<int64_t, int64_t> getOutside(Pool2DOp op, int64_t first,
                                              int64_t units) {
  int64_t begin = first * op.getStrides()[0] - op.getPadding()[0];
  int64_t end = begin + (units - 1) * op.getStrides()[0] + op.getKernel()[0];
  return {std::max<int64_t>(-begin, 0),
          std::max<int64_t>(end - getShape(op.getInput())[1], 0)};
}

/// Rows of a picture; images where there are several.
int64_t Pool2DOp::getRangeExtent() {
  ArrayRef<int64_t> out = getShape(getInit());
  return out[0] > 1 ? out[0] : out[1];
}

SmallVector<BufferRange> Pool2DOp::getRangeOperands(int64_t first,
                                                    int64_t units) {
  ArrayRef<int64_t> in = getShape(getInput()), out = getShape(getInit());
  if (out[0] > 1)
    return {cutDimension(getInput(), getInit(), 0, units),
            cutDimension(getInit(), getInit(), 0, units)};
  auto [top, bottom] = getOutside(*this, first, units);
  int64_t rows = (units - 1) * getStrides()[0] + getKernel()[0] - top - bottom;
  int64_t row = in[2] * in[3];
  BufferRange input =
      part(getInput(), {1, rows, in[2], in[3]}, getStrides()[0] * row);
  input.origin = -getPadding()[0] * row;
  return {input, part(getInit(), {1, units, out[2], out[3]}, out[2] * out[3])};
}

void Pool2DOp::cloneRange(OpBuilder &builder, ValueRange operands,
                          int64_t first, int64_t units) {
  auto pool = cast<Pool2DOp>(builder.clone(*getOperation()));
  pool->setOperands(operands);
  if (getShape(getInit())[0] > 1)
    return;
  SmallVector<int64_t> padding(getPadding());
  std::tie(padding[0], padding[1]) = getOutside(*this, first, units);
  pool.setPadding(padding);
}
