// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Runs LLVM's code generator.

#include "qopt/CodeGen/CodeGen.h"

#include "llvm/Analysis/TargetLibraryInfo.h"
#include "llvm/CodeGen/MachineModuleInfo.h"
#include "llvm/CodeGen/Passes.h"
#include "llvm/CodeGen/TargetPassConfig.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/IR/Verifier.h"
#include "llvm/MC/MCSubtargetInfo.h"

using namespace llvm;

/// Whether instructions need no order but that of the IR. Kernels have as many
/// sums as registers and load operands where they are used; the scheduler
/// before register allocation gathers loads, and sums go through memory. It
/// knows the latencies that a core without reordering waits for, though.
static bool reordersInstructions(const TargetMachine &machine) {
  return machine.getTargetTriple().getArch() == Triple::aarch64 &&
         machine.getMCSubtargetInfo()->getSchedModel().isOutOfOrder();
}

/// LLVM's passes from IR to code, but for one or two: to shorten chains of
/// additions, the combiner adds products up before it adds them to sums, and
/// products, or sums, would go through memory as well.
static bool addCodeGenerator(legacy::PassManager &passes,
                             TargetMachine &machine, raw_pwrite_stream &out,
                             CodeGenFileType type) {
  auto *modules = new MachineModuleInfoWrapperPass(&machine);
  TargetPassConfig *config = machine.createPassConfig(passes);
  config->disablePass(&MachineCombinerID);
  if (reordersInstructions(machine))
    config->disablePass(&MachineSchedulerID);
  config->setDisableVerify(true);
  passes.add(config);
  passes.add(modules);
  if (config->addISelPasses())
    return false;
  config->addMachinePasses();
  config->setInitialized();
  if (machine.addAsmPrinter(passes, out, /*DwoOut=*/nullptr, type,
                            modules->getMMI().getContext()))
    return false;
  passes.add(createFreeMachineFunctionPass());
  return true;
}

Error qopt::emitFile(Module &module, TargetMachine &machine, FileKind kind,
                     raw_pwrite_stream &out) {
#ifndef NDEBUG
  // What was translated is verified; what LLVM's passes made of it need not be
  // where assertions are off.
  std::string message;
  raw_string_ostream stream(message);
  if (verifyModule(module, &stream))
    return createStringError("the generated module is not valid: " + message);
#endif
  if (kind == FileKind::LLVMIR) {
    module.print(out, /*AAW=*/nullptr);
    return Error::success();
  }
  TargetLibraryInfoImpl library(machine.getTargetTriple());
  library.disableAllFunctions();
  legacy::PassManager passes;
  passes.add(new TargetLibraryInfoWrapperPass(library));
  if (!addCodeGenerator(passes, machine, out,
                        kind == FileKind::Object
                            ? CodeGenFileType::ObjectFile
                            : CodeGenFileType::AssemblyFile))
    return createStringError("target '" + module.getTargetTriple().str() +
                             "' cannot emit this kind of file");
  passes.run(module);
  return Error::success();
}
