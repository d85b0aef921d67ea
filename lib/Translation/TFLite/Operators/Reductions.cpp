//===- Reductions.cpp - MEAN, ARG_MAX -------------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reductions along constant axes, which the file may count from the back.
//
//===----------------------------------------------------------------------===//

#include "Registry.h"

#include "qopt/Dialect/NN/IR/NN.h"

using namespace qopt;
using namespace qopt::tflite;
using mlir::failure;
using mlir::LogicalResult;

static int64_t getRank(mlir::Value value) {
  return mlir::cast<mlir::RankedTensorType>(value.getType()).getRank();
}

static LogicalResult importMean(OperatorImporter &op) {
  if (failed(op.expectOperands(2, 2)))
    return failure();
  auto input = op.getInput(0, "input");
  if (failed(input))
    return failure();
  auto numbers = op.getIntegers(1, "axes");
  auto result = op.getOutputType();
  if (failed(numbers) || failed(result))
    return failure();
  llvm::SmallVector<int64_t> axes;
  for (int64_t number : *numbers) {
    auto axis = op.normalizeAxis(number, getRank(*input));
    if (failed(axis))
      return failure();
    axes.push_back(*axis);
  }
  // An axis named twice is reduced once.
  llvm::sort(axes);
  axes.erase(llvm::unique(axes), axes.end());
  const auto *options = op.getOptionsOrNull<schema::ReducerOptions>();
  return op.setOutput(nn::MeanOp::create(op.builder, op.loc, *result, *input,
                                         axes,
                                         options && options->keep_dims()));
}

static LogicalResult importArgMax(OperatorImporter &op) {
  if (failed(op.expectOperands(2, 2)))
    return failure();
  auto input = op.getInput(0, "input");
  if (failed(input))
    return failure();
  auto numbers = op.getIntegers(1, "axis");
  auto result = op.getOutputType();
  if (failed(numbers) || failed(result))
    return failure();
  if (numbers->size() != 1)
    return op.error() << "expected one axis, found " << numbers->size();
  auto axis = op.normalizeAxis(numbers->front(), getRank(*input));
  if (failed(axis))
    return failure();
  return op.setOutput(
      nn::ArgMaxOp::create(op.builder, op.loc, *result, *input, *axis));
}

void tflite::populateReductions(Registry &registry) {
  registry[schema::BuiltinOperator::MEAN] = importMean;
  registry[schema::BuiltinOperator::ARG_MAX] = importArgMax;
}
