// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What convolutions whose products are added up in 16 bits are expected to
// cost.

#ifndef QOPT_LIB_DIALECT_KERNEL_TRANSFORMS_BYTESUMMODEL_H
#define QOPT_LIB_DIALECT_KERNEL_TRANSFORMS_BYTESUMMODEL_H

#include "TileModel.h"

namespace qopt::kernel {

/// Rows of pixels and pixels in a row, as tiles of a schedule walk them.
using CountRows =
    llvm::function_ref<std::pair<int64_t, int64_t>(Conv2DOp, ScheduleAttr)>;

/// Adds the schedules of the family `pmaddubsw`, if target and op allow any,
/// with cycles of the same kind as those of other families. The inputs are
/// unsigned, or are flipped where they are loaded.
void addByteSumCosts(Conv2DOp op, const cpu::TargetFacts &facts, bool flips,
                     bool interleave, CountRows countRows, FinishCost finish,
                     llvm::SmallVectorImpl<ExpectedCost> &costs);

} // namespace qopt::kernel

#endif // QOPT_LIB_DIALECT_KERNEL_TRANSFORMS_BYTESUMMODEL_H
