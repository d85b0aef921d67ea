// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What ops do to channels: the methods of ChannelwiseOpInterface and
// ChannelFunctionOpInterface, and those of LinearOpInterface that speak of
// input channels and borders.

#include "qopt/Dialect/NN/IR/FloatValues.h"
#include "qopt/Dialect/NN/IR/NN.h"

#include <cmath>

using namespace mlir;
using namespace qopt;
using namespace qopt::nn;

static ArrayRef<int64_t> shapeOf(Value value) {
  return cast<ShapedType>(value.getType()).getShape();
}

/// The number that a clamp makes of a number.
static double clampTo(RealInterval interval, double value) {
  return std::min(std::max(value, interval.low), interval.high);
}

//===----------------------------------------------------------------------===//
// Linear ops
//===----------------------------------------------------------------------===//

/// In a filter [O, KH, KW, I] of some groups.
static int64_t getGroupedInputChannel(ArrayRef<int64_t> filter, int64_t groups,
                                      int64_t element) {
  int64_t channel = element / ShapedType::getNumElements(filter.drop_front());
  int64_t group = channel / (filter[0] / groups);
  return group * filter[3] + element % filter[3];
}

int64_t Conv2DOp::getInputChannelOfWeight(int64_t element) {
  return getGroupedInputChannel(getFilter().getType().getShape(), getGroups(),
                                element);
}

int64_t TransposeConv2DOp::getInputChannelOfWeight(int64_t element) {
  return getGroupedInputChannel(getFilter().getType().getShape(), getGroups(),
                                element);
}

// Which weights meet an element of the result depends on its position.
bool TransposeConv2DOp::sumsAllWeights() { return false; }

int64_t DepthwiseConv2DOp::getInputChannelOfWeight(int64_t element) {
  int64_t channels = getFilter().getType().getDimSize(3);
  int64_t multiplier = channels / getInput().getType().getDimSize(3);
  return element % channels / multiplier;
}

int64_t FullyConnectedOp::getInputChannelOfWeight(int64_t element) {
  return element % getFilter().getType().getDimSize(1);
}

bool Conv2DOp::hasDynamicInput() { return getDynamicInput(); }
bool DepthwiseConv2DOp::hasDynamicInput() { return getDynamicInput(); }
bool FullyConnectedOp::hasDynamicInput() { return getDynamicInput(); }

int64_t Conv2DOp::getWeightInputAxis() { return 3; }
int64_t TransposeConv2DOp::getWeightInputAxis() { return 3; }
int64_t FullyConnectedOp::getWeightInputAxis() { return 1; }
int64_t DepthwiseConv2DOp::getWeightInputAxis() { return -1; }

int64_t Conv2DOp::getNumGroups() { return getGroups(); }
int64_t TransposeConv2DOp::getNumGroups() { return getGroups(); }
int64_t DepthwiseConv2DOp::getNumGroups() {
  return getInput().getType().getDimSize(3);
}

SmallVector<int64_t> FullyConnectedOp::getChannelInputShape() {
  int64_t depth = getFilter().getType().getDimSize(1);
  return {getInput().getType().getNumElements() / depth, depth};
}

static Border makeBorder(ArrayRef<int64_t> padding) {
  if (llvm::all_of(padding, [](int64_t p) { return p == 0; }))
    return {};
  Padding p(padding);
  return {{0, p.top, p.left, 0}, {0, p.bottom, p.right, 0}};
}

Border Conv2DOp::getBorder() { return makeBorder(getPadding()); }
Border DepthwiseConv2DOp::getBorder() { return makeBorder(getPadding()); }
void Conv2DOp::clearBorder() { setPadding({0, 0, 0, 0}); }
void DepthwiseConv2DOp::clearBorder() { setPadding({0, 0, 0, 0}); }

//===----------------------------------------------------------------------===//
// Clamps
//===----------------------------------------------------------------------===//

bool ReluOp::commutesWith(const ChannelFunction &function) {
  return clampCommutesWith(getClampInterval(), function);
}
bool Relu6Op::commutesWith(const ChannelFunction &function) {
  return clampCommutesWith(getClampInterval(), function);
}
bool ClipOp::commutesWith(const ChannelFunction &function) {
  return clampCommutesWith(getClampInterval(), function);
}

std::optional<double> ReluOp::mapConstant(double value) {
  return clampTo(getClampInterval(), value);
}
std::optional<double> Relu6Op::mapConstant(double value) {
  return clampTo(getClampInterval(), value);
}
std::optional<double> ClipOp::mapConstant(double value) {
  return clampTo(getClampInterval(), value);
}

static constexpr RealInterval positive = {
    0, std::numeric_limits<double>::infinity()};

// Like relu it has one point where nothing may move, 0.
bool LeakyReluOp::commutesWith(const ChannelFunction &function) {
  return clampCommutesWith(positive, function);
}

std::optional<double> LeakyReluOp::mapConstant(double value) {
  return value >= 0 ? value : value * getAlpha().convertToDouble();
}

//===----------------------------------------------------------------------===//
// Pools
//===----------------------------------------------------------------------===//

/// Windows lie within a channel where that is not an image's height or width.
static FailureOr<ChannelMap> mapImageChannels(const ChannelMap &channels) {
  if (channels.dimension == 1 || channels.dimension == 2)
    return failure();
  return channels;
}

FailureOr<ChannelMap> AveragePool2DOp::mapChannels(const ChannelMap &channels) {
  return mapImageChannels(channels);
}
FailureOr<ChannelMap> MaxPool2DOp::mapChannels(const ChannelMap &channels) {
  return mapImageChannels(channels);
}

// An average, whatever it leaves out, has weights that add up to 1.
bool AveragePool2DOp::commutesWith(const ChannelFunction &function) {
  return clampCommutesWith(getFusedInterval(), function);
}

bool MaxPool2DOp::commutesWith(const ChannelFunction &function) {
  return llvm::all_of(function.factors, [](double a) { return a > 0; }) &&
         clampCommutesWith(getFusedInterval(), function);
}

std::optional<double> AveragePool2DOp::mapConstant(double value) {
  return clampTo(getFusedInterval(), value);
}
std::optional<double> MaxPool2DOp::mapConstant(double value) {
  return clampTo(getFusedInterval(), value);
}

FailureOr<ChannelMap> MeanOp::mapChannels(const ChannelMap &channels) {
  ChannelMap result = channels;
  for (int64_t axis : getAxes()) {
    if (axis == channels.dimension)
      return failure();
    if (axis < channels.dimension && !getKeepDims())
      --result.dimension;
  }
  return result;
}

bool MeanOp::commutesWith(const ChannelFunction &) { return true; }
std::optional<double> MeanOp::mapConstant(double value) { return value; }

//===----------------------------------------------------------------------===//
// Moves
//===----------------------------------------------------------------------===//

FailureOr<ChannelMap> ReshapeOp::mapChannels(const ChannelMap &channels) {
  return reshapeChannels(channels, shapeOf(getInput()), shapeOf(getResult()));
}
bool ReshapeOp::commutesWith(const ChannelFunction &) { return true; }
std::optional<double> ReshapeOp::mapConstant(double value) { return value; }

FailureOr<ChannelMap>
ResizeBilinearOp::mapChannels(const ChannelMap &channels) {
  return mapImageChannels(channels);
}
bool ResizeBilinearOp::commutesWith(const ChannelFunction &) { return true; }
std::optional<double> ResizeBilinearOp::mapConstant(double value) {
  return value;
}

FailureOr<ChannelMap> SliceOp::mapChannels(const ChannelMap &channels) {
  int64_t d = channels.dimension;
  // All of them, in their order.
  if (shapeOf(getInput())[d] != shapeOf(getResult())[d] || getStrides()[d] < 0)
    return failure();
  return channels;
}
bool SliceOp::commutesWith(const ChannelFunction &) { return true; }
std::optional<double> SliceOp::mapConstant(double value) { return value; }

FailureOr<ChannelMap> PadOp::mapChannels(const ChannelMap &channels) {
  if (getLow()[channels.dimension] != 0 || getHigh()[channels.dimension] != 0)
    return failure();
  return channels;
}

/// What a function makes of a number if that is one number in all channels. It
/// is stored as f32, so a difference below that is none.
static std::optional<double> mapToOneNumber(const ChannelFunction &function,
                                            double value) {
  std::optional<double> result;
  for (auto [a, b] : llvm::zip_equal(function.factors, function.offsets)) {
    double mapped = a * value + b;
    if (!std::isfinite(mapped) ||
        (result && static_cast<float>(*result) != static_cast<float>(mapped)))
      return std::nullopt;
    if (!result)
      result = mapped;
  }
  return result;
}

bool PadOp::commutesWith(const ChannelFunction &function) {
  return mapToOneNumber(function, getValue().convertToDouble()).has_value();
}

void PadOp::commuteWith(const ChannelFunction &function) {
  setValue(APFloat(*mapToOneNumber(function, getValue().convertToDouble())));
}

std::optional<double> PadOp::mapConstant(double value) {
  if (value != getValue().convertToDouble())
    return std::nullopt;
  return value;
}

//===----------------------------------------------------------------------===//
// Channel functions
//===----------------------------------------------------------------------===//

FailureOr<AppliedChannelFunction> BatchNormOp::getChannelFunction() {
  auto scale = readDoubles(getScale()), offset = readDoubles(getOffset());
  auto mean = readDoubles(getMean()), variance = readDoubles(getVariance());
  if (!scale || !offset || !mean || !variance)
    return failure();
  AppliedChannelFunction applied;
  applied.operand = &getInputMutable();
  applied.dimension = getType().getRank() - 1;
  double epsilon = getEpsilon().convertToDouble();
  for (size_t c = 0; c < scale->size(); ++c) {
    double factor = (*scale)[c] / std::sqrt((*variance)[c] + epsilon);
    applied.function.factors.push_back(factor);
    applied.function.offsets.push_back((*offset)[c] - (*mean)[c] * factor);
    applied.mean.push_back((*offset)[c]);
    applied.deviation.push_back(std::abs((*scale)[c]));
  }
  return applied;
}

/// A constant that is broadcast to a result with one number an index of one
/// dimension: that dimension and the numbers. One number for all counts as one
/// for each index of the last dimension.
static FailureOr<std::pair<int64_t, std::vector<double>>>
getChannelConstant(Value constant, RankedTensorType result) {
  ArrayRef<int64_t> shape = shapeOf(constant);
  int64_t offset = result.getRank() - static_cast<int64_t>(shape.size());
  int64_t dimension = -1;
  for (auto [index, extent] : llvm::enumerate(shape)) {
    if (extent == 1)
      continue;
    if (dimension >= 0)
      return failure();
    dimension = offset + index;
  }
  std::optional<std::vector<double>> values = readDoubles(constant);
  if (!values || values->empty() || result.getRank() == 0)
    return failure();
  if (dimension < 0) {
    dimension = result.getRank() - 1;
    values->assign(result.getShape().back(), values->front());
  }
  return std::pair(dimension, std::move(*values));
}

/// An op on two tensors of which one is a constant of that kind and the other
/// has the result's shape. `combine` gives factor and offset of x for the
/// constant's number and whether x is the left operand.
template <typename BinaryOp>
static FailureOr<AppliedChannelFunction> getBinaryChannelFunction(
    BinaryOp op,
    llvm::function_ref<std::pair<double, double>(double, bool)> combine) {
  auto type = cast<RankedTensorType>(op.getType());
  if (!type.getElementType().isF32())
    return failure();
  for (bool isLeft : {true, false}) {
    OpOperand &operand = isLeft ? op.getLhsMutable() : op.getRhsMutable();
    Value constant = isLeft ? op.getRhs() : op.getLhs();
    if (operand.get().getType() != type ||
        !constant.template getDefiningOp<ConstantOp>() ||
        operand.get().template getDefiningOp<ConstantOp>())
      continue;
    auto values = getChannelConstant(constant, type);
    if (failed(values))
      return failure();
    AppliedChannelFunction applied;
    applied.operand = &operand;
    applied.dimension = values->first;
    for (double value : values->second) {
      auto [a, b] = combine(value, isLeft);
      applied.function.factors.push_back(a);
      applied.function.offsets.push_back(b);
    }
    return applied;
  }
  return failure();
}

FailureOr<AppliedChannelFunction> AddOp::getChannelFunction() {
  return getBinaryChannelFunction(
      *this, [](double k, bool) { return std::pair(1.0, k); });
}

FailureOr<AppliedChannelFunction> SubOp::getChannelFunction() {
  return getBinaryChannelFunction(*this, [](double k, bool isLeft) {
    return isLeft ? std::pair(1.0, -k) : std::pair(-1.0, k);
  });
}

FailureOr<AppliedChannelFunction> MulOp::getChannelFunction() {
  return getBinaryChannelFunction(
      *this, [](double k, bool) { return std::pair(k, 0.0); });
}
