//===- Arithmetic.cpp - Add, Sub, Mul, Div, Sum ---------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Element-wise arithmetic with numpy's broadcasting.
//
//===----------------------------------------------------------------------===//

#include "Registry.h"

#include "mlir/Dialect/Traits.h"

#include <cmath>

using namespace qopt;
using namespace qopt::onnx_import;
using mlir::failure;
using mlir::FailureOr;
using mlir::LogicalResult;

template <typename Op>
static FailureOr<mlir::Value> makeBinary(NodeImporter &op, mlir::Value lhs,
                                         mlir::Value rhs) {
  llvm::SmallVector<int64_t> shape;
  if (!mlir::OpTrait::util::getBroadcastedShape(getType(lhs).getShape(),
                                                getType(rhs).getShape(), shape))
    return op.error() << "operands " << lhs.getType() << " and "
                      << rhs.getType() << " do not broadcast";
  return mlir::Value(
      Op::create(op.builder, op.loc, getType(lhs).clone(shape), lhs, rhs));
}

template <typename Op>
static LogicalResult importBinary(NodeImporter &op) {
  if (failed(op.expectInputs(2, 2)) || failed(op.expectOneOutput()))
    return failure();
  auto lhs = op.getInput(0, "left operand");
  auto rhs = op.getInput(1, "right operand");
  if (failed(lhs) || failed(rhs))
    return failure();
  auto result = makeBinary<Op>(op, *lhs, *rhs);
  return failed(result) ? failure() : op.setOutput(*result);
}

/// Division by constants is a multiplication.
static LogicalResult importDiv(NodeImporter &op) {
  if (failed(op.expectInputs(2, 2)) || failed(op.expectOneOutput()))
    return failure();
  auto lhs = op.getInput(0, "dividend");
  auto divisor = op.getConstant(1, "divisor");
  if (failed(lhs) || failed(divisor))
    return failure();
  if (!divisor->getElementType().isF32())
    return op.error() << "expected a divisor of f32, found "
                      << divisor->getType();
  for (const llvm::APFloat &value : divisor->getValues<llvm::APFloat>())
    if (value.isZero() || !value.isFinite())
      return op.error() << "the divisor holds " << value.convertToFloat()
                        << ", expected finite numbers other than 0";
  auto reciprocals = divisor->mapValues(
      op.builder.getF32Type(), [](const llvm::APFloat &value) {
        return llvm::APFloat(1.0f / value.convertToFloat()).bitcastToAPInt();
      });
  auto result = makeBinary<nn::MulOp>(op, *lhs, op.makeConstant(reciprocals));
  return failed(result) ? failure() : op.setOutput(*result);
}

static LogicalResult importNeg(NodeImporter &op) {
  if (failed(op.expectInputs(1, 1)) || failed(op.expectOneOutput()))
    return failure();
  auto input = op.getInput(0, "input");
  if (failed(input))
    return failure();
  auto result = makeBinary<nn::MulOp>(op, *input, op.makeReal(-1));
  return failed(result) ? failure() : op.setOutput(*result);
}

static LogicalResult importSum(NodeImporter &op) {
  if (failed(op.expectInputs(1, 1024)) || failed(op.expectOneOutput()))
    return failure();
  auto sum = op.getInput(0, "first operand");
  for (unsigned i = 1; i < op.getNumInputs() && succeeded(sum); ++i) {
    auto next = op.getInput(i, "operand " + std::to_string(i));
    if (failed(next))
      return failure();
    sum = makeBinary<nn::AddOp>(op, *sum, *next);
  }
  return failed(sum) ? failure() : op.setOutput(*sum);
}

void onnx_import::populateArithmetic(Registry &registry) {
  registry["Add"] = importBinary<nn::AddOp>;
  registry["Sub"] = importBinary<nn::SubOp>;
  registry["Mul"] = importBinary<nn::MulOp>;
  registry["Div"] = importDiv;
  registry["Neg"] = importNeg;
  registry["Sum"] = importSum;
}
