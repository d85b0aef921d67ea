//===- Activations.cpp - RELU and its kin, LOGISTIC, TANH, SOFTMAX, … -----===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Functions of one tensor.
//
//===----------------------------------------------------------------------===//

#include "Registry.h"

#include "qopt/Dialect/NN/IR/NN.h"

#include <cmath>

using namespace qopt;
using namespace qopt::tflite;
using mlir::failure;
using mlir::LogicalResult;

namespace {
struct UnaryOperands {
  mlir::Value input;
  mlir::RankedTensorType resultType;
};
} // namespace

static mlir::FailureOr<UnaryOperands> getOperands(OperatorImporter &op) {
  if (failed(op.expectOperands(1, 1)))
    return failure();
  auto input = op.getInput(0, "input");
  auto result = op.getOutputType();
  if (failed(input) || failed(result))
    return failure();
  return UnaryOperands{*input, *result};
}

template <typename Op>
static LogicalResult importUnary(OperatorImporter &op) {
  auto operands = getOperands(op);
  if (failed(operands))
    return failure();
  return op.setOutput(
      Op::create(op.builder, op.loc, operands->resultType, operands->input));
}

static LogicalResult importReluN1To1(OperatorImporter &op) {
  auto operands = getOperands(op);
  if (failed(operands))
    return failure();
  return op.setOutput(nn::ClipOp::create(
      op.builder, op.loc, operands->resultType, operands->input,
      llvm::APFloat(-1.0), llvm::APFloat(1.0)));
}

static LogicalResult importSoftmax(OperatorImporter &op) {
  auto options = op.getOptions<schema::SoftmaxOptions>();
  if (failed(options))
    return failure();
  auto operands = getOperands(op);
  if (failed(operands))
    return failure();
  double beta = (*options)->beta();
  if (!std::isfinite(beta) || beta <= 0)
    return op.error() << "beta is " << std::to_string(beta)
                      << ", expected a positive finite number";
  return op.setOutput(
      nn::SoftmaxOp::create(op.builder, op.loc, operands->resultType,
                            operands->input, llvm::APFloat(beta)));
}

static LogicalResult importLeakyRelu(OperatorImporter &op) {
  auto options = op.getOptions<schema::LeakyReluOptions>();
  if (failed(options))
    return failure();
  auto operands = getOperands(op);
  if (failed(operands))
    return failure();
  double alpha = (*options)->alpha();
  if (!std::isfinite(alpha))
    return op.error() << "alpha is " << std::to_string(alpha)
                      << ", expected a finite number";
  return op.setOutput(
      nn::LeakyReluOp::create(op.builder, op.loc, operands->resultType,
                              operands->input, llvm::APFloat(alpha)));
}

void tflite::populateActivations(Registry &registry) {
  registry[schema::BuiltinOperator::RELU] = importUnary<nn::ReluOp>;
  registry[schema::BuiltinOperator::RELU6] = importUnary<nn::Relu6Op>;
  registry[schema::BuiltinOperator::RELU_N1_TO_1] = importReluN1To1;
  registry[schema::BuiltinOperator::LOGISTIC] = importUnary<nn::LogisticOp>;
  registry[schema::BuiltinOperator::TANH] = importUnary<nn::TanhOp>;
  registry[schema::BuiltinOperator::HARD_SWISH] = importUnary<nn::HardSwishOp>;
  registry[schema::BuiltinOperator::LEAKY_RELU] = importLeakyRelu;
  registry[schema::BuiltinOperator::SOFTMAX] = importSoftmax;
}
