// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What convolutions in AMX tiles are expected to cost.

#ifndef QOPT_LIB_DIALECT_KERNEL_TRANSFORMS_TILEMODEL_H
#define QOPT_LIB_DIALECT_KERNEL_TRANSFORMS_TILEMODEL_H

#include "qopt/Dialect/Kernel/IR/ConvolutionLayout.h"
#include "qopt/Target/CPU/TargetFacts.h"

namespace qopt::kernel {

struct ExpectedCost {
  double cost;
  ScheduleAttr schedule;
};

/// Cycles from the sums of some pixels and a block's channels to outputs.
using FinishCost = llvm::function_ref<double(const ConvolutionLayout &,
                                             int64_t block, int64_t pixels)>;

/// Adds the schedules of the family `tdpb`, if target and op allow any, with
/// cycles of the same kind as those of other families.
void addTileCosts(Conv2DOp op, const cpu::TargetFacts &facts, bool interleave,
                  FinishCost finish,
                  llvm::SmallVectorImpl<ExpectedCost> &costs);

} // namespace qopt::kernel

#endif // QOPT_LIB_DIALECT_KERNEL_TRANSFORMS_TILEMODEL_H
