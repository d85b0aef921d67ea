// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Enumerations of the kernel dialect.

#ifndef QOPT_DIALECT_KERNEL_IR_KERNELENUMS_TD
#define QOPT_DIALECT_KERNEL_IR_KERNELENUMS_TD

include "mlir/IR/EnumAttr.td"
include "qopt/Dialect/Kernel/IR/KernelDialect.td"

def Kernel_PoolMax : I32EnumAttrCase<"Max", 0, "max">;
def Kernel_PoolAverage : I32EnumAttrCase<"Average", 1, "average">;
def Kernel_PoolKind
    : I32EnumAttr<"PoolKind", "how a pooling window is reduced",
                  [Kernel_PoolMax, Kernel_PoolAverage]> {
  let cppNamespace = "::qopt::kernel";
  let genSpecializedAttr = 0;
}
def Kernel_PoolKindAttr : EnumAttr<Kernel_Dialect, Kernel_PoolKind, "pool">;

#endif // QOPT_DIALECT_KERNEL_IR_KERNELENUMS_TD
