// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Everything of the kernel dialect's IR, for TableGen.

#ifndef QOPT_DIALECT_KERNEL_IR_KERNEL_TD
#define QOPT_DIALECT_KERNEL_IR_KERNEL_TD

include "qopt/Dialect/Kernel/IR/KernelAttributes.td"
include "qopt/Dialect/Kernel/IR/KernelDialect.td"
include "qopt/Dialect/Kernel/IR/KernelDynamic.td"
include "qopt/Dialect/Kernel/IR/KernelEnums.td"
include "qopt/Dialect/Kernel/IR/KernelFMAStage.td"
include "qopt/Dialect/Kernel/IR/KernelRealStage.td"
include "qopt/Dialect/Kernel/IR/KernelInterfaces.td"
include "qopt/Dialect/Kernel/IR/KernelOps.td"
include "qopt/Dialect/Kernel/IR/KernelParallel.td"
include "qopt/Dialect/Kernel/IR/KernelSchedule.td"
include "qopt/Dialect/Kernel/IR/KernelSumStage.td"
include "qopt/Dialect/Kernel/IR/KernelUnpack.td"

#endif // QOPT_DIALECT_KERNEL_IR_KERNEL_TD
