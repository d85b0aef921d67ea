// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// With stride s, output row y of a transposed convolution is a sum over those
// rows k of the filter for which y + top - k is a multiple of s: the outputs
// whose y has the same remainder by s are those of a convolution of stride 1
// with every s-th row of the filter, turned around. There are s of these phases
// in height and as many in width; their results take turns:
//
//   s x s times [N, V, U, O] -> [N, V, s, U, s, O] -> [N, Vs, Us, O]
//
// That needs as many outputs in every phase, at least one row of the filter,
// and no dilation where there is a stride. Otherwise it is a convolution of
// stride 1, with the whole filter turned around, of the input with stride - 1
// zeros after each element. The spreading is a pad inside a reshape:
//
//   [N, H, W, C] -> [N, H, 1, W, 1, C] -> [N, H, s, W, s, C] -> [N, Hs, Ws, C]
//
// With k = (KH - 1) * dilation the convolution's border is k - top rows above
// and k - bottom below. The zeros behind the last element count as border, and
// any number of each element's zeros may lie before it instead, which makes
// room where k - bottom is less than stride - 1. Zeros are zero points in
// quantized tensors, so every sum has the terms it had.

#include "qopt/Dialect/NN/IR/NN.h"
#include "qopt/Dialect/NN/Transforms/Passes.h"
#include "qopt/Support/PassStatistics.h"

#include "mlir/IR/DialectResourceBlobManager.h"

namespace qopt::nn {
#define GEN_PASS_DEF_NNDECOMPOSETRANSPOSECONVPASS
#include "qopt/Dialect/NN/Transforms/Passes.h.inc"
} // namespace qopt::nn

using namespace mlir;
using namespace qopt;
using namespace qopt::nn;

/// The location of a tensor on the way to another.
static Location nameInner(Location loc, StringRef suffix) {
  auto name = dyn_cast<NameLoc>(loc);
  if (!name)
    return loc;
  return NameLoc::get(StringAttr::get(loc.getContext(),
                                      name.getName().getValue() + "/" + suffix),
                      name.getChildLoc());
}

//===----------------------------------------------------------------------===//
// Weights
//===----------------------------------------------------------------------===//

namespace {
/// Rows or columns of the filter, from the last to the first.
struct Taps {
  int64_t first, step, count;

  int64_t operator[](int64_t i) const { return first + step * (count - 1 - i); }
};
} // namespace

static SmallVector<int64_t> getShape(ArrayRef<int64_t> filter, Taps rows,
                                     Taps columns) {
  return {filter[0], rows.count, columns.count, filter[3]};
}

/// Those of the elements [O, KH, KW, I], or null if their bytes are not at
/// hand.
static DenseElementsAttr takeTaps(ElementsAttr value, Taps rows, Taps columns) {
  ShapedType type = value.getShapedType();
  ArrayRef<int64_t> shape = type.getShape();
  ShapedType result = type.clone(getShape(shape, rows, columns));
  auto dense = dyn_cast<DenseElementsAttr>(value);
  if (dense && dense.isSplat())
    return dense.resizeSplat(result);
  ArrayRef<char> bytes;
  if (dense)
    bytes = dense.getRawData();
  else if (auto resource = dyn_cast<DenseResourceElementsAttr>(value))
    if (AsmResourceBlob *blob = resource.getRawHandle().getBlob())
      bytes = blob->getData();
  int64_t count = type.getNumElements();
  if (count == 0 || bytes.size() % count != 0 ||
      value.getElementType().isInteger(1))
    return {};
  size_t run = shape[3] * (bytes.size() / count);
  std::vector<char> taken(result.getNumElements() / shape[3] * run);
  char *to = taken.data();
  for (int64_t output = 0; output < shape[0]; ++output)
    for (int64_t y = 0; y < rows.count; ++y)
      for (int64_t x = 0; x < columns.count; ++x, to += run) {
        int64_t from = (output * shape[1] + rows[y]) * shape[2] + columns[x];
        std::copy_n(bytes.data() + from * run, run, to);
      }
  return DenseElementsAttr::getFromRawBuffer(result, taken);
}

/// The same for what makes the weights: a constant, or a dequantized one.
static Value takeTaps(OpBuilder &builder, Value filter, Taps rows,
                      Taps columns) {
  auto type = cast<RankedTensorType>(filter.getType());
  Type result = type.clone(getShape(type.getShape(), rows, columns));
  if (auto constant = filter.getDefiningOp<ConstantOp>()) {
    DenseElementsAttr taken = takeTaps(constant.getValue(), rows, columns);
    return taken ? ConstantOp::create(builder, constant.getLoc(), result, taken)
                 : Value();
  }
  if (auto cast = filter.getDefiningOp<quant::DequantizeCastOp>()) {
    Value taken = takeTaps(builder, cast->getOperand(0), rows, columns);
    return taken ? quant::DequantizeCastOp::create(builder, cast.getLoc(),
                                                   result, taken)
                 : Value();
  }
  return {};
}

static Conv2DOp createConv(OpBuilder &builder, TransposeConv2DOp op,
                           Location loc, Type type, Value input, Value filter,
                           ArrayRef<int64_t> padding) {
  return Conv2DOp::create(builder, loc, type, input, filter, op.getBias(),
                          ArrayRef<int64_t>{1, 1}, op.getDilations(), padding,
                          op.getGroups(), op.getActivation(), op.getRounding(),
                          op.getF32ScaleProduct());
}

//===----------------------------------------------------------------------===//
// Phases
//===----------------------------------------------------------------------===//

namespace {
/// The outputs of one dimension with the same remainder by the stride.
struct Phase {
  Taps taps;
  /// The border of their convolution.
  int64_t low, high;
};
} // namespace

static std::optional<SmallVector<Phase>>
getPhases(int64_t kernel, int64_t dilation, int64_t stride, int64_t low,
          int64_t input, int64_t output) {
  if ((dilation != 1 && stride != 1) || output % stride != 0 || low < 0)
    return std::nullopt;
  SmallVector<Phase> phases;
  for (int64_t remainder = 0; remainder < stride; ++remainder) {
    // Output `stride * v + remainder` multiplies row `first + stride * j` of
    // the filter by input `v + ahead - dilation * j`.
    int64_t first = (remainder + low) % stride;
    int64_t ahead = (remainder + low) / stride;
    int64_t count = llvm::divideCeil(kernel - first, stride);
    int64_t span = (count - 1) * dilation;
    int64_t above = span - ahead;
    int64_t below = output / stride + span - input - above;
    if (kernel <= first || above < 0 || below < 0)
      return std::nullopt;
    phases.push_back({{first, stride, count}, above, below});
  }
  return phases;
}

/// The results of the phases, interleaved; null if that is not possible.
static Value convolvePhases(OpBuilder &builder, TransposeConv2DOp op) {
  ArrayRef<int64_t> strides = op.getStrides();
  // Every phase is a kernel call.
  constexpr int64_t mostPhases = 64;
  if (strides[0] > mostPhases || strides[1] > mostPhases ||
      strides[0] * strides[1] > mostPhases)
    return {};
  ArrayRef<int64_t> filter = op.getFilter().getType().getShape();
  ArrayRef<int64_t> in = cast<ShapedType>(op.getInput().getType()).getShape();
  auto type = cast<RankedTensorType>(op.getType());
  ArrayRef<int64_t> out = type.getShape();
  Padding padding(op.getPadding());
  auto rows = getPhases(filter[1], op.getDilations()[0], strides[0],
                        padding.top, in[1], out[1]);
  auto columns = getPhases(filter[2], op.getDilations()[1], strides[1],
                           padding.left, in[2], out[2]);
  if (!rows || !columns)
    return {};
  int64_t height = out[1] / strides[0], width = out[2] / strides[1];
  SmallVector<Value> rowsOfPhases;
  for (auto [y, row] : llvm::enumerate(*rows)) {
    SmallVector<Value> phases;
    for (auto [x, column] : llvm::enumerate(*columns)) {
      Value taken = takeTaps(builder, op.getFilter(), row.taps, column.taps);
      if (!taken)
        return {};
      if (strides[0] == 1 && strides[1] == 1)
        return createConv(builder, op, op.getLoc(), type, op.getInput(), taken,
                          {row.low, row.high, column.low, column.high});
      Location loc =
          nameInner(op.getLoc(), ("phase_" + Twine(y) + "_" + Twine(x)).str());
      Value conv = createConv(
          builder, op, loc, type.clone({out[0], height, width, out[3]}),
          op.getInput(), taken, {row.low, row.high, column.low, column.high});
      phases.push_back(ReshapeOp::create(
          builder, loc, type.clone({out[0], height, 1, width, 1, out[3]}),
          conv));
    }
    Location loc = nameInner(op.getLoc(), ("phases_" + Twine(y)).str());
    if (strides[1] == 1) {
      rowsOfPhases.push_back(phases.front());
      continue;
    }
    rowsOfPhases.push_back(ConcatOp::create(
        builder, loc,
        type.clone({out[0], height, 1, width, strides[1], out[3]}), phases,
        /*axis=*/4));
  }
  Value all = rowsOfPhases.front();
  if (strides[0] != 1)
    all = ConcatOp::create(
        builder, nameInner(op.getLoc(), "phases"),
        type.clone({out[0], height, strides[0], width, strides[1], out[3]}),
        rowsOfPhases, /*axis=*/2);
  return ReshapeOp::create(builder, op.getLoc(), type, all);
}

//===----------------------------------------------------------------------===//
// Spread inputs
//===----------------------------------------------------------------------===//

namespace {
/// One dimension of the image on its way.
struct Spread {
  /// Zeros before and after each element.
  int64_t before, after;
  /// The border of the convolution.
  int64_t low, high;
};
} // namespace

static std::optional<Spread> getSpread(int64_t kernel, int64_t dilation,
                                       int64_t stride, int64_t low,
                                       int64_t high) {
  int64_t span = (kernel - 1) * dilation;
  int64_t roomLow = span - low, roomHigh = span - high;
  int64_t before = std::max<int64_t>(0, stride - 1 - roomHigh);
  if (before > roomLow || before > stride - 1)
    return std::nullopt;
  int64_t after = stride - 1 - before;
  return Spread{before, after, roomLow - before, roomHigh - after};
}

static Value spreadInput(OpBuilder &builder, TransposeConv2DOp op,
                         const Spread &height, const Spread &width) {
  Value input = op.getInput();
  auto type = cast<RankedTensorType>(input.getType());
  ArrayRef<int64_t> shape = type.getShape();
  ArrayRef<int64_t> strides = op.getStrides();
  if (strides[0] == 1 && strides[1] == 1)
    return input;
  Location loc = nameInner(op.getLoc(), "spread_input");
  Value split = ReshapeOp::create(
      builder, loc, type.clone({shape[0], shape[1], 1, shape[2], 1, shape[3]}),
      input);
  Value padded = PadOp::create(
      builder, loc,
      type.clone(
          {shape[0], shape[1], strides[0], shape[2], strides[1], shape[3]}),
      split, ArrayRef<int64_t>{0, 0, height.before, 0, width.before, 0},
      ArrayRef<int64_t>{0, 0, height.after, 0, width.after, 0}, APFloat(0.0));
  return ReshapeOp::create(builder, loc,
                           type.clone({shape[0], shape[1] * strides[0],
                                       shape[2] * strides[1], shape[3]}),
                           padded);
}

static FailureOr<Value> convolveSpreadInput(OpBuilder &builder,
                                            TransposeConv2DOp op) {
  ArrayRef<int64_t> filter = op.getFilter().getType().getShape();
  Padding padding(op.getPadding());
  auto height = getSpread(filter[1], op.getDilations()[0], op.getStrides()[0],
                          padding.top, padding.bottom);
  auto width = getSpread(filter[2], op.getDilations()[1], op.getStrides()[1],
                         padding.left, padding.right);
  if (!height || !width)
    return op.emitOpError("has padding [")
           << op.getPadding() << "], which leaves less than a convolution of "
           << "its filter makes; crop the result after the op instead";
  Value turned =
      takeTaps(builder, op.getFilter(), {0, 1, filter[1]}, {0, 1, filter[2]});
  if (!turned)
    return op.emitOpError("has weights that are not a constant, expected one");
  return createConv(builder, op, op.getLoc(), op.getType(),
                    spreadInput(builder, op, *height, *width), turned,
                    {height->low, height->high, width->low, width->high})
      .getResult();
}

static LogicalResult decompose(OpBuilder &builder, TransposeConv2DOp op) {
  builder.setInsertionPoint(op);
  FailureOr<Value> result = convolvePhases(builder, op);
  if (!*result)
    result = convolveSpreadInput(builder, op);
  if (failed(result))
    return failure();
  result->getDefiningOp()->setDiscardableAttrs(
      op->getDiscardableAttrDictionary());
  op.getResult().replaceAllUsesWith(*result);
  Value old = op.getFilter();
  op.erase();
  if (old.use_empty())
    old.getDefiningOp()->erase();
  return success();
}

namespace {
struct NNDecomposeTransposeConv
    : nn::impl::NNDecomposeTransposeConvPassBase<NNDecomposeTransposeConv> {
  using NNDecomposeTransposeConvPassBase::NNDecomposeTransposeConvPassBase;

  void runOnOperation() override {
    SmallVector<TransposeConv2DOp> ops;
    getOperation()->walk([&](TransposeConv2DOp op) { ops.push_back(op); });
    OpBuilder builder(&getContext());
    for (TransposeConv2DOp op : ops)
      if (failed(decompose(builder, op)))
        return signalPassFailure();
    recordStatistic(*this, "num-decomposed", ops.size());
  }
};
} // namespace
