// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The two interfaces of the kernel dialect: what a stage attribute must tell
// (so that ops verify, passes fuse and expansions emit any list of stages), and
// what an op with stages must tell.

#ifndef QOPT_DIALECT_KERNEL_IR_KERNELINTERFACES_TD
#define QOPT_DIALECT_KERNEL_IR_KERNELINTERFACES_TD

include "mlir/IR/OpBase.td"

def Kernel_StageAttrInterface : AttrInterface<"StageAttrInterface"> {
  let cppNamespace = "::qopt::kernel";
  let description = [{
    One step on the running value of a kernel. `verifyStage` is also the type
    inference: given the type of the running value and the element types of the
    stage operands that the stage consumes, it returns the type afterwards, or
    reports why the stage cannot follow.
  }];
  let methods = [
    InterfaceMethod<"How many stage operands (residuals) the stage consumes.",
      "unsigned", "getNumStageOperands", (ins), "", "return 0;">,
    InterfaceMethod<"Whether the stage reads the op's per-channel multiplier and shift operands.",
      "bool", "usesChannelScale", (ins), "", "return false;">,
    InterfaceMethod<"The type of the running value after the stage.",
      "::llvm::FailureOr<::mlir::Type>", "verifyStage",
      (ins "::mlir::Type":$value, "::llvm::ArrayRef<::mlir::Type>":$operands,
           "::llvm::function_ref<::mlir::InFlightDiagnostic()>":$emitError)>,
    InterfaceMethod<[{The interval that holds the running value after the
      stage, whatever it was before; nothing where the stage does not bound it.}],
      "::std::optional<::qopt::kernel::StageRange>", "getValueRange", (ins), "",
      "return std::nullopt;">,
    InterfaceMethod<[{The stage that computes the same with the running value
      and the stage operand in exchanged roles; null where there is none.
      `isUnsigned` says how the former running value, now the stage operand, is
      extended.}],
      "::qopt::kernel::StageAttrInterface", "getSwapped",
      (ins "bool":$isUnsigned), "", "return {};">,
    InterfaceMethod<"Whether the stage operand is zero-extended when loaded.",
      "bool", "isOperandUnsigned", (ins), "", "return false;">,
    InterfaceMethod<[{The stage whose result is larger by `offset`; null where
      there is none.}],
      "::qopt::kernel::StageAttrInterface", "getWithResultOffset",
      (ins "int32_t":$offset), "", "return {};">,
    InterfaceMethod<[{The stage with the same result for a running value that
      is larger by `offset`; null where there is none.}],
      "::qopt::kernel::StageAttrInterface", "getWithValueOffset",
      (ins "int32_t":$offset), "", "return {};">,
    InterfaceMethod<[{The stage with the same result for a stage operand that
      is larger by `offset`, and zero-extended if `isUnsigned`; null where there
      is none.}],
      "::qopt::kernel::StageAttrInterface", "getWithOperandOffset",
      (ins "int32_t":$offset, "bool":$isUnsigned), "", "return {};">,
  ];
}

def Kernel_StagedOpInterface : OpInterface<"StagedOpInterface"> {
  let cppNamespace = "::qopt::kernel";
  let description = [{
    A kernel that applies stages to its running value. All of them have the
    attribute `stages`; a fusion pass appends stages and stage operands
    through this interface and never asks for the op's name.
  }];
  let methods = [
    InterfaceMethod<"The stages in order.",
      "::mlir::ArrayAttr", "getStagesAttr">,
    InterfaceMethod<"Replaces the stages.",
      "void", "setStagesAttr", (ins "::mlir::ArrayAttr":$stages)>,
    InterfaceMethod<"The type of the running value before the first stage.",
      "::mlir::Type", "getInitialValueType">,
    InterfaceMethod<"The stage operands in the order in which stages consume them.",
      "::mlir::OperandRange", "getStageOperands", (ins), "",
      "return ::mlir::OperandRange($_op.operand_end(), $_op.operand_end());">,
    InterfaceMethod<[{The stage operands, to be extended. Only where canAppendStageOperands.}],
      "::mlir::MutableOperandRange", "getStageOperandsMutable", (ins), "",
      "return ::mlir::MutableOperandRange($_op.getOperation(), 0, 0);">,
    InterfaceMethod<"Whether stages with operands are allowed.",
      "bool", "canAppendStageOperands", (ins), "", "return false;">,
    InterfaceMethod<"Multipliers, one for each output channel (last axis), or null.",
      "::mlir::Value", "getChannelMultiplier", (ins), "", "return {};">,
    InterfaceMethod<"Shifts, one for each output channel (last axis), or null.",
      "::mlir::Value", "getChannelShift", (ins), "", "return {};">,
  ];
  let extraSharedClassDeclaration = [{
    /// The stages, typed.
    ::llvm::SmallVector<::qopt::kernel::StageAttrInterface> getStageList() {
      ::llvm::SmallVector<::qopt::kernel::StageAttrInterface> list;
      for (::mlir::Attribute stage : $_op.getStagesAttr())
        list.push_back(::llvm::cast<::qopt::kernel::StageAttrInterface>(stage));
      return list;
    }
  }];
  let verify = [{ return ::qopt::kernel::detail::verifyStages($_op); }];
}

#endif // QOPT_DIALECT_KERNEL_IR_KERNELINTERFACES_TD
