//===- Slices.cpp - Slice, Split, Tile ------------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Operators that take parts of a tensor, or a tensor several times.
//
//===----------------------------------------------------------------------===//

#include "Slices.h"

#include "Registry.h"

#include "qopt/Dialect/NN/IR/Repetition.h"

using namespace qopt;
using namespace qopt::onnx_import;
using mlir::failure;
using mlir::FailureOr;
using mlir::LogicalResult;

static LogicalResult importSlice(NodeImporter &op) {
  bool hasInputs = op.getOpset() >= 10;
  if (failed(op.expectInputs(hasInputs ? 3 : 1, hasInputs ? 5 : 1)) ||
      failed(op.expectOneOutput()))
    return failure();
  auto input = op.getInput(0, "input");
  if (failed(input))
    return failure();
  mlir::RankedTensorType type = getType(*input);
  auto slices = getSlices(op, type.getShape());
  if (failed(slices))
    return failure();
  llvm::SmallVector<int64_t> offsets, strides, shape;
  for (auto [d, slice] : llvm::enumerate(*slices)) {
    if (slice.count == 0)
      return op.error() << "takes nothing of dimension " << d << ", which has "
                        << type.getDimSize(d) << ", expected 1 or more";
    offsets.push_back(slice.first);
    strides.push_back(slice.step);
    shape.push_back(slice.count);
  }
  return op.setOutput(nn::SliceOp::create(op.builder, op.loc, type.clone(shape),
                                          *input, offsets, strides));
}

//===----------------------------------------------------------------------===//
// Split
//===----------------------------------------------------------------------===//

/// Equal parts; the last may be smaller.
static FailureOr<llvm::SmallVector<int64_t>> getEqualParts(NodeImporter &op,
                                                           int64_t size) {
  int64_t count = op.getNumOutputs();
  auto stated = op.getInt("num_outputs", count);
  if (failed(stated))
    return failure();
  if (*stated != count)
    return op.error() << "attribute 'num_outputs' is " << *stated
                      << ", expected the number of outputs, " << count;
  int64_t part = llvm::divideCeil(size, count);
  if (part * (count - 1) >= size)
    return op.error() << "a dimension of " << size << " has no " << count
                      << " parts of " << part;
  if (op.getOpset() < 18 && size % count != 0)
    return op.error() << "a dimension of " << size << " has no " << count
                      << " equal parts";
  llvm::SmallVector<int64_t> parts(count, part);
  parts.back() = size - part * (count - 1);
  return parts;
}

/// Sizes are an attribute until opset 12, an input from 13 on.
static FailureOr<llvm::SmallVector<int64_t>> getParts(NodeImporter &op,
                                                      int64_t size) {
  bool isInput = op.getOpset() >= 13;
  if (isInput ? !op.hasInput(1) : !op.hasAttribute("split"))
    return getEqualParts(op, size);
  auto parts = isInput ? op.getIntegers(1, "split") : op.getInts("split", {});
  if (failed(parts))
    return failure();
  int64_t left = size;
  for (int64_t part : *parts) {
    if (part < 1 || part > left)
      return op.error() << "a part of " << part << " of a dimension of " << size
                        << ", of which " << left << " are left, expected 1 to "
                        << left;
    left -= part;
  }
  if (left != 0 || parts->size() != op.getNumOutputs())
    return op.error() << "expected " << op.getNumOutputs()
                      << " parts of a dimension of " << size << ", found "
                      << parts->size() << " of " << size - left;
  return parts;
}

static LogicalResult importSplit(NodeImporter &op) {
  if (failed(op.expectInputs(1, op.getOpset() < 13 ? 1 : 2)))
    return failure();
  auto input = op.getInput(0, "input");
  auto number = op.getInt("axis", 0);
  if (failed(input) || failed(number))
    return failure();
  if (op.getNumOutputs() == 0)
    return op.error() << "the node has no output";
  mlir::RankedTensorType type = getType(*input);
  auto axis = op.normalizeAxis(*number, type.getRank());
  if (failed(axis))
    return failure();
  auto parts = getParts(op, type.getDimSize(*axis));
  if (failed(parts))
    return failure();
  llvm::SmallVector<int64_t> offsets(type.getRank(), 0);
  llvm::SmallVector<int64_t> strides(type.getRank(), 1);
  auto shape = llvm::to_vector(type.getShape());
  for (auto [i, part] : llvm::enumerate(*parts)) {
    shape[*axis] = part;
    if (op.hasOutput(i) &&
        failed(op.setOutput(nn::SliceOp::create(op.builder, op.getOutputLoc(i),
                                                type.clone(shape), *input,
                                                offsets, strides),
                            i)))
      return failure();
    offsets[*axis] += part;
  }
  return mlir::success();
}

//===----------------------------------------------------------------------===//
// Tile
//===----------------------------------------------------------------------===//

static LogicalResult importTile(NodeImporter &op) {
  if (failed(op.expectInputs(2, 2)) || failed(op.expectOneOutput()))
    return failure();
  auto input = op.getInput(0, "input");
  auto repeats = op.getIntegers(1, "repeats");
  if (failed(input) || failed(repeats))
    return failure();
  int64_t rank = getType(*input).getRank();
  if (int64_t(repeats->size()) != rank)
    return op.error() << "expected " << rank << " repeats, found "
                      << repeats->size();
  auto shape = llvm::to_vector(getType(*input).getShape());
  for (auto [size, count] : llvm::zip_equal(shape, *repeats)) {
    if (count < 1 || count > nn::maxTensorCopies)
      return op.error() << "a dimension is repeated " << count
                        << " times, expected 1 to " << nn::maxTensorCopies;
    size *= count;
  }
  if (failed(countElements(shape, [&] { return op.error() << "the result "; })))
    return failure();
  mlir::Value value = *input;
  for (int64_t d = rank; d-- > 0;)
    value = nn::repeatTensor(op.builder, op.loc, value, d, (*repeats)[d]);
  return op.setOutput(value);
}

void onnx_import::populateSlices(Registry &registry) {
  registry["Slice"] = importSlice;
  registry["Split"] = importSplit;
  registry["Tile"] = importTile;
}
