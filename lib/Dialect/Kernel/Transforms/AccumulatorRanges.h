// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which accumulators the constants of a convolution allow.

#ifndef QOPT_LIB_DIALECT_KERNEL_TRANSFORMS_ACCUMULATORRANGES_H
#define QOPT_LIB_DIALECT_KERNEL_TRANSFORMS_ACCUMULATORRANGES_H

#include "qopt/Dialect/Kernel/IR/Kernel.h"

namespace qopt::kernel {

/// Smallest and largest accumulators, of one channel or of several.
using Accumulators = std::pair<int64_t, int64_t>;

/// Those of each channel of an unpacked convolution; all of i32 where filter or
/// bias is no constant.
llvm::SmallVector<Accumulators> getAccumulatorRanges(Conv2DOp op);
llvm::SmallVector<Accumulators> getAccumulatorRanges(DepthwiseConv2DOp op);

} // namespace qopt::kernel

#endif // QOPT_LIB_DIALECT_KERNEL_TRANSFORMS_ACCUMULATORRANGES_H
