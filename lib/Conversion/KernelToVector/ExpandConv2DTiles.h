// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#ifndef QOPT_LIB_CONVERSION_KERNELTOVECTOR_EXPANDCONV2DTILES_H
#define QOPT_LIB_CONVERSION_KERNELTOVECTOR_EXPANDCONV2DTILES_H

#include "qopt/Conversion/KernelToVector/KernelExpansion.h"
#include "qopt/Dialect/Kernel/IR/ConvolutionLayout.h"

namespace qopt::kernel {

/// A packed convolution whose schedule has the family `tdpb`, which was
/// verified for the target. Refuses a schedule that does not fit the tile
/// registers.
mlir::LogicalResult expandConv2DTiles(emit::VectorEmitter &e, Conv2DOp op,
                                      const ConvolutionLayout &layout);

} // namespace qopt::kernel

#endif // QOPT_LIB_CONVERSION_KERNELTOVECTOR_EXPANDCONV2DTILES_H
