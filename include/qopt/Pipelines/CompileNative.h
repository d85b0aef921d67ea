// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Compiles a module for this machine and loads the code into this process.

#ifndef QOPT_PIPELINES_COMPILENATIVE_H
#define QOPT_PIPELINES_COMPILENATIVE_H

#include "qopt/Execution/NativeEngine.h"
#include "qopt/Pipelines/Compiler.h"

namespace qopt {

/// The module is lowered in place. `options` say a target that this machine can
/// run.
llvm::Expected<std::unique_ptr<NativeEngine>>
compileNative(mlir::ModuleOp module, const CompileOptions &options);

} // namespace qopt

#endif // QOPT_PIPELINES_COMPILENATIVE_H
