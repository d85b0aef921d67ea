// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How ops work on transposed tensors: the methods of PermutableOpInterface.

#include "qopt/Dialect/NN/IR/NN.h"

using namespace mlir;
using namespace qopt;
using namespace qopt::nn;

using Numbers = SmallVector<int64_t>;

//===----------------------------------------------------------------------===//
// Arithmetic
//===----------------------------------------------------------------------===//

SmallVector<OpOperand *> AddOp::getPermutableOperands() {
  return {&getLhsMutable(), &getRhsMutable()};
}
SmallVector<OpOperand *> SubOp::getPermutableOperands() {
  return {&getLhsMutable(), &getRhsMutable()};
}
SmallVector<OpOperand *> MulOp::getPermutableOperands() {
  return {&getLhsMutable(), &getRhsMutable()};
}

//===----------------------------------------------------------------------===//
// The last dimension counts
//===----------------------------------------------------------------------===//

static FailureOr<Numbers> keepLast(ArrayRef<int64_t> permutation) {
  if (permutation.empty() ||
      permutation.back() != static_cast<int64_t>(permutation.size()) - 1)
    return failure();
  return llvm::to_vector(permutation);
}

FailureOr<Numbers>
SoftmaxOp::getResultPermutation(ArrayRef<int64_t> permutation) {
  return keepLast(permutation);
}

FailureOr<Numbers>
BatchNormOp::getResultPermutation(ArrayRef<int64_t> permutation) {
  return keepLast(permutation);
}

//===----------------------------------------------------------------------===//
// Moves
//===----------------------------------------------------------------------===//

/// One number per dimension, each at its dimension's new place.
static Numbers permute(ArrayRef<int64_t> numbers,
                       ArrayRef<int64_t> permutation) {
  Numbers result(permutation.size());
  for (auto [number, d] : llvm::zip_equal(numbers, permutation))
    result[d] = number;
  return result;
}

void PadOp::permuteAttributes(ArrayRef<int64_t> permutation) {
  setLow(permute(getLow(), permutation));
  setHigh(permute(getHigh(), permutation));
}

void SliceOp::permuteAttributes(ArrayRef<int64_t> permutation) {
  setOffsets(permute(getOffsets(), permutation));
  setStrides(permute(getStrides(), permutation));
}

SmallVector<OpOperand *> ConcatOp::getPermutableOperands() {
  return getSharedOperands();
}

void ConcatOp::permuteAttributes(ArrayRef<int64_t> permutation) {
  setAxis(permutation[getAxis()]);
}

//===----------------------------------------------------------------------===//
// Reductions
//===----------------------------------------------------------------------===//

/// The order that remains of a permutation without these dimensions of the
/// transposed tensor.
static Numbers dropDimensions(ArrayRef<int64_t> permutation,
                              ArrayRef<int64_t> dimensions) {
  Numbers left;
  for (auto [i, d] : llvm::enumerate(permutation))
    if (!llvm::is_contained(dimensions, static_cast<int64_t>(i)))
      left.push_back(d);
  // Numbers below the count, in the same order.
  return llvm::map_to_vector(left, [&](int64_t d) -> int64_t {
    return llvm::count_if(left, [&](int64_t other) { return other < d; });
  });
}

FailureOr<Numbers> MeanOp::getResultPermutation(ArrayRef<int64_t> permutation) {
  return getKeepDims() ? llvm::to_vector(permutation)
                       : dropDimensions(permutation, getAxes());
}

void MeanOp::permuteAttributes(ArrayRef<int64_t> permutation) {
  Numbers axes = llvm::map_to_vector(
      getAxes(), [&](int64_t axis) { return permutation[axis]; });
  llvm::sort(axes);
  setAxes(axes);
}

FailureOr<Numbers>
ArgMaxOp::getResultPermutation(ArrayRef<int64_t> permutation) {
  return dropDimensions(permutation, static_cast<int64_t>(getAxis()));
}

void ArgMaxOp::permuteAttributes(ArrayRef<int64_t> permutation) {
  setAxis(permutation[getAxis()]);
}
