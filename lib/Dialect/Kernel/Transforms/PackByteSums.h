// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Packing of one convolution of the family `pmaddubsw`.

#ifndef QOPT_LIB_DIALECT_KERNEL_TRANSFORMS_PACKBYTESUMS_H
#define QOPT_LIB_DIALECT_KERNEL_TRANSFORMS_PACKBYTESUMS_H

#include "qopt/Dialect/Kernel/IR/ConvolutionLayout.h"

namespace qopt::kernel {

/// Gives the op its filter and the order of its steps. `weights` are those of
/// the layout, minus their zero point.
mlir::LogicalResult packByteSums(Conv2DOp op, const ConvolutionLayout &layout,
                                 llvm::ArrayRef<int16_t> weights,
                                 mlir::OpBuilder &builder);

} // namespace qopt::kernel

#endif // QOPT_LIB_DIALECT_KERNEL_TRANSFORMS_PACKBYTESUMS_H
