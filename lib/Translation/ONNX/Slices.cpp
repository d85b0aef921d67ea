//===- Slices.cpp - What a Slice takes of its input -----------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Slices.h"

using namespace qopt;
using namespace qopt::onnx_import;
using mlir::failure;
using mlir::FailureOr;

/// Numbers of a Slice node; `absent` where the node has none.
static FailureOr<llvm::SmallVector<int64_t>>
readNumbers(NodeImporter &op, unsigned i, llvm::StringRef name,
            llvm::ArrayRef<int64_t> absent) {
  if (op.getOpset() < 10)
    return op.getInts(name, absent);
  if (op.hasInput(i))
    return op.getIntegers(i, name);
  return llvm::to_vector(absent);
}

/// The standard's rules: negative numbers count from the end, and what lies
/// outside is moved to the nearest end.
static SlicedDimension clampSlice(int64_t size, int64_t start, int64_t end,
                                  int64_t step) {
  auto clampIndex = [&](int64_t index, int64_t low, int64_t high) {
    return std::clamp(index < 0 ? index + size : index, low, high);
  };
  bool isForward = step > 0;
  // The step may be as large as an integer gets.
  step = std::clamp<int64_t>(step, -size - 1, size + 1);
  int64_t first =
      clampIndex(start, 0, isForward ? size : std::max<int64_t>(size - 1, 0));
  int64_t last =
      clampIndex(end, isForward ? 0 : -1, isForward ? size : size - 1);
  int64_t span = isForward ? last - first : first - last;
  int64_t count = span <= 0 ? 0 : (span - 1) / std::abs(step) + 1;
  return {first, step, count};
}

FailureOr<llvm::SmallVector<SlicedDimension>>
onnx_import::getSlices(NodeImporter &op, llvm::ArrayRef<int64_t> shape) {
  auto starts = readNumbers(op, 1, "starts", {});
  auto ends = readNumbers(op, 2, "ends", {});
  if (failed(starts) || failed(ends))
    return failure();
  auto all = llvm::to_vector(llvm::seq<int64_t>(0, starts->size()));
  llvm::SmallVector<int64_t> ones(starts->size(), 1);
  auto axes = readNumbers(op, 3, "axes", all);
  FailureOr<llvm::SmallVector<int64_t>> steps = ones;
  if (op.getOpset() >= 10)
    steps = readNumbers(op, 4, "steps", ones);
  if (failed(axes) || failed(steps))
    return failure();
  if (ends->size() != starts->size() || axes->size() != starts->size() ||
      steps->size() != starts->size())
    return op.error() << "expected as many starts, ends, axes and steps, found "
                      << starts->size() << ", " << ends->size() << ", "
                      << axes->size() << " and " << steps->size();
  int64_t rank = int64_t(shape.size());
  if (failed(op.normalizeAxes(*axes, rank)))
    return failure();
  llvm::SmallVector<SlicedDimension> result;
  for (int64_t size : shape)
    result.push_back({0, 1, size});
  for (auto [axis, start, end, step] :
       llvm::zip_equal(*axes, *starts, *ends, *steps)) {
    if (step == 0)
      return op.error() << "a step of dimension " << axis
                        << " is 0, expected another number";
    int64_t d = axis < 0 ? axis + rank : axis;
    result[d] = clampSlice(shape[d], start, end, step);
  }
  return result;
}
