//===- ExportedLinear.cpp - Input, weights and bias -----------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Types decide which kernel runs, and the kernel decides how it rounds: the
// table of LinearOperands.cpp read backwards. An op that rounds otherwise has
// no counterpart.
//
//===----------------------------------------------------------------------===//

#include "ExportedLinear.h"

#include "ExportedTypes.h"

using namespace qopt;
using namespace qopt::tflite;
using mlir::failure;
using mlir::FailureOr;
using mlir::LogicalResult;
using mlir::success;
using quant::RoundingMode;
using Type = schema::TensorType;

namespace {
/// A linear op's types, and the numerics that it asks for.
class Checker {
public:
  Checker(OperatorExporter &op, mlir::Value filter, mlir::Value bias,
          RoundingMode rounding, bool f32ScaleProduct)
      : op(op), filter(filter), bias(bias), rounding(rounding),
        f32ScaleProduct(f32ScaleProduct) {}

  LogicalResult check();
  /// The accumulator's type for the options.
  Type getBiasType() const;

  /// Whether the runtime wants a bias, and which.
  bool needsBias() const { return mlir::isa<nn::Conv2DOp>(op.op); }
  Type getZeroBiasType() const {
    if (*activations == Type::FLOAT32)
      return Type::FLOAT32;
    return *activations == Type::INT16 && rounding == RoundingMode::Wide
               ? Type::INT64
               : Type::INT32;
  }
  int64_t getNumChannels() const {
    auto result = op.op->getResult(0).getType();
    return mlir::cast<mlir::RankedTensorType>(result).getShape().back();
  }

private:
  bool isFullyConnected() const {
    return mlir::isa<nn::FullyConnectedOp>(op.op);
  }
  mlir::Type getInputType() const { return op.op->getOperand(0).getType(); }
  bool hasWideBias() const {
    return bias && mlir::getElementTypeOrSelf(bias.getType()).isInteger(64);
  }
  LogicalResult checkTypes();
  LogicalResult checkZeroPoints();
  LogicalResult checkBias();
  LogicalResult checkRounding();

  OperatorExporter &op;
  mlir::Value filter, bias;
  RoundingMode rounding;
  bool f32ScaleProduct;
  std::optional<Type> activations;
};
} // namespace

LogicalResult Checker::checkTypes() {
  mlir::Type result = op.op->getResult(0).getType();
  if (nn::isAccumulator(result))
    return op.error() << "the result is an accumulator (" << result
                      << "); export before phase 'integer'";
  activations = getStorageType(getInputType());
  auto weights = getStorageType(filter.getType());
  bool isKnown = activations && weights &&
                 activations == getStorageType(result) &&
                 (*activations == Type::FLOAT32 ? *weights == Type::FLOAT32
                  : *activations == Type::UINT8 ? *weights == Type::UINT8
                  : *activations == Type::INT8 || *activations == Type::INT16
                      ? *weights == Type::INT8 || *weights == Type::INT4
                      : false);
  if (!isKnown)
    return op.error() << "no kernel takes " << getInputType() << " and "
                      << filter.getType() << " to " << result;
  return success();
}

/// The signed kernels take the weights' zero points for 0, except fully
/// connected per tensor; no kernel has unsigned weights per channel.
LogicalResult Checker::checkZeroPoints() {
  mlir::Type type = mlir::getElementTypeOrSelf(filter.getType());
  if (auto perAxis = mlir::dyn_cast<quant::UniformQuantizedPerAxisType>(type)) {
    if (!perAxis.isSigned())
      return op.error() << "no kernel takes unsigned weights with a scale per "
                           "channel";
    for (auto [channel, zeroPoint] : llvm::enumerate(perAxis.getZeroPoints()))
      if (zeroPoint != 0)
        return op.error() << "the weights have zero point " << zeroPoint
                          << " in channel " << channel << ", expected 0";
  }
  auto perTensor = mlir::dyn_cast<quant::UniformQuantizedType>(type);
  if (perTensor && perTensor.isSigned() && !isFullyConnected() &&
      perTensor.getZeroPoint() != 0)
    return op.error() << "the weights have zero point "
                      << perTensor.getZeroPoint() << ", expected 0";
  return success();
}

LogicalResult Checker::checkBias() {
  if (!bias)
    return success();
  mlir::Type element = mlir::getElementTypeOrSelf(bias.getType());
  if (auto quantized = mlir::dyn_cast<quant::QuantizedType>(element))
    element = quantized.getStorageType();
  bool isRight = *activations == Type::FLOAT32 ? element.isF32()
                 : *activations != Type::INT16 ? element.isInteger(32)
                 : mlir::isa<nn::DepthwiseConv2DOp>(op.op)
                     ? element.isInteger(64)
                     : element.isInteger(32) || element.isInteger(64);
  if (isRight)
    return success();
  return op.error() << "no kernel takes a bias of type " << bias.getType()
                    << " with an input of type " << getInputType();
}

LogicalResult Checker::checkRounding() {
  if (*activations == Type::FLOAT32)
    return success();
  bool isUnsigned = *activations == Type::UINT8;
  if (f32ScaleProduct != isUnsigned)
    return op.error() << (isUnsigned
                              ? "the kernel rounds the product of the "
                                "scales to float32, the op does not"
                              : "the op rounds the product of the "
                                "scales to float32, the kernel does not");
  // Without a bias the options decide between `wide` and `double`, except in
  // depthwise convolutions.
  RoundingMode expected = RoundingMode::Double;
  if (isFullyConnected())
    expected = isUnsigned ? RoundingMode::Double : RoundingMode::Real;
  else if (*activations == Type::INT16) {
    bool canChoose = !bias && mlir::isa<nn::Conv2DOp>(op.op);
    if (canChoose && rounding == RoundingMode::Double)
      return success();
    if (!bias || hasWideBias())
      expected = RoundingMode::Wide;
  }
  if (rounding == expected)
    return success();
  return op.error() << "rounding '" << quant::stringifyRoundingMode(rounding)
                    << "' is not the kernel's, expected '"
                    << quant::stringifyRoundingMode(expected) << "'";
}

LogicalResult Checker::check() {
  if (failed(checkTypes()) || failed(checkZeroPoints()) || failed(checkBias()))
    return failure();
  return checkRounding();
}

Type Checker::getBiasType() const {
  // Unset means INT64.
  if (*activations != Type::INT16 || hasWideBias())
    return Type::FLOAT32;
  if (bias ||
      (mlir::isa<nn::Conv2DOp>(op.op) && rounding == RoundingMode::Double))
    return Type::INT32;
  return Type::FLOAT32;
}

/// S_input * S_filter per channel, in float32: the scale of a bias that is
/// plain integers in IR.
static TensorParameters getBiasParameters(mlir::Type input, mlir::Type filter) {
  auto quantized = mlir::dyn_cast<quant::UniformQuantizedType>(
      mlir::getElementTypeOrSelf(input));
  if (!quantized)
    return {};
  TensorParameters parameters;
  auto add = [&](double scale) {
    parameters.scales.push_back(float(quantized.getScale() * scale));
    parameters.zeroPoints.push_back(0);
  };
  mlir::Type element = mlir::getElementTypeOrSelf(filter);
  if (auto perTensor = mlir::dyn_cast<quant::UniformQuantizedType>(element))
    add(perTensor.getScale());
  else if (auto perAxis =
               mlir::dyn_cast<quant::UniformQuantizedPerAxisType>(element))
    for (double scale : perAxis.getScales())
      add(scale);
  if (llvm::is_contained(parameters.scales, 0.0f))
    return {};
  return parameters;
}

FailureOr<ExportedLinear>
tflite::exportLinear(OperatorExporter &op, mlir::Value filter, mlir::Value bias,
                     RoundingMode rounding, bool f32ScaleProduct) {
  Checker checker(op, filter, bias, rounding, f32ScaleProduct);
  if (failed(checker.check()))
    return failure();
  auto filterTensor = op.getInput(filter);
  if (failed(filterTensor))
    return failure();
  ExportedLinear result{*filterTensor, -1, *getStorageType(filter.getType()),
                        checker.getBiasType()};
  mlir::Type input = op.op->getOperand(0).getType();
  if (!bias) {
    // The runtime refuses CONV_2D without a bias.
    if (checker.needsBias())
      result.bias = op.tensors.addZeros(
          checker.getZeroBiasType(), checker.getNumChannels(),
          getBiasParameters(input, filter.getType()), op.nameOf("bias"));
    return result;
  }
  // Kernels that have one scale for all channels look at the bias's, too.
  mlir::Type biasElement = mlir::getElementTypeOrSelf(bias.getType());
  bool isPerTensor = mlir::isa<quant::UniformQuantizedType>(
      mlir::getElementTypeOrSelf(filter.getType()));
  bool needsScale =
      biasElement.isInteger(64) || (biasElement.isInteger(32) && isPerTensor);
  auto biasTensor =
      needsScale ? op.tensors.addConstant(
                       bias, getBiasParameters(input, filter.getType()), op.op)
                 : op.getInput(bias);
  if (failed(biasTensor))
    return failure();
  result.bias = *biasTensor;
  return result;
}
