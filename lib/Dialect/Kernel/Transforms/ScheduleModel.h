//===- ScheduleModel.h - What a schedule is expected to cost ----*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef QOPT_LIB_DIALECT_KERNEL_TRANSFORMS_SCHEDULEMODEL_H
#define QOPT_LIB_DIALECT_KERNEL_TRANSFORMS_SCHEDULEMODEL_H

#include "qopt/Dialect/Kernel/IR/ConvolutionLayout.h"
#include "qopt/Target/CPU/TargetFacts.h"

namespace qopt::kernel {

/// What may be chosen at all.
struct ScheduleOptions {
  bool interleave = true;
  /// Families whose weights are packed for them alone.
  bool byteSums = true;
};

/// The schedule with the lowest expected cost. Null if the filter is no
/// constant, so that it cannot be packed.
ScheduleAttr chooseSchedule(Conv2DOp op, const cpu::TargetFacts &facts,
                            const ScheduleOptions &options);
ScheduleAttr chooseSchedule(DepthwiseConv2DOp op, const cpu::TargetFacts &facts,
                            const ScheduleOptions &options);

/// All schedules of a convolution, those with the lowest expected cost first.
llvm::SmallVector<ScheduleAttr> listSchedules(Conv2DOp op,
                                              const cpu::TargetFacts &facts,
                                              const ScheduleOptions &options);

/// Whether the instructions that the op would be written with multiply unsigned
/// inputs (or signed ones); nothing where it is all the same.
std::optional<bool> wantsUnsignedInput(Conv2DOp op,
                                       const cpu::TargetFacts &facts,
                                       const ScheduleOptions &options);
std::optional<bool> wantsUnsignedInput(DepthwiseConv2DOp op,
                                       const cpu::TargetFacts &facts);

/// Whether all products of a constant 8-bit filter and signed 8-bit inputs can
/// be added in pairs in 16 bits: no weight is -128.
bool allowsTapPairs(DepthwiseConv2DOp op);

} // namespace qopt::kernel

#endif // QOPT_LIB_DIALECT_KERNEL_TRANSFORMS_SCHEDULEMODEL_H
