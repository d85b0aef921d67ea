// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The stage that adds quantized values by two multiplications where that was
// proved to be exact.

#ifndef QOPT_DIALECT_KERNEL_IR_KERNELSUMSTAGE_TD
#define QOPT_DIALECT_KERNEL_IR_KERNELSUMSTAGE_TD

include "mlir/IR/AttrTypeBase.td"
include "qopt/Dialect/Kernel/IR/KernelDialect.td"
include "qopt/Dialect/Kernel/IR/KernelInterfaces.td"

def Kernel_ScaledSumAttr : AttrDef<Kernel_Dialect, "ScaledSum",
    [DeclareAttrInterfaceMethods<Kernel_StageAttrInterface,
                                 ["getNumStageOperands",
                                  "isOperandUnsigned"]>]> {
  let mnemonic = "scaled_sum";
  let summary = "v = (v * value + r * operand + offset) >> shift";
  let description = [{
    ```
    v = (v * value + r * operand + offset) >> shift
    ```
    i32 to i32; the stage operand is an i8. `offset` holds zero points and the
    half that rounds. The sum fits 32 bits for the values that occur.

    `kernel-use-scaled-sums` makes it from `#kernel.add` and `#kernel.sub` of
    bytes, where it has compared the clamped results of all pairs.

    Example: `#kernel.scaled_sum<value = 3355443, operand = -2097152,
    offset = 4194304, shift = 23>`
  }];
  let parameters = (ins
    "int32_t":$value, "int32_t":$operand,
    DefaultValuedParameter<"int32_t", "0">:$offset, "int32_t":$shift,
    DefaultValuedParameter<"bool", "false">:$is_unsigned);
  let assemblyFormat = "`<` struct(params) `>`";
  let genVerifyDecl = 1;
  let extraClassDefinition = [{
    unsigned $cppClass::getNumStageOperands() const { return 1; }
    bool $cppClass::isOperandUnsigned() const { return getIsUnsigned(); }
  }];
}

#endif // QOPT_DIALECT_KERNEL_IR_KERNELSUMSTAGE_TD
