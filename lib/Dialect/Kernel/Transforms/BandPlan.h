// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What it takes to run some neighbouring kernels band by band.

#ifndef QOPT_LIB_DIALECT_KERNEL_TRANSFORMS_BANDPLAN_H
#define QOPT_LIB_DIALECT_KERNEL_TRANSFORMS_BANDPLAN_H

#include "BandGraph.h"

namespace qopt::kernel {

/// In band i, a kernel makes the rows [rows * (i + lead), rows * (i + 1 +
/// lead)) of its output, as far as they exist: it leads where others need rows
/// below those that they make themselves.
struct BandedKernel {
  int64_t rows = 0, lead = 0;
};

/// A buffer that lives within the bands only. In band i it holds the rows
/// [step * i + origin, … + capacity) of the whole one, moved up by `step` rows
/// from band to band.
struct RollingBuffer {
  unsigned buffer = 0;
  int64_t step = 0, origin = 0, capacity = 0;
};

/// `lower` may begin this many bytes below `upper`: its rows are written where
/// those of `upper` were read by then.
struct BandOverlap {
  unsigned lower = 0, upper = 0;
  int64_t distance = 0;
};

struct BandPlan {
  /// The kernels [begin, end).
  unsigned begin = 0, end = 0;
  llvm::SmallVector<BandedKernel> kernels;
  llvm::SmallVector<RollingBuffer> rolling;
  llvm::SmallVector<BandOverlap> overlaps;
  /// The bands [firstBand, endBand).
  int64_t firstBand = 0, endBand = 0;
  /// Bytes of the arena that are taken meanwhile.
  int64_t bytes = 0;
  /// Cycles of the kernels, and what bands cost more: copied rows and calls.
  double cycles = 0, overhead = 0;

  const RollingBuffer *findRolling(unsigned buffer) const;
};

/// The plan with `rows` rows of the last kernel's output a band; nothing if the
/// kernels cannot run by bands.
std::optional<BandPlan> planBands(const BandGraph &graph, unsigned begin,
                                  unsigned end, int64_t rows);

} // namespace qopt::kernel

#endif // QOPT_LIB_DIALECT_KERNEL_TRANSFORMS_BANDPLAN_H
