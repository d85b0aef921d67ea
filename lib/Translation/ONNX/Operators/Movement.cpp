//===- Movement.cpp - Transpose, Concat, Pad, DepthToSpace ----------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Operators that put the elements of their inputs into another tensor.
//
//===----------------------------------------------------------------------===//

#include "Registry.h"

using namespace qopt;
using namespace qopt::onnx_import;
using mlir::failure;
using mlir::FailureOr;
using mlir::LogicalResult;

static LogicalResult importTranspose(NodeImporter &op) {
  if (failed(op.expectInputs(1, 1)) || failed(op.expectOneOutput()))
    return failure();
  auto input = op.getInput(0, "input");
  if (failed(input))
    return failure();
  int64_t rank = getType(*input).getRank();
  auto reversed = llvm::to_vector(llvm::reverse(llvm::seq<int64_t>(0, rank)));
  auto permutation = op.getInts("perm", reversed);
  if (failed(permutation))
    return failure();
  auto sorted = *permutation;
  llvm::sort(sorted);
  if (!llvm::equal(sorted, llvm::seq<int64_t>(0, rank))) {
    auto diagnostic = op.error();
    diagnostic << "attribute 'perm' is [";
    llvm::interleaveComma(*permutation, diagnostic);
    return diagnostic << "], expected every number from 0 to " << rank - 1
                      << " once";
  }
  return op.setOutput(op.transpose(*input, *permutation, op.loc));
}

static LogicalResult importConcat(NodeImporter &op) {
  if (failed(op.expectInputs(1, 1024)) || failed(op.expectOneOutput()))
    return failure();
  llvm::SmallVector<mlir::Value> inputs;
  for (unsigned i = 0, e = op.getNumInputs(); i != e; ++i) {
    auto input = op.getInput(i, "input " + std::to_string(i));
    if (failed(input))
      return failure();
    inputs.push_back(*input);
  }
  if (!op.hasAttribute("axis"))
    return op.error() << "attribute 'axis' is missing";
  auto number = op.getInt("axis", 0);
  if (failed(number))
    return failure();
  mlir::RankedTensorType type = getType(inputs.front());
  auto axis = op.normalizeAxis(*number, type.getRank());
  if (failed(axis))
    return failure();
  auto shape = llvm::to_vector(type.getShape());
  for (mlir::Value input : llvm::drop_begin(inputs)) {
    if (getType(input).getRank() != type.getRank())
      return op.error() << "expected inputs of one rank, found " << type
                        << " and " << input.getType();
    shape[*axis] += getType(input).getDimSize(*axis);
  }
  return op.setOutput(nn::ConcatOp::create(op.builder, op.loc,
                                           type.clone(shape), inputs, *axis));
}

//===----------------------------------------------------------------------===//
// Pad
//===----------------------------------------------------------------------===//

namespace {
struct Paddings {
  llvm::SmallVector<int64_t> low, high;
  double value;
};
} // namespace

/// Attributes until opset 10; inputs from 11 on, for some axes from 18 on.
static FailureOr<Paddings> getPaddings(NodeImporter &op, int64_t rank) {
  bool hasInputs = op.getOpset() >= 11;
  auto numbers = hasInputs ? op.getIntegers(1, "pads") : op.getInts("pads", {});
  FailureOr<double> value = 0.0;
  if (!hasInputs)
    value = op.getFloat("value", 0);
  else if (op.hasInput(2))
    value = op.getReal(2, "border value");
  auto axes = llvm::to_vector(llvm::seq<int64_t>(0, rank));
  if (hasInputs && op.hasInput(3)) {
    auto given = op.getIntegers(3, "axes");
    if (failed(given) || failed(op.normalizeAxes(*given, rank)))
      return failure();
    axes.assign(given->begin(), given->end());
  }
  if (failed(numbers) || failed(value))
    return failure();
  if (numbers->size() != 2 * axes.size())
    return op.error() << "expected " << 2 * axes.size() << " paddings for "
                      << axes.size() << " dimensions, found "
                      << numbers->size();
  Paddings paddings{llvm::SmallVector<int64_t>(rank, 0),
                    llvm::SmallVector<int64_t>(rank, 0), *value};
  for (auto [i, number] : llvm::enumerate(axes)) {
    int64_t axis = number < 0 ? number + rank : number;
    int64_t low = (*numbers)[i], high = (*numbers)[axes.size() + i];
    if (low < 0 || high < 0 || low > maxElements || high > maxElements)
      return op.error() << "the paddings of dimension " << axis << " are "
                        << low << " and " << high << ", expected 0 to "
                        << maxElements;
    paddings.low[axis] = low;
    paddings.high[axis] = high;
  }
  return paddings;
}

static LogicalResult importPad(NodeImporter &op) {
  bool hasInputs = op.getOpset() >= 11;
  if (failed(op.expectInputs(hasInputs ? 2 : 1, hasInputs ? 4 : 1)) ||
      failed(op.expectOneOutput()))
    return failure();
  auto input = op.getInput(0, "input");
  auto mode = op.getString("mode", "constant");
  if (failed(input) || failed(mode))
    return failure();
  if (*mode != "constant")
    return op.error() << "attribute 'mode' is '" << printable(*mode)
                      << "', expected 'constant'";
  mlir::RankedTensorType type = getType(*input);
  auto paddings = getPaddings(op, type.getRank());
  if (failed(paddings))
    return failure();
  auto shape = llvm::to_vector(type.getShape());
  for (auto [size, low, high] :
       llvm::zip_equal(shape, paddings->low, paddings->high))
    size += low + high;
  return op.setOutput(nn::PadOp::create(op.builder, op.loc, type.clone(shape),
                                        *input, paddings->low, paddings->high,
                                        llvm::APFloat(paddings->value)));
}

//===----------------------------------------------------------------------===//
// Space and depth
//===----------------------------------------------------------------------===//

/// The side of the blocks; checks that the image is made of them.
static FailureOr<int64_t>
getBlockSize(NodeImporter &op, mlir::RankedTensorType type, bool inDepth) {
  auto size = op.getInt("blocksize", 0);
  if (failed(size))
    return failure();
  if (type.getRank() != 4)
    return op.error() << "expected an input of rank 4, found " << type;
  bool fits = *size >= 1 && *size <= 64 &&
              (inDepth ? type.getDimSize(1) % (*size * *size) == 0
                       : type.getDimSize(2) % *size == 0 &&
                             type.getDimSize(3) % *size == 0);
  if (!fits)
    return op.error() << "attribute 'blocksize' is " << *size
                      << ", expected 1 to 64 and " << type
                      << " to be made of such blocks";
  return *size;
}

/// Channels become the pixels of blocks.
static LogicalResult importDepthToSpace(NodeImporter &op) {
  if (failed(op.expectInputs(1, 1)) || failed(op.expectOneOutput()))
    return failure();
  auto input = op.getInput(0, "input");
  auto mode = op.getString("mode", "DCR");
  if (failed(input) || failed(mode))
    return failure();
  if (*mode != "DCR" && *mode != "CRD")
    return op.error() << "attribute 'mode' is '" << printable(*mode)
                      << "', expected 'DCR' or 'CRD'";
  mlir::RankedTensorType type = getType(*input);
  auto size = getBlockSize(op, type, /*inDepth=*/true);
  if (failed(size))
    return failure();
  int64_t n = type.getDimSize(0), c = type.getDimSize(1) / (*size * *size),
          h = type.getDimSize(2), w = type.getDimSize(3);
  bool isBlockFirst = *mode == "DCR";
  mlir::Value blocks = isBlockFirst
                           ? op.reshape(*input, {n, *size, *size, c, h, w})
                           : op.reshape(*input, {n, c, *size, *size, h, w});
  llvm::SmallVector<int64_t> permutation{0, 3, 4, 1, 5, 2};
  if (!isBlockFirst)
    permutation = {0, 1, 4, 2, 5, 3};
  return op.setOutput(op.reshape(op.transpose(blocks, permutation, op.loc),
                                 {n, c, h * *size, w * *size}));
}

/// The pixels of blocks become channels.
static LogicalResult importSpaceToDepth(NodeImporter &op) {
  if (failed(op.expectInputs(1, 1)) || failed(op.expectOneOutput()))
    return failure();
  auto input = op.getInput(0, "input");
  if (failed(input))
    return failure();
  mlir::RankedTensorType type = getType(*input);
  auto size = getBlockSize(op, type, /*inDepth=*/false);
  if (failed(size))
    return failure();
  int64_t n = type.getDimSize(0), c = type.getDimSize(1),
          h = type.getDimSize(2) / *size, w = type.getDimSize(3) / *size;
  mlir::Value blocks = op.reshape(*input, {n, c, h, *size, w, *size});
  return op.setOutput(
      op.reshape(op.transpose(blocks, {0, 3, 5, 1, 2, 4}, op.loc),
                 {n, c * *size * *size, h, w}));
}

void onnx_import::populateMovement(Registry &registry) {
  registry["Transpose"] = importTranspose;
  registry["Concat"] = importConcat;
  registry["Pad"] = importPad;
  registry["DepthToSpace"] = importDepthToSpace;
  registry["SpaceToDepth"] = importSpaceToDepth;
}
