// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Linear ops on floats whose weights are stored as integers. A scale per tensor
// or per channel is taken out of the sum:
//
//   y = (sum of x * q) * S[o] + b[o]
//
// With groups of input channels the kernel scales each weight. A dynamic input
// is quantized first, with what its own range gives, and the sum is one of
// integers:
//
//   y = float(sum of q_x * q - Z * (sum of q)) * S_x * S[o] + b[o]

#include "LinearKernels.h"
#include "qopt/Dialect/NN/IR/StoredValues.h"
#include "qopt/Dialect/NN/IR/WeightScales.h"

using namespace mlir;
using namespace qopt;
using namespace qopt::nn_to_kernel;

static Value createFloats(OpBuilder &builder, Location loc,
                          ArrayRef<int64_t> shape, ArrayRef<float> values) {
  auto type = RankedTensorType::get(shape, builder.getF32Type());
  return createConstant(builder, loc, DenseElementsAttr::get(type, values));
}

static int64_t getNumChannels(LinearOpInterface op) {
  return cast<ShapedType>(op->getResult(0).getType()).getShape().back();
}

/// Multiplies by the scales of the weights, one or one a channel, and adds the
/// bias.
static void scaleAndAdd(LinearOpInterface op, const nn::WeightScales &scales,
                        Value bias, Epilogue &epilogue, OpBuilder &builder) {
  MLIRContext *context = op.getContext();
  auto factors = llvm::map_to_vector(scales.getScales(), [](double scale) {
    return static_cast<float>(scale);
  });
  epilogue.stages.push_back(kernel::MulF32Attr::get(context));
  epilogue.operands.push_back(
      createFloats(builder, nameTensor(op.getLoc(), "scale"),
                   static_cast<int64_t>(factors.size()), factors));
  if (!bias)
    return;
  epilogue.stages.push_back(kernel::AddF32Attr::get(context));
  epilogue.operands.push_back(bias);
}

//===----------------------------------------------------------------------===//
// Dynamic inputs
//===----------------------------------------------------------------------===//

/// The sum of each channel's weights, or an error where a sum of products may
/// not fit 32 bits.
static FailureOr<SmallVector<int32_t>> sumWeights(LinearOpInterface op) {
  Value weights = op.getWeightOperand().get();
  std::optional<nn::StoredValues> stored = nn::StoredValues::get(weights);
  if (!stored)
    return op->emitOpError("has a dynamic input and weights that are not a "
                           "constant, expected one");
  ArrayRef<int64_t> shape = cast<ShapedType>(weights.getType()).getShape();
  int64_t axis = op.getWeightChannelAxis();
  int64_t inner = ShapedType::getNumElements(shape.drop_front(axis + 1));
  SmallVector<int64_t> sums(shape[axis]), magnitudes(shape[axis]);
  for (int64_t i = 0, e = stored->size(); i != e; ++i) {
    int64_t w = (*stored)[i], channel = i / inner % shape[axis];
    sums[channel] += w;
    magnitudes[channel] += std::abs(w);
  }
  // Inputs without their zero point lie in -255...255.
  constexpr int64_t most = INT32_MAX / 255;
  for (auto [channel, magnitude] : llvm::enumerate(magnitudes))
    if (magnitude > most)
      return op->emitOpError("has a dynamic input and weights in channel ")
             << channel << " whose magnitudes add up to " << magnitude
             << ", expected " << most
             << " or less: the accumulator has 32 bits";
  return llvm::map_to_vector(
      sums, [](int64_t sum) { return static_cast<int32_t>(sum); });
}

namespace {
/// Scale and zero point that are found at run time, one element each.
struct DynamicParameters {
  Value scale, zeroPoint;
};
} // namespace

static DynamicParameters findParameters(OpBuilder &builder, Location loc,
                                        Value input) {
  Type f32 = builder.getF32Type(), i32 = builder.getI32Type();
  auto emit = [&](auto kind, StringRef name, Value from, int64_t size,
                  Type element) -> Value {
    using Kernel = decltype(kind);
    Location named = nameTensor(loc, name);
    auto type = RankedTensorType::get(size, element);
    return Kernel::create(builder, named, TypeRange(type), from,
                          createEmpty(builder, named, type))
        ->getResult(0);
  };
  Value range = emit(kernel::DynamicRangeOp(), "range", input, 2, f32);
  return {emit(kernel::DynamicParameterOp(), "scale", range, 1, f32),
          emit(kernel::DynamicParameterOp(), "zero_point", range, 1, i32)};
}

/// The zeros around a window's input are added before it is quantized.
static Value padFloats(LinearOpInterface op, Value input, OpBuilder &builder) {
  ArrayRef<int64_t> padding;
  if (auto conv = dyn_cast<nn::Conv2DOp>(op.getOperation()))
    padding = conv.getPadding();
  if (auto conv = dyn_cast<nn::DepthwiseConv2DOp>(op.getOperation()))
    padding = conv.getPadding();
  return padInput(builder, op.getLoc(), input, input.getType(), padding);
}

static LogicalResult quantizeInput(LinearOpInterface op,
                                   const nn::WeightScales &scales,
                                   LinearOperands &operands, Epilogue &epilogue,
                                   OpBuilder &builder) {
  FailureOr<SmallVector<int32_t>> sums = sumWeights(op);
  if (failed(sums) || failed(checkBuffer(op, operands.input.getType())))
    return failure();
  MLIRContext *context = op.getContext();
  Location loc = op.getLoc();
  DynamicParameters parameters = findParameters(builder, loc, operands.input);
  Value padded = padFloats(op, operands.input, builder);
  auto type = cast<RankedTensorType>(padded.getType());
  operands.input = createElementwise(
      builder, nameTensor(loc, "quantized_input"),
      type.clone(builder.getI8Type()), padded,
      {parameters.scale, parameters.zeroPoint},
      {kernel::DynamicQuantizeAttr::get(context, /*offset=*/0)},
      /*inputUnsigned=*/false);
  operands.isPadded = true;
  Value bias = operands.bias;
  operands.bias = createConstant(
      builder, nameTensor(loc, "zeros"),
      builder.getI32TensorAttr(SmallVector<int32_t>(sums->size(), 0)));

  epilogue.stages.push_back(kernel::SubProductAttr::get(context));
  epilogue.operands.push_back(parameters.zeroPoint);
  epilogue.operands.push_back(createConstant(builder, nameTensor(loc, "sums"),
                                             builder.getI32TensorAttr(*sums)));
  epilogue.stages.push_back(kernel::DequantizeAttr::get(
      context, getF32Attr(builder, 1.0), /*zero_point=*/0));
  epilogue.stages.push_back(kernel::MulF32Attr::get(context));
  epilogue.operands.push_back(parameters.scale);
  scaleAndAdd(op, scales, bias, epilogue, builder);
  return success();
}

//===----------------------------------------------------------------------===//
// Either
//===----------------------------------------------------------------------===//

LogicalResult nn_to_kernel::prepareStoredWeights(LinearOpInterface op,
                                                 LinearOperands &operands,
                                                 Epilogue &epilogue,
                                                 OpBuilder &builder) {
  Type type = op.getWeightOperand().get().getType();
  quant::QuantizedType weight = nn::getQuantizedElementType(type);
  if (!weight)
    return success();
  std::optional<nn::WeightScales> scales = nn::WeightScales::get(type);
  if (!scales)
    return op->emitOpError("has weights of ")
           << type << ", whose parameters are not known";
  if (op.hasDynamicInput())
    return quantizeInput(op, *scales, operands, epilogue, builder);

  // A zero point would need a fifth bit.
  bool isConv = !isa<nn::DepthwiseConv2DOp>(op.getOperation());
  if (isConv && weight.isSigned() &&
      weight.getStorageTypeIntegralWidth() <= 4 &&
      llvm::all_of(scales->getZeroPoints(), [](int64_t z) { return z == 0; }))
    operands.filterBits = 4;
  if (isa<quant::UniformQuantizedSubChannelType>(weight)) {
    std::optional<nn::WeightGroups> groups = nn::getWeightGroups(op);
    if (!groups)
      return op->emitOpError("has weights in blocks for which there is no "
                             "kernel: ")
             << type;
    auto factors = llvm::map_to_vector(scales->getScales(), [](double scale) {
      return static_cast<float>(scale);
    });
    operands.groupSize = groups->size;
    operands.filterScales =
        createFloats(builder, nameTensor(op.getLoc(), "scales"),
                     {getNumChannels(op), groups->count}, factors);
    return success();
  }
  scaleAndAdd(op, *scales, operands.bias, epilogue, builder);
  operands.bias = {};
  return success();
}
