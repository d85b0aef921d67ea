//===- LinearOperands.cpp - Input, weights and bias -----------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The reference kernels, and the numerics that they fix:
//
// | activations | weights      | kernel                     | rounding        |
// |-------------|--------------|----------------------------|-----------------|
// | FLOAT32     | FLOAT32      | all                        | -               |
// | UINT8       | UINT8        | all, per tensor            | double, product |
// |             |              |                            | of scales in f32|
// | INT8        | INT8, INT4   | convolution, depthwise     | double          |
// | INT8        | INT8, INT4   | fully connected            | real            |
// | INT16       | INT8, INT4   | convolution, depthwise with| wide            |
// |             |              | 64-bit accumulator         |                 |
// | INT16       | INT8, INT4   | convolution, 32-bit        | double          |
// | INT16       | INT8, INT4   | fully connected            | real            |
//
// Fully connected with signed activations multiplies by the real quotient of
// the scales in double precision and rounds once, ties away from zero.
// The signed kernels take the zero points of weights for 0, except fully
// connected per tensor.
//
//===----------------------------------------------------------------------===//

#include "LinearOperands.h"

#include "qopt/Dialect/Quant/IR/QuantTypes.h"

using namespace qopt;
using namespace qopt::tflite;
using mlir::failure;
using mlir::FailureOr;
using mlir::LogicalResult;
using mlir::success;
using Type = schema::TensorType;

namespace {
/// Which inputs of the operator they are. Weights always are input 1.
struct Positions {
  unsigned input = 0, bias = 2;
  explicit Positions(LinearKind kind) {
    // Input 0 of a transposed convolution is the result's shape.
    if (kind == LinearKind::Transposed) {
      input = 2;
      bias = 3;
    }
  }
};
} // namespace

static LogicalResult checkWeightType(OperatorImporter &op, Positions at) {
  Type input = op.getInputType(at.input), filter = op.getInputType(1);
  bool isSignedFilter = filter == Type::INT8 || filter == Type::INT4;
  if (input == Type::FLOAT32 && filter == Type::FLOAT32)
    return success();
  if (input == Type::UINT8 && filter == Type::UINT8)
    return success();
  if ((input == Type::INT8 || input == Type::INT16) && isSignedFilter)
    return success();
  auto diagnostic = op.error();
  diagnostic << typeName(input) << " activations with " << typeName(filter)
             << " weights are not supported";
  if (input == Type::FLOAT32)
    diagnostic << " (dynamic-range quantization); convert the model with full "
                  "integer quantization, or to float";
  return diagnostic;
}

static LogicalResult checkBiasType(OperatorImporter &op, LinearKind kind) {
  Positions at(kind);
  Type input = op.getInputType(at.input), bias = op.getInputType(at.bias);
  auto expect = [&](bool isRight, llvm::StringRef expected) -> LogicalResult {
    if (isRight)
      return success();
    return op.error() << "the bias " << op.describeInput(at.bias) << " is "
                      << typeName(bias) << ", expected " << expected << " with "
                      << typeName(input) << " activations";
  };
  if (input == Type::FLOAT32)
    return expect(bias == Type::FLOAT32, "FLOAT32");
  if (input != Type::INT16)
    return expect(bias == Type::INT32, "INT32");
  if (kind == LinearKind::Depthwise)
    return expect(bias == Type::INT64, "INT64");
  return expect(bias == Type::INT32 || bias == Type::INT64, "INT32 or INT64");
}

/// What the kernels assume of the weights' parameters and do not look at.
static LogicalResult checkWeightParameters(OperatorImporter &op,
                                           LinearKind kind, mlir::Type filter) {
  auto perAxis = mlir::dyn_cast<quant::UniformQuantizedPerAxisType>(filter);
  if (perAxis && !perAxis.isSigned())
    return op.error() << "UINT8 weights with a scale per channel are not "
                         "supported, expected one scale";
  llvm::SmallVector<int64_t> zeroPoints;
  if (perAxis)
    zeroPoints.assign(perAxis.getZeroPoints().begin(),
                      perAxis.getZeroPoints().end());
  else if (auto perTensor = mlir::dyn_cast<quant::UniformQuantizedType>(filter))
    if (perTensor.isSigned() && kind != LinearKind::FullyConnected)
      zeroPoints.push_back(perTensor.getZeroPoint());
  for (auto [channel, zeroPoint] : llvm::enumerate(zeroPoints))
    if (zeroPoint != 0)
      return op.error() << "the weights " << op.describeInput(1)
                        << " have zero point " << zeroPoint << " in channel "
                        << channel << ", expected 0";
  return success();
}

FailureOr<LinearOperands>
tflite::getLinearOperands(OperatorImporter &op, LinearKind kind,
                          schema::TensorType biasType) {
  // Fully connected layers of old files may have the bias left out.
  Positions at(kind);
  if (failed(op.expectOperands(at.bias, at.bias + 1)))
    return failure();
  auto input = op.getInput(at.input, "input");
  if (failed(input))
    return failure();
  auto filter = op.getInput(1, "weights");
  if (failed(filter) || failed(checkWeightType(op, at)))
    return failure();
  auto bias = op.getOptionalInput(at.bias, "bias");
  if (failed(bias) || (*bias && failed(checkBiasType(op, kind))))
    return failure();
  auto result = op.getOutputType();
  if (failed(result))
    return failure();

  LinearOperands operands;
  operands.input = *input;
  operands.filter = *filter;
  operands.bias = *bias;
  operands.inputType = mlir::cast<mlir::RankedTensorType>(input->getType());
  operands.filterType = mlir::cast<mlir::RankedTensorType>(filter->getType());
  operands.resultType = *result;
  if (failed(checkWeightParameters(op, kind,
                                   operands.filterType.getElementType())))
    return failure();

  Type activations = op.getInputType(at.input);
  operands.f32ScaleProduct = activations == Type::UINT8;
  if (kind == LinearKind::FullyConnected) {
    if (activations == Type::INT8 || activations == Type::INT16)
      operands.rounding = quant::RoundingMode::Real;
  } else if (activations == Type::INT16) {
    bool isNarrow = op.hasInput(at.bias)
                        ? op.getInputType(at.bias) == Type::INT32
                        : biasType == Type::INT32;
    if (!isNarrow)
      operands.rounding = quant::RoundingMode::Wide;
  }
  return operands;
}
