//===- Arithmetic.cpp - ADD, SUB, MUL -------------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Element-wise arithmetic on two tensors, with a fused activation.
//
//===----------------------------------------------------------------------===//

#include "Registry.h"

#include "qopt/Dialect/NN/IR/NN.h"
#include "qopt/Dialect/Quant/IR/QuantTypes.h"

#include <cmath>

using namespace qopt;
using namespace qopt::tflite;
using mlir::failure;
using mlir::LogicalResult;

/// Whether the kernel takes a scale for a power of two: it compares the
/// logarithm in float32 with a tolerance.
static bool isPowerOfTwo(double scale) {
  float log2 = std::log(float(scale)) * (1.0f / std::log(2.0f));
  return std::abs(log2 - std::round(log2)) < 1e-3f;
}

/// ADD and SUB of 16-bit tensors have a kernel of their own where all scales
/// are powers of two and the options allow it.
static bool usesPowerOfTwoKernel(bool isAllowed, mlir::ValueRange operands,
                                 mlir::RankedTensorType result) {
  if (!isAllowed)
    return false;
  auto qualifies = [](mlir::Type type) {
    auto quantized = mlir::dyn_cast<quant::UniformQuantizedType>(
        mlir::getElementTypeOrSelf(type));
    return quantized && quantized.getStorageTypeIntegralWidth() == 16 &&
           isPowerOfTwo(quantized.getScale());
  };
  return qualifies(result) && llvm::all_of(operands.getTypes(), qualifies);
}

namespace {
struct BinaryOperands {
  mlir::Value lhs, rhs;
  mlir::RankedTensorType resultType;
  nn::Activation activation = nn::Activation::None;
};
} // namespace

template <typename Options>
static mlir::FailureOr<BinaryOperands> getOperands(OperatorImporter &op,
                                                   const Options *options) {
  if (failed(op.expectOperands(2, 2)))
    return failure();
  auto lhs = op.getInput(0, "left operand");
  if (failed(lhs))
    return failure();
  auto rhs = op.getInput(1, "right operand");
  auto result = op.getOutputType();
  if (failed(rhs) || failed(result))
    return failure();
  BinaryOperands operands{*lhs, *rhs, *result};
  if (options) {
    auto activation = op.getActivation(options->fused_activation_function());
    if (failed(activation))
      return failure();
    operands.activation = *activation;
  }
  return operands;
}

template <typename Op, typename Options>
static LogicalResult importSum(OperatorImporter &op) {
  const auto *options = op.getOptionsOrNull<Options>();
  auto operands = getOperands(op, options);
  if (failed(operands))
    return failure();
  bool usesPowerOfTwo = usesPowerOfTwoKernel(
      options && options->pot_scale_int16(), {operands->lhs, operands->rhs},
      operands->resultType);
  return op.setOutput(Op::create(
      op.builder, op.loc, operands->resultType, operands->lhs, operands->rhs,
      operands->activation, quant::RoundingMode::Double, usesPowerOfTwo));
}

static LogicalResult importMul(OperatorImporter &op) {
  auto operands = getOperands(op, op.getOptionsOrNull<schema::MulOptions>());
  if (failed(operands))
    return failure();
  return op.setOutput(nn::MulOp::create(op.builder, op.loc,
                                        operands->resultType, operands->lhs,
                                        operands->rhs, operands->activation));
}

void tflite::populateArithmetic(Registry &registry) {
  registry[schema::BuiltinOperator::ADD] =
      importSum<nn::AddOp, schema::AddOptions>;
  registry[schema::BuiltinOperator::SUB] =
      importSum<nn::SubOp, schema::SubOptions>;
  registry[schema::BuiltinOperator::MUL] = importMul;
}
