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

using namespace llvm;

/// LLVM's passes from IR to code, but for one: to shorten chains of additions
/// it adds products up before it adds them to sums. There are as many sums as
/// registers, so that those, and then the sums, would go through memory.
static bool addCodeGenerator(legacy::PassManager &passes,
                             TargetMachine &machine, raw_pwrite_stream &out,
                             CodeGenFileType type) {
  auto *modules = new MachineModuleInfoWrapperPass(&machine);
  TargetPassConfig *config = machine.createPassConfig(passes);
  config->disablePass(&MachineCombinerID);
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
  std::string message;
  raw_string_ostream stream(message);
  if (verifyModule(module, &stream))
    return createStringError("the generated module is not valid: " + message);
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
