// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Integer stages on one value, at compile time, and the bytes that reach them.

#ifndef QOPT_LIB_DIALECT_KERNEL_TRANSFORMS_EVALUATESTAGES_H
#define QOPT_LIB_DIALECT_KERNEL_TRANSFORMS_EVALUATESTAGES_H

#include "qopt/Dialect/Kernel/IR/Kernel.h"

namespace qopt::kernel {

/// The running value after `stage`, for a running value and a stage operand
/// (ignored by stages without one) that were bytes or came from bytes. Nothing
/// for stages on floats, and for those with parameters per channel.
std::optional<int64_t> evaluateStage(StageAttrInterface stage, int64_t value,
                                     int64_t operand);

/// The values that a byte holds.
StageRange getRangeOfByte(bool isUnsigned);

/// What is known of the running value before stage `index` of these, where that
/// is one of at most 256 values.
std::optional<StageRange>
getByteRange(StagedOpInterface op, llvm::ArrayRef<StageAttrInterface> stages,
             size_t index);

} // namespace qopt::kernel

#endif // QOPT_LIB_DIALECT_KERNEL_TRANSFORMS_EVALUATESTAGES_H
