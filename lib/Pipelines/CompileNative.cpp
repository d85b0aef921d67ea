// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// See CompileNative.h.

#include "qopt/Pipelines/CompileNative.h"

using namespace llvm;
using namespace qopt;

Expected<std::unique_ptr<NativeEngine>>
qopt::compileNative(mlir::ModuleOp module, const CompileOptions &options) {
  PhaseTimes times;
  auto compiler = Compiler::create(module, options, times);
  if (!compiler)
    return compiler.takeError();
  if (Error error = (*compiler)->generateCode())
    return std::move(error);
  auto scratch = ScratchDirectory::create();
  if (!scratch)
    return scratch.takeError();
  std::string path = scratch->file("model.so");
  if (Error error = (*compiler)->emitSharedLibrary(path))
    return std::move(error);
  return NativeEngine::create((*compiler)->getInterface(), path,
                              std::move(*scratch));
}
