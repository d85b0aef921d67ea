//===- Movement.cpp - CONCATENATION, TRANSPOSE, RESIZE_*, TILE ------------===//
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
#include "qopt/Dialect/NN/IR/Repetition.h"

#include <cmath>

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

/// The element that the kernel takes for position `i`, in its own float32.
static int64_t getNearest(int64_t i, int64_t from, int64_t to,
                          bool isHalfPixel) {
  float scale = static_cast<float>(from) / static_cast<float>(to);
  float position =
      (static_cast<float>(i) + (isHalfPixel ? 0.5f : 0.0f)) * scale;
  return std::min(static_cast<int64_t>(std::floor(position)), from - 1);
}

/// Images that are a whole number of times as large: copies of each pixel.
static LogicalResult importResizeNearest(OperatorImporter &op) {
  if (failed(op.expectOperands(2, 2)))
    return failure();
  auto input = op.getInput(0, "input");
  auto size = op.getIntegers(1, "size");
  if (failed(input) || failed(size))
    return failure();
  auto result = getMovedType(op, *input);
  if (failed(result))
    return failure();
  auto from = mlir::cast<mlir::RankedTensorType>(input->getType());
  if (from.getRank() != 4 || size->size() != 2 || result->getRank() != 4 ||
      result->getShape() !=
          llvm::ArrayRef<int64_t>(
              {from.getDimSize(0), (*size)[0], (*size)[1], from.getDimSize(3)}))
    return op.error()
           << "expected an image and its new height and width, found " << from
           << ", sizes [" << *size << "] and an output of " << *result;
  const auto *options =
      op.getOptionsOrNull<schema::ResizeNearestNeighborOptions>();
  if (options && options->align_corners())
    return op.error() << "align_corners is not supported, expected none";
  bool isHalfPixel = options && options->half_pixel_centers();
  for (unsigned d : {1, 2}) {
    int64_t extent = from.getDimSize(d), wanted = result->getDimSize(d);
    bool isCopied = extent > 0 && wanted % extent == 0 &&
                    wanted / extent <= nn::maxElementCopies;
    for (int64_t i = 0; isCopied && i != wanted; ++i)
      isCopied =
          getNearest(i, extent, wanted, isHalfPixel) == i / (wanted / extent);
    if (!isCopied)
      return op.error() << "dimension " << d << " is resized from " << extent
                        << " to " << wanted << ", expected up to "
                        << nn::maxElementCopies << " copies of each pixel";
  }
  mlir::Value image = *input;
  for (unsigned d : {2, 1})
    image = nn::repeatElements(op.builder, op.loc, image, d,
                               result->getDimSize(d) / from.getDimSize(d));
  return setMovedOutput(op, image);
}

static LogicalResult importTile(OperatorImporter &op) {
  if (failed(op.expectOperands(2, 2)))
    return failure();
  auto input = op.getInput(0, "input");
  auto multiples = op.getIntegers(1, "multiples");
  if (failed(input) || failed(multiples))
    return failure();
  auto result = getMovedType(op, *input);
  if (failed(result))
    return failure();
  auto from = mlir::cast<mlir::RankedTensorType>(input->getType());
  bool fits = int64_t(multiples->size()) == from.getRank() &&
              result->getRank() == from.getRank();
  for (int64_t d = 0; fits && d != from.getRank(); ++d)
    fits = (*multiples)[d] >= 1 && (*multiples)[d] <= nn::maxTensorCopies &&
           result->getDimSize(d) == from.getDimSize(d) * (*multiples)[d];
  if (!fits)
    return op.error() << "expected up to " << nn::maxTensorCopies
                      << " copies along each dimension of " << from
                      << ", found [" << *multiples << "] and an output of "
                      << *result;
  mlir::Value value = *input;
  for (int64_t d = from.getRank(); d-- > 0;)
    value = nn::repeatTensor(op.builder, op.loc, value, d, (*multiples)[d]);
  return setMovedOutput(op, value);
}

void tflite::populateMovement(Registry &registry) {
  registry[schema::BuiltinOperator::CONCATENATION] = importConcatenation;
  registry[schema::BuiltinOperator::TRANSPOSE] = importTranspose;
  registry[schema::BuiltinOperator::RESIZE_BILINEAR] = importResizeBilinear;
  registry[schema::BuiltinOperator::RESIZE_NEAREST_NEIGHBOR] =
      importResizeNearest;
  registry[schema::BuiltinOperator::TILE] = importTile;
}
