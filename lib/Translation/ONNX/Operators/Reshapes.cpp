//===- Reshapes.cpp - Reshape, Flatten, Squeeze, Unsqueeze, Identity ------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The same elements in another shape, or in the same.
//
//===----------------------------------------------------------------------===//

#include "Registry.h"
#include "Shapes.h"

using namespace qopt;
using namespace qopt::onnx_import;
using mlir::failure;
using mlir::FailureOr;
using mlir::LogicalResult;

/// Gives the first input the shape, which has as many elements.
static LogicalResult setReshaped(NodeImporter &op,
                                 FailureOr<llvm::SmallVector<int64_t>> shape) {
  auto input = op.getInput(0, "input");
  if (failed(input) || failed(shape))
    return failure();
  return op.setOutput(op.reshape(*input, *shape));
}

static LogicalResult importReshape(NodeImporter &op) {
  if (failed(op.expectInputs(2, 2)) || failed(op.expectOneOutput()))
    return failure();
  return setReshaped(op, getReshapedShape(op));
}

static LogicalResult importFlatten(NodeImporter &op) {
  if (failed(op.expectInputs(1, 1)) || failed(op.expectOneOutput()))
    return failure();
  auto input = op.getInput(0, "input");
  auto number = op.getInt("axis", 1);
  if (failed(input) || failed(number))
    return failure();
  llvm::ArrayRef<int64_t> shape = getType(*input).getShape();
  int64_t rank = int64_t(shape.size());
  int64_t axis = *number < 0 ? *number + rank : *number;
  if (axis < 0 || axis > rank)
    return op.error() << "axis is " << *number << ", expected " << -rank
                      << " to " << rank;
  return setReshaped(
      op, llvm::SmallVector<int64_t>{
              mlir::ShapedType::getNumElements(shape.take_front(axis)),
              mlir::ShapedType::getNumElements(shape.drop_front(axis))});
}

static LogicalResult importSqueeze(NodeImporter &op) {
  if (failed(op.expectInputs(1, 2)) || failed(op.expectOneOutput()))
    return failure();
  return setReshaped(op, getSqueezedShape(op));
}

static LogicalResult importUnsqueeze(NodeImporter &op) {
  if (failed(op.expectInputs(1, 2)) || failed(op.expectOneOutput()))
    return failure();
  return setReshaped(op, getUnsqueezedShape(op));
}

static LogicalResult importIdentity(NodeImporter &op) {
  if (failed(op.expectInputs(1, 1)) || failed(op.expectOneOutput()))
    return failure();
  auto input = op.getInput(0, "input");
  return failed(input) ? failure() : op.setOutput(*input);
}

/// In inference the input; the mask is not supported.
static LogicalResult importDropout(NodeImporter &op) {
  if (failed(op.expectInputs(1, 3)) || failed(op.expectOneOutput()))
    return failure();
  op.ignoreAttributes({"ratio", "seed"});
  if (op.hasInput(2)) {
    auto training = op.getReal(2, "training mode");
    if (failed(training))
      return failure();
    if (*training != 0)
      return op.error() << "the training mode (input 2) is true, expected "
                           "false; export the model for inference";
  }
  auto input = op.getInput(0, "input");
  return failed(input) ? failure() : op.setOutput(*input);
}

void onnx_import::populateReshapes(Registry &registry) {
  registry["Reshape"] = importReshape;
  registry["Flatten"] = importFlatten;
  registry["Squeeze"] = importSqueeze;
  registry["Unsqueeze"] = importUnsqueeze;
  registry["Identity"] = importIdentity;
  registry["Dropout"] = importDropout;
}
