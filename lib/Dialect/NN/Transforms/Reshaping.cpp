// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A reshape in row-major order parts into groups: the smallest runs of old and
// new dimensions with as many elements. Groups move as wholes.

#include "Reshaping.h"

#include "llvm/ADT/STLExtras.h"

using namespace qopt::nn;
using llvm::ArrayRef;
using llvm::FailureOr;
using llvm::SmallVector;

using Numbers = SmallVector<int64_t>;

namespace {
struct Group {
  /// Dimensions that are not 1, of the reshape's operand and result.
  Numbers from, to;
  /// Where the group begins in the transposition's operand.
  int64_t position = 0;
};
} // namespace

/// The dimensions that are not 1.
static Numbers getExtended(ArrayRef<int64_t> shape) {
  Numbers result;
  for (auto [d, size] : llvm::enumerate(shape))
    if (size != 1)
      result.push_back(d);
  return result;
}

static SmallVector<Group> makeGroups(ArrayRef<int64_t> from,
                                     ArrayRef<int64_t> to) {
  Numbers fromDims = getExtended(from), toDims = getExtended(to);
  SmallVector<Group> groups;
  size_t i = 0, j = 0;
  while (i < fromDims.size() && j < toDims.size()) {
    Group group;
    int64_t fromSize = from[fromDims[i]], toSize = to[toDims[j]];
    group.from.push_back(fromDims[i++]);
    group.to.push_back(toDims[j++]);
    while (fromSize != toSize) {
      if (fromSize < toSize && i < fromDims.size()) {
        fromSize *= from[fromDims[i]];
        group.from.push_back(fromDims[i++]);
      } else if (toSize < fromSize && j < toDims.size()) {
        toSize *= to[toDims[j]];
        group.to.push_back(toDims[j++]);
      } else {
        return {};
      }
    }
    groups.push_back(std::move(group));
  }
  return groups;
}

FailureOr<MovedReshape>
qopt::nn::moveReshapeBefore(ArrayRef<int64_t> inputShape,
                            ArrayRef<int64_t> permutation,
                            ArrayRef<int64_t> shape) {
  // No elements, no order.
  if (llvm::is_contained(inputShape, 0))
    return llvm::failure();
  auto transposed = llvm::map_to_vector(
      permutation, [&](int64_t d) { return inputShape[d]; });
  SmallVector<Group> groups = makeGroups(transposed, shape);
  Numbers inputDims = getExtended(inputShape);
  if (groups.empty() && !inputDims.empty())
    return llvm::failure();
  for (Group &group : groups) {
    const auto *begin = llvm::find(inputDims, permutation[group.from.front()]);
    group.position = begin - inputDims.begin();
    for (auto [i, d] : llvm::enumerate(group.from))
      if (group.position + i >= inputDims.size() ||
          inputDims[group.position + i] != permutation[d])
        return llvm::failure();
  }
  llvm::sort(groups, [](const Group &a, const Group &b) {
    return a.position < b.position;
  });

  // Extents of 1 stand in front: the batch mostly is one.
  MovedReshape moved;
  moved.permutation.assign(shape.size(), 0);
  for (auto [d, size] : llvm::enumerate(shape))
    if (size == 1) {
      moved.permutation[d] = moved.shape.size();
      moved.shape.push_back(1);
    }
  for (const Group &group : groups)
    for (int64_t d : group.to) {
      moved.permutation[d] = moved.shape.size();
      moved.shape.push_back(shape[d]);
    }
  return moved;
}
