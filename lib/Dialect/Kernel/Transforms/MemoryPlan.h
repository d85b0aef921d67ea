// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Placement of buffers with known lifetimes in one arena: numbers in, numbers
// out, no IR.

#ifndef QOPT_LIB_DIALECT_KERNEL_TRANSFORMS_MEMORYPLAN_H
#define QOPT_LIB_DIALECT_KERNEL_TRANSFORMS_MEMORYPLAN_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"

#include <cstdint>

namespace qopt::kernel {

/// A buffer that is alive from time `first` to time `last`, both included.
struct PlannedBuffer {
  int64_t size = 0;
  int64_t first = 0;
  int64_t last = 0;
  /// The result: where it begins in the arena.
  int64_t offset = 0;
};

/// Two buffers that may overlap though both are alive: `lower` is filled from
/// its beginning while `upper` is read from its own, so it is enough that
/// `lower` begins at least `distance` bytes below `upper`.
struct AllowedOverlap {
  uint32_t lower, upper;
  int64_t distance;
};

/// What every offset is a multiple of.
inline constexpr int64_t kArenaAlignment = 64;

/// Sets the offsets so that buffers alive at one time do not overlap, unless
/// they are allowed to, and returns the end of the highest one. Buffers must be
/// ordered by `first`.
int64_t planMemory(llvm::MutableArrayRef<PlannedBuffer> buffers,
                   llvm::ArrayRef<AllowedOverlap> overlaps = {});

/// The most bytes that are alive at one time: no plan without overlaps is
/// smaller.
int64_t getMostAlive(llvm::ArrayRef<PlannedBuffer> buffers);

} // namespace qopt::kernel

#endif // QOPT_LIB_DIALECT_KERNEL_TRANSFORMS_MEMORYPLAN_H
