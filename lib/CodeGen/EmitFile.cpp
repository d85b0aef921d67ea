// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Runs LLVM's code generator.

#include "qopt/CodeGen/CodeGen.h"

#include "llvm/Analysis/TargetLibraryInfo.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/IR/Verifier.h"

using namespace llvm;

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
  if (machine.addPassesToEmitFile(passes, out, /*DwoOut=*/nullptr,
                                  kind == FileKind::Object
                                      ? CodeGenFileType::ObjectFile
                                      : CodeGenFileType::AssemblyFile))
    return createStringError("target '" + module.getTargetTriple().str() +
                             "' cannot emit this kind of file");
  passes.run(module);
  return Error::success();
}
