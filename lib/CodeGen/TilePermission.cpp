// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// arch_prctl(ARCH_REQ_XCOMP_PERM, XFEATURE_XTILEDATA) as the instruction, since
// the code brings no C library.

#include "qopt/CodeGen/TilePermission.h"

#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InlineAsm.h"
#include "llvm/IR/Module.h"
#include "llvm/MC/MCSubtargetInfo.h"

using namespace llvm;

bool qopt::mustAskForTiles(const TargetMachine &machine) {
  const Triple &triple = machine.getTargetTriple();
  return triple.isX86() && triple.isOSLinux() &&
         machine.getMCSubtargetInfo()->checkFeatures("+amx-tile");
}

bool qopt::mustAskForTiles(const Module &module) {
  const Function *configure = module.getFunction("llvm.x86.ldtilecfg");
  return configure && !configure->use_empty() &&
         module.getTargetTriple().isOSLinux();
}

Function *qopt::getTilePermission(Module &module) {
  constexpr StringLiteral name = "qopt_may_use_tiles";
  if (Function *function = module.getFunction(name))
    return function;
  IRBuilder<> builder(module.getContext());
  Type *i64 = builder.getInt64Ty();
  auto *function =
      Function::Create(FunctionType::get(builder.getInt1Ty(), false),
                       GlobalValue::InternalLinkage, name, module);
  function->addFnAttr("target-cpu", "x86-64");
  function->addFnAttr(Attribute::NoInline);
  function->setDoesNotThrow();
  function->setDSOLocal(true);
  builder.SetInsertPoint(
      BasicBlock::Create(module.getContext(), "entry", function));
  InlineAsm *call = InlineAsm::get(
      FunctionType::get(i64, {i64, i64, i64}, false), "syscall",
      "={ax},{ax},{di},{si},~{rcx},~{r11},~{memory},~{dirflag},~{fpsr},"
      "~{flags}",
      /*hasSideEffects=*/true);
  // The number of arch_prctl, of the request, and of the state.
  Value *result =
      builder.CreateCall(call, {builder.getInt64(158), builder.getInt64(0x1023),
                                builder.getInt64(18)});
  builder.CreateRet(builder.CreateICmpEQ(result, builder.getInt64(0)));
  return function;
}
