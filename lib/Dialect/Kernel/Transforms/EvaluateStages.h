// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Integer stages on one value, at compile time.

#ifndef QOPT_LIB_DIALECT_KERNEL_TRANSFORMS_EVALUATESTAGES_H
#define QOPT_LIB_DIALECT_KERNEL_TRANSFORMS_EVALUATESTAGES_H

#include "qopt/Dialect/Kernel/IR/Kernel.h"

namespace qopt::kernel {

/// The running value after `stage`, for a running value and a stage operand
/// (ignored by stages without one) that were bytes or came from bytes. Nothing
/// for stages on floats, and for those with parameters per channel.
std::optional<int64_t> evaluateStage(StageAttrInterface stage, int64_t value,
                                     int64_t operand);

} // namespace qopt::kernel

#endif // QOPT_LIB_DIALECT_KERNEL_TRANSFORMS_EVALUATESTAGES_H
