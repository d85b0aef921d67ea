// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// See Overlaps.h.

#include "Overlaps.h"

#include "llvm/ADT/DenseMap.h"

using namespace mlir;
using namespace qopt::kernel;

static constexpr llvm::StringLiteral kNumberAttrName = "kernel.buffer";
static constexpr llvm::StringLiteral kBelowAttrName = "kernel.below";

void qopt::kernel::allowOverlap(memref::AllocOp lower, memref::AllocOp upper,
                                int64_t number, int64_t distance) {
  Builder builder(lower.getContext());
  if (auto present = upper->getAttrOfType<IntegerAttr>(kNumberAttrName))
    number = present.getInt();
  upper->setAttr(kNumberAttrName, builder.getI64IntegerAttr(number));
  SmallVector<int64_t> below;
  if (auto present = lower->getAttrOfType<DenseI64ArrayAttr>(kBelowAttrName))
    below.assign(present.asArrayRef().begin(), present.asArrayRef().end());
  below.append({number, distance});
  lower->setAttr(kBelowAttrName, builder.getDenseI64ArrayAttr(below));
}

FailureOr<SmallVector<AllowedOverlap>>
qopt::kernel::collectOverlaps(ArrayRef<memref::AllocOp> allocations) {
  llvm::DenseMap<int64_t, uint32_t> numbers;
  for (unsigned index = 0; index < allocations.size(); ++index) {
    memref::AllocOp alloc = allocations[index];
    if (auto number = alloc->getAttrOfType<IntegerAttr>(kNumberAttrName))
      if (!numbers.try_emplace(number.getInt(), index).second)
        return alloc.emitOpError("has ")
               << kNumberAttrName << " = " << number.getInt()
               << ", which another allocation has, expected a number of its "
                  "own";
  }
  SmallVector<AllowedOverlap> overlaps;
  for (unsigned index = 0; index < allocations.size(); ++index) {
    memref::AllocOp alloc = allocations[index];
    auto below = alloc->getAttrOfType<DenseI64ArrayAttr>(kBelowAttrName);
    if (!below)
      continue;
    if (below.size() % 2)
      return alloc.emitOpError("has ")
             << kBelowAttrName << " of " << below.size()
             << " numbers, expected pairs of a buffer and a distance";
    for (int64_t i = 0; i < below.size(); i += 2) {
      auto upper = numbers.find(below[i]);
      if (upper == numbers.end() || upper->second == index)
        return alloc.emitOpError("has ")
               << kBelowAttrName << " of buffer " << below[i]
               << ", expected the " << kNumberAttrName
               << " of another allocation";
      if (below[i + 1] < 0)
        return alloc.emitOpError("has a distance of ")
               << below[i + 1] << " in " << kBelowAttrName
               << ", expected at least 0";
      overlaps.push_back({index, upper->second, below[i + 1]});
    }
  }
  return overlaps;
}
