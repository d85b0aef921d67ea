//===- Reshapes.cpp - RESHAPE, SQUEEZE, EXPAND_DIMS -----------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The same elements in the shape that the file gives the result. What the
// operator itself says about that shape must agree with it.
//
//===----------------------------------------------------------------------===//

#include "Registry.h"
#include "SameParameters.h"

#include "qopt/Dialect/NN/IR/NN.h"

using namespace qopt;
using namespace qopt::tflite;
using mlir::failure;
using mlir::LogicalResult;
using mlir::success;

static LogicalResult setReshaped(OperatorImporter &op, mlir::Value input,
                                 mlir::RankedTensorType result) {
  return setMovedOutput(
      op, nn::ReshapeOp::create(op.builder, op.loc, result, input));
}

/// The shape is an input; files of the first version have it in the options.
/// -1 stands for what is left.
static LogicalResult checkShape(OperatorImporter &op,
                                llvm::ArrayRef<int64_t> wanted,
                                mlir::RankedTensorType result) {
  bool agrees = wanted.size() == size_t(result.getRank());
  for (auto [want, have] : llvm::zip(wanted, result.getShape()))
    agrees &= want == have || want == -1;
  if (agrees)
    return success();
  auto diagnostic = op.error();
  diagnostic << "expected a result of shape [";
  llvm::interleaveComma(wanted, diagnostic);
  return diagnostic << "], found " << result;
}

static LogicalResult importReshape(OperatorImporter &op) {
  if (failed(op.expectOperands(1, 2)))
    return failure();
  auto input = op.getInput(0, "input");
  if (failed(input))
    return failure();
  auto result = getMovedType(op, *input, /*isReinterpreting=*/true);
  if (failed(result))
    return failure();
  llvm::SmallVector<int64_t> wanted;
  if (op.hasInput(1)) {
    auto shape = op.getIntegers(1, "shape");
    if (failed(shape))
      return failure();
    wanted = *shape;
  } else if (const auto *options =
                 op.getOptionsOrNull<schema::ReshapeOptions>()) {
    auto shape = toArray(options->new_shape());
    wanted.assign(shape.begin(), shape.end());
  }
  // A shape of one 0 is how old files write a scalar.
  bool isScalar = result->getRank() == 0 && wanted.size() == 1;
  if (!isScalar && failed(checkShape(op, wanted, *result)))
    return failure();
  return setReshaped(op, *input, *result);
}

/// SQUEEZE and EXPAND_DIMS: only dimensions of 1 come or go.
static LogicalResult importOnes(OperatorImporter &op) {
  if (failed(op.expectOperands(1, 2)))
    return failure();
  auto input = op.getInput(0, "input");
  if (failed(input))
    return failure();
  auto result = getMovedType(op, *input, /*isReinterpreting=*/true);
  if (failed(result))
    return failure();
  auto withoutOnes = [](mlir::Type type) {
    return llvm::filter_to_vector(
        mlir::cast<mlir::RankedTensorType>(type).getShape(),
        [](int64_t size) { return size != 1; });
  };
  if (withoutOnes(input->getType()) != withoutOnes(*result))
    return op.error() << "expected shapes that differ in dimensions of 1 only, "
                         "found "
                      << input->getType() << " and " << *result;
  return setReshaped(op, *input, *result);
}

void tflite::populateReshapes(Registry &registry) {
  registry[schema::BuiltinOperator::RESHAPE] = importReshape;
  registry[schema::BuiltinOperator::SQUEEZE] = importOnes;
  registry[schema::BuiltinOperator::EXPAND_DIMS] = importOnes;
}
