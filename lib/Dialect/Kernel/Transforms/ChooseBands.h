// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which kernels of a function to run band by band.

#ifndef QOPT_LIB_DIALECT_KERNEL_TRANSFORMS_CHOOSEBANDS_H
#define QOPT_LIB_DIALECT_KERNEL_TRANSFORMS_CHOOSEBANDS_H

#include "BandPlan.h"

namespace qopt::kernel {

struct BandLimits {
  /// No bands where the arena is no larger than this; 0 asks for the smallest
  /// one.
  int64_t arena = 0;
  /// The most kernels that run together.
  unsigned length = 64;
  /// The most that bands may cost more than the kernels, as a part of them.
  double overhead = 1;
};

struct BandChoice {
  /// In order; they do not overlap.
  llvm::SmallVector<BandPlan> plans;
  /// Bytes of the arena without them and with them.
  int64_t arenaBefore = 0, arena = 0;
};

/// The least expensive choice that stays within the limit, or else the one with
/// the smallest arena.
BandChoice chooseBands(const BandGraph &graph, const BandLimits &limits);

/// Bytes of the plan that TFLite would make: buffers without padding, with the
/// function's arguments among them.
int64_t getPlainArena(const BandGraph &graph);

} // namespace qopt::kernel

#endif // QOPT_LIB_DIALECT_KERNEL_TRANSFORMS_CHOOSEBANDS_H
