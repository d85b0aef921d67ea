// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a kernel is expected to cost, for decisions between kernels.

#ifndef QOPT_LIB_DIALECT_KERNEL_TRANSFORMS_KERNELCOST_H
#define QOPT_LIB_DIALECT_KERNEL_TRANSFORMS_KERNELCOST_H

#include "qopt/Dialect/Kernel/IR/Kernel.h"
#include "qopt/Target/CPU/TargetFacts.h"

namespace qopt::kernel {

/// Cycles of one thread, within a factor of two: multiplications, stages, and
/// the bytes of all operands.
double estimateCycles(mlir::Operation *op, const cpu::TargetFacts &facts);

} // namespace qopt::kernel

#endif // QOPT_LIB_DIALECT_KERNEL_TRANSFORMS_KERNELCOST_H
