// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Verifiers of the ops that multiply by weights.

#include "Verify.h"

#include "qopt/Dialect/NN/IR/WeightScales.h"

#include "llvm/Support/MathExtras.h"

#include <cmath>

using namespace mlir;
using namespace qopt;
using namespace qopt::nn;

//===----------------------------------------------------------------------===//
// Checks that the three linear ops share
//===----------------------------------------------------------------------===//

/// How many channels may differ in parameters: 1 unless some type is quantized
/// per channel. What is the same for all channels is looked at once, however
/// many there are.
static int64_t countDistinctChannels(ArrayRef<Type> elements) {
  int64_t count = 1;
  for (Type element : elements)
    if (auto perAxis = dyn_cast<quant::UniformQuantizedPerAxisType>(element))
      count = perAxis.getScales().size();
  return count;
}

/// The scale and zero point of channel `c`.
static ScaleAndZeroPoint getParameters(Type element, int64_t c) {
  if (auto perAxis = dyn_cast<quant::UniformQuantizedPerAxisType>(element))
    return {perAxis.getScales()[c], perAxis.getZeroPoints()[c]};
  auto perTensor = cast<quant::UniformQuantizedType>(element);
  return {perTensor.getScale(), perTensor.getZeroPoint()};
}

/// What is multiplied as bytes must be bytes, and have no zero point.
static LogicalResult verifyDynamicInput(LinearOpInterface op, bool isStored,
                                        Type weight) {
  if (!isStored || isa<quant::UniformQuantizedSubChannelType>(weight))
    return op->emitOpError("has dynamic_input, which wants an f32 input and "
                           "weights quantized per tensor or per channel, found "
                           "input ")
           << getElementTypeOrSelf(op.getInputOperand().get().getType())
           << ", filter " << weight;
  auto quantized = cast<quant::QuantizedType>(weight);
  if (!quantized.isSigned() || quantized.getStorageTypeIntegralWidth() > 8)
    return op->emitOpError("has dynamic_input, which wants signed weights of 8 "
                           "bits or fewer, found ")
           << weight;
  for (int64_t c = 0, e = countDistinctChannels(weight); c < e; ++c)
    if (int64_t zeroPoint = getParameters(weight, c).zeroPoint)
      return op->emitOpError("has dynamic_input, which wants weights of zero "
                             "point 0, found ")
             << zeroPoint << " in channel " << c;
  return success();
}

/// Input, weights and result are all float, or all quantized in some form; or
/// only the weights are.
static LogicalResult verifyElementTypes(LinearOpInterface op) {
  Type input = getElementTypeOrSelf(op.getInputOperand().get().getType());
  Type weight = getElementTypeOrSelf(op.getWeightOperand().get().getType());
  Type result = getElementTypeOrSelf(op->getResult(0).getType());
  bool isFloat = isa<FloatType>(input);
  // Stored weights of a float op stand for the reals that they mean.
  bool isStored = isFloat && !isa<FloatType>(weight);
  if (isFloat != isa<FloatType>(result) || (!isFloat && isa<FloatType>(weight)))
    return op->emitOpError("mixes float and quantized tensors: input ")
           << input << ", filter " << weight << ", result " << result;
  if (op.hasDynamicInput() && failed(verifyDynamicInput(op, isStored, weight)))
    return failure();
  if (isFloat && !isStored)
    return success();
  std::pair<StringRef, Type> factors[] = {{"input", input}, {"filter", weight}};
  for (auto [name, type] : factors)
    if (isAccumulator(type))
      return op->emitOpError() << name << " has elements of " << type
                               << ", expected 16 bits of storage or fewer";
  auto perAxis = dyn_cast<quant::UniformQuantizedPerAxisType>(weight);
  if (perAxis && perAxis.getQuantizedDimension() != op.getWeightChannelAxis())
    return op->emitOpError("filter is quantized along dimension ")
           << perAxis.getQuantizedDimension() << ", expected its channels "
           << op.getWeightChannelAxis();
  if (isa<quant::UniformQuantizedSubChannelType>(weight) &&
      !getWeightGroups(op))
    return op->emitOpError("filter is quantized in blocks of another form than "
                           "one output channel, the whole window and some "
                           "input channels: ")
           << weight;
  return success();
}

/// The bias is a vector of the output channels. Its scale is not looked at, as
/// TFLite's kernels do not: its integers count in units of the accumulator.
static LogicalResult verifyBias(LinearOpInterface op, int64_t channels) {
  Value bias = op.getBiasValue();
  if (!bias)
    return success();
  auto type = cast<RankedTensorType>(bias.getType());
  if (type.getShape() != ArrayRef<int64_t>(channels))
    return op->emitOpError("bias has shape ")
           << spell(type.getShape()) << ", expected " << channels;
  Type result = getElementTypeOrSelf(op->getResult(0).getType());
  Type element = type.getElementType();
  if (isa<FloatType>(result) != isa<FloatType>(element))
    return op->emitOpError("bias has elements of ")
           << element << ", the result of " << result;
  if (isa<IntegerType>(result) && !isa<IntegerType>(element))
    return op->emitOpError("bias has elements of ")
           << element << ", expected plain integers as in the result";
  if (!isa<quant::QuantizedType>(element))
    return success();
  for (int64_t c = 0, e = countDistinctChannels(element); c < e; ++c)
    if (int64_t zeroPoint = getParameters(element, c).zeroPoint)
      return op->emitOpError("bias has zero point ")
             << zeroPoint << ", expected 0";
  return success();
}

/// A quantized accumulator counts in units of S_input * S_filter, from 0.
static LogicalResult verifyAccumulator(LinearOpInterface op,
                                       Activation activation) {
  Type type = op->getResult(0).getType();
  Type result = getElementTypeOrSelf(type);
  auto perAxis = dyn_cast<quant::UniformQuantizedPerAxisType>(result);
  if (!isAccumulator(type)) {
    if (perAxis)
      return op->emitOpError("result is quantized per channel, expected per "
                             "tensor unless it is an i32 accumulator");
    return success();
  }
  if (activation != Activation::None)
    return op->emitOpError("has activation ")
           << stringifyActivation(activation)
           << " on an accumulator, expected none";
  if (isa<quant::UniformQuantizedSubChannelType>(
          getElementTypeOrSelf(op.getWeightOperand().get().getType())))
    return op->emitOpError("is an accumulator, which has no scale where the "
                           "filter is quantized in groups; run "
                           "nn-fold-group-scales first");
  if (perAxis && perAxis.getQuantizedDimension() != op.getResultChannelAxis())
    return op->emitOpError("accumulator is quantized along dimension ")
           << perAxis.getQuantizedDimension() << ", expected its channels "
           << op.getResultChannelAxis();
  if (isa<IntegerType>(result))
    return success();
  Type input = getElementTypeOrSelf(op.getInputOperand().get().getType());
  Type weight = getElementTypeOrSelf(op.getWeightOperand().get().getType());
  for (int64_t c = 0, e = countDistinctChannels({weight, result}); c < e; ++c) {
    ScaleAndZeroPoint found = getParameters(result, c);
    if (found.zeroPoint != 0)
      return op->emitOpError("accumulator has zero point ")
             << found.zeroPoint << ", expected 0";
    // The product may have been rounded to float32.
    double expected =
        getParameters(input, 0).scale * getParameters(weight, c).scale;
    if (std::abs(found.scale - expected) > 1e-6 * expected)
      return op->emitOpError("accumulator has scale ")
             << found.scale << " in channel " << c
             << ", expected the product of the input's and the filter's "
             << expected;
  }
  return success();
}

static LogicalResult verifyLinear(LinearOpInterface op, int64_t channels,
                                  Activation activation) {
  return success(succeeded(verifyElementTypes(op)) &&
                 succeeded(verifyAccumulator(op, activation)) &&
                 succeeded(verifyBias(op, channels)));
}

//===----------------------------------------------------------------------===//
// Conv2DOp, DepthwiseConv2DOp
//===----------------------------------------------------------------------===//

/// Ranks and the attributes of the window.
template <typename ConvOp>
static LogicalResult verifyWindow(ConvOp op) {
  return success(
      succeeded(verifyRank(op, "input", op.getInput().getType(), 4)) &&
      succeeded(verifyRank(op, "filter", op.getFilter().getType(), 4)) &&
      succeeded(verifyRank(op, "result", op.getType(), 4)) &&
      succeeded(verifyNumbers(op, "filter's height and width",
                              op.getFilter().getType().getShape().slice(1, 2),
                              2, 1)) &&
      succeeded(verifyNumbers(op, "strides", op.getStrides(), 2, 1)) &&
      succeeded(verifyNumbers(op, "dilations", op.getDilations(), 2, 1)) &&
      succeeded(verifyNumbers(op, "padding", op.getPadding(), 4, 0)));
}

/// A filter OHWI, whose groups divide the channels of input and result.
template <typename Op>
static LogicalResult verifyGroups(Op op) {
  ArrayRef<int64_t> input = op.getInput().getType().getShape();
  ArrayRef<int64_t> filter = op.getFilter().getType().getShape();
  int64_t groups = op.getGroups();
  if (groups < 1)
    return op.emitOpError("groups is ") << groups << ", expected 1 or more";
  if (input[3] % groups != 0 || filter[0] % groups != 0)
    return op.emitOpError("groups is ")
           << groups << ", expected a divisor of the " << input[3]
           << " input channels and the " << filter[0] << " output channels";
  if (filter[3] != input[3] / groups)
    return op.emitOpError("filter has ")
           << filter[3] << " input channels, expected " << input[3] / groups;
  return success();
}

LogicalResult Conv2DOp::verify() {
  if (failed(verifyWindow(*this)))
    return failure();
  ArrayRef<int64_t> input = getInput().getType().getShape();
  ArrayRef<int64_t> filter = getFilter().getType().getShape();
  if (failed(verifyGroups(*this)))
    return failure();
  auto extents = inferWindowedExtents(
      *this, input,
      {filter.slice(1, 2), getStrides(), getDilations(), getPadding()});
  if (failed(extents) ||
      failed(verifyResultShape(
          *this, {input[0], (*extents)[0], (*extents)[1], filter[0]})))
    return failure();
  return verifyLinear(*this, filter[0], getActivation());
}

LogicalResult DepthwiseConv2DOp::verify() {
  if (failed(verifyWindow(*this)))
    return failure();
  ArrayRef<int64_t> input = getInput().getType().getShape();
  ArrayRef<int64_t> filter = getFilter().getType().getShape();
  if (filter[0] != 1)
    return emitOpError("filter has leading extent ")
           << filter[0] << ", expected 1";
  if (input[3] == 0 || filter[3] % input[3] != 0)
    return emitOpError("filter has ")
           << filter[3] << " channels, expected a multiple of the input's "
           << input[3];
  auto extents = inferWindowedExtents(
      *this, input,
      {filter.slice(1, 2), getStrides(), getDilations(), getPadding()});
  if (failed(extents) ||
      failed(verifyResultShape(
          *this, {input[0], (*extents)[0], (*extents)[1], filter[3]})))
    return failure();
  return verifyLinear(*this, filter[3], getActivation());
}

//===----------------------------------------------------------------------===//
// TransposeConv2DOp
//===----------------------------------------------------------------------===//

/// The extent of the windows' union without what is cut off.
static FailureOr<int64_t> inferTransposedExtent(TransposeConv2DOp op,
                                                StringRef name, int64_t input,
                                                int64_t kernel, int64_t stride,
                                                int64_t dilation,
                                                int64_t before, int64_t after) {
  int64_t steps, span, extent;
  if (llvm::MulOverflow(input - 1, stride, steps) ||
      llvm::MulOverflow(kernel - 1, dilation, span) ||
      llvm::AddOverflow(steps, span, extent) ||
      llvm::SubOverflow(extent + 1, before, extent) ||
      llvm::SubOverflow(extent, after, extent))
    return op.emitOpError() << name << " of the result overflows 64 bits";
  if (extent < 1)
    return op.emitOpError("padding ")
           << before << " and " << after << " leave " << extent << " of the "
           << name << ", expected 1 or more";
  return extent;
}

LogicalResult TransposeConv2DOp::verify() {
  if (failed(verifyRank(*this, "input", getInput().getType(), 4)) ||
      failed(verifyRank(*this, "filter", getFilter().getType(), 4)) ||
      failed(verifyRank(*this, "result", getType(), 4)) ||
      failed(verifyNumbers(*this, "filter's height and width",
                           getFilter().getType().getShape().slice(1, 2), 2,
                           1)) ||
      failed(verifyNumbers(*this, "input's height and width",
                           getInput().getType().getShape().slice(1, 2), 2,
                           1)) ||
      failed(verifyNumbers(*this, "strides", getStrides(), 2, 1)) ||
      failed(verifyNumbers(*this, "dilations", getDilations(), 2, 1)) ||
      failed(verifyNumbers(*this, "padding", getPadding(), 4,
                           std::numeric_limits<int32_t>::min())))
    return failure();
  Padding padding(getPadding());
  if (padding.top < 0 || padding.left < 0)
    return emitOpError("padding is [")
           << getPadding() << "], expected top and left not negative";
  ArrayRef<int64_t> input = getInput().getType().getShape();
  ArrayRef<int64_t> filter = getFilter().getType().getShape();
  if (failed(verifyGroups(*this)))
    return failure();
  auto height = inferTransposedExtent(*this, "height", input[1], filter[1],
                                      getStrides()[0], getDilations()[0],
                                      padding.top, padding.bottom);
  auto width = inferTransposedExtent(*this, "width", input[2], filter[2],
                                     getStrides()[1], getDilations()[1],
                                     padding.left, padding.right);
  if (failed(height) || failed(width) ||
      failed(verifyResultShape(*this, {input[0], *height, *width, filter[0]})))
    return failure();
  return verifyLinear(*this, filter[0], getActivation());
}

//===----------------------------------------------------------------------===//
// FullyConnectedOp
//===----------------------------------------------------------------------===//

LogicalResult FullyConnectedOp::verify() {
  if (failed(verifyRank(*this, "filter", getFilter().getType(), 2)))
    return failure();
  ArrayRef<int64_t> filter = getFilter().getType().getShape();
  ArrayRef<int64_t> result = getType().getShape();
  int64_t inputs = getInput().getType().getNumElements();
  if (filter[1] == 0 || inputs % filter[1] != 0)
    return emitOpError("input has ")
           << inputs << " elements, expected a multiple of the filter's "
           << filter[1] << " columns";
  if (result.empty() || result.back() != filter[0])
    return emitOpError("result has shape ")
           << spell(result) << ", expected a last dimension of " << filter[0];
  // Compared as rows, which do not overflow.
  int64_t rows = ShapedType::getNumElements(result.drop_back());
  if (rows != inputs / filter[1])
    return emitOpError("result has ")
           << rows << " rows, expected " << inputs / filter[1];
  return verifyLinear(*this, filter[0], getActivation());
}

//===----------------------------------------------------------------------===//
// BatchNormOp
//===----------------------------------------------------------------------===//

LogicalResult BatchNormOp::verify() {
  ArrayRef<int64_t> input = getInput().getType().getShape();
  if (input.empty())
    return emitOpError("input has rank 0, expected 1 or more");
  std::pair<StringRef, Value> vectors[] = {{"scale", getScale()},
                                           {"offset", getOffset()},
                                           {"mean", getMean()},
                                           {"variance", getVariance()}};
  for (auto [name, vector] : vectors) {
    ArrayRef<int64_t> shape = cast<ShapedType>(vector.getType()).getShape();
    if (shape != input.take_back())
      return emitOpError() << name << " has shape " << spell(shape)
                           << ", expected " << input.back();
  }
  // Written so that a NaN fails too.
  if (!(getEpsilon().convertToDouble() >= 0))
    return emitOpError("epsilon is ")
           << getEpsilon().convertToDouble() << ", expected 0 or more";
  return success();
}
