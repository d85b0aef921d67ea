//===- Movement.cpp - CONCATENATION, TRANSPOSE, RESIZE_BILINEAR -----------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Operators that put the elements of their inputs into another tensor.
//
//===----------------------------------------------------------------------===//

#include "Registry.h"
#include "SameParameters.h"

#include "qopt/Dialect/NN/IR/NN.h"

using namespace qopt;
using namespace qopt::tflite;
using mlir::failure;
using mlir::LogicalResult;

static LogicalResult importConcatenation(OperatorImporter &op) {
  if (op.getNumInputs() == 0 || op.getNumOutputs() != 1)
    return op.error() << "expected at least one input and one output, found "
                      << op.getNumInputs() << " and " << op.getNumOutputs();
  auto options = op.getOptions<schema::ConcatenationOptions>();
  if (failed(options))
    return failure();
  auto result = op.getOutputType();
  if (failed(result))
    return failure();
  auto axis = op.normalizeAxis((*options)->axis(), result->getRank());
  auto activation = op.getActivation((*options)->fused_activation_function());
  if (failed(axis) || failed(activation))
    return failure();
  if (*activation != nn::Activation::None)
    return op.error() << "a fused activation is not supported, expected NONE";
  llvm::SmallVector<mlir::Value> inputs;
  for (unsigned i = 0, e = op.getNumInputs(); i != e; ++i) {
    auto input = op.getInput(i, "input " + std::to_string(i));
    if (failed(input))
      return failure();
    inputs.push_back(*input);
  }
  return op.setOutput(
      nn::ConcatOp::create(op.builder, op.loc, *result, inputs, *axis));
}

static LogicalResult importTranspose(OperatorImporter &op) {
  if (failed(op.expectOperands(2, 2)))
    return failure();
  auto input = op.getInput(0, "input");
  if (failed(input))
    return failure();
  auto permutation = op.getIntegers(1, "permutation");
  auto result = getMovedType(op, *input);
  if (failed(permutation) || failed(result))
    return failure();
  auto shape = mlir::cast<mlir::RankedTensorType>(input->getType()).getShape();
  llvm::SmallVector<bool> isTaken(shape.size(), false);
  llvm::SmallVector<int64_t> expected;
  for (int64_t &axis : *permutation) {
    if (axis < 0)
      axis += int64_t(shape.size());
    if (axis < 0 || axis >= int64_t(shape.size()) || isTaken[axis])
      break;
    isTaken[axis] = true;
    expected.push_back(shape[axis]);
  }
  if (expected.size() != shape.size() || permutation->size() != shape.size())
    return op.error() << "expected a permutation of " << shape.size()
                      << " dimensions, found [" << *permutation << "]";
  if (result->getShape() != llvm::ArrayRef<int64_t>(expected))
    return op.error() << "expected an output of shape [" << expected
                      << "], found " << *result;
  return setMovedOutput(op, nn::TransposeOp::create(op.builder, op.loc, *result,
                                                    *input, *permutation));
}

static LogicalResult importResizeBilinear(OperatorImporter &op) {
  if (failed(op.expectOperands(2, 2)))
    return failure();
  auto input = op.getInput(0, "input");
  if (failed(input))
    return failure();
  auto size = op.getIntegers(1, "size");
  auto result = getMovedType(op, *input);
  if (failed(size) || failed(result))
    return failure();
  if (size->size() != 2)
    return op.error()
           << "expected a size of two numbers (height, width), found "
           << size->size();
  if (result->getRank() != 4 || result->getDimSize(1) != (*size)[0] ||
      result->getDimSize(2) != (*size)[1])
    return op.error() << "expected an output of " << (*size)[0] << " x "
                      << (*size)[1] << ", found " << *result;
  const auto *options = op.getOptionsOrNull<schema::ResizeBilinearOptions>();
  return setMovedOutput(op, nn::ResizeBilinearOp::create(
                                op.builder, op.loc, *result, *input,
                                options && options->align_corners(),
                                options && options->half_pixel_centers()));
}

void tflite::populateMovement(Registry &registry) {
  registry[schema::BuiltinOperator::CONCATENATION] = importConcatenation;
  registry[schema::BuiltinOperator::TRANSPOSE] = importTranspose;
  registry[schema::BuiltinOperator::RESIZE_BILINEAR] = importResizeBilinear;
}
