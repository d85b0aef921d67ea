// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The engines that only this tool has: an emulator and the interpreter.

#ifndef QOPT_TOOLS_QOPT_RUN_ENGINE_H
#define QOPT_TOOLS_QOPT_RUN_ENGINE_H

#include "mlir/IR/BuiltinOps.h"
#include "qopt/CodeGen/OutputFile.h"
#include "qopt/Execution/Engine.h"
#include <memory>

namespace qoptrun {

using qopt::Engine;
using qopt::Example;
using qopt::Result;

/// Runs a guest program (see makeGuestProgram) in qemu-aarch64.
llvm::Expected<std::unique_ptr<Engine>>
createEmulatedEngine(qopt::ModelInterface interface, llvm::StringRef program,
                     qopt::ScratchDirectory scratch);

/// Interprets a module of nn and quant ops, which stays the caller's.
llvm::Expected<std::unique_ptr<Engine>>
createReferenceEngine(qopt::ModelInterface interface, mlir::ModuleOp module);

} // namespace qoptrun

#endif // QOPT_TOOLS_QOPT_RUN_ENGINE_H
