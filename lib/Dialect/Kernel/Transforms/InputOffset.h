// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Convolutions whose inputs are stored with another offset.

#ifndef QOPT_LIB_DIALECT_KERNEL_TRANSFORMS_INPUTOFFSET_H
#define QOPT_LIB_DIALECT_KERNEL_TRANSFORMS_INPUTOFFSET_H

#include "qopt/Dialect/Kernel/IR/Kernel.h"

namespace qopt::kernel {

/// The biases of an unpacked convolution for stored inputs that are larger by
/// `offset`: each loses `offset` times the sum of its channel's weights, in
/// arithmetic that wraps as the accumulator's does. Nothing unless filter and
/// bias are constants of i8 and i32.
std::optional<llvm::SmallVector<int32_t>> getBiasWithOffset(Conv2DOp op,
                                                            int32_t offset);
std::optional<llvm::SmallVector<int32_t>>
getBiasWithOffset(DepthwiseConv2DOp op, int32_t offset);

} // namespace qopt::kernel

#endif // QOPT_LIB_DIALECT_KERNEL_TRANSFORMS_INPUTOFFSET_H
