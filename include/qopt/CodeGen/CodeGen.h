// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The steps from a module in the LLVM dialect to machine code, in the order in
// which a driver calls them. Each leaves a valid LLVM module.

#ifndef QOPT_CODEGEN_CODEGEN_H
#define QOPT_CODEGEN_CODEGEN_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/DialectRegistry.h"
#include "qopt/CodeGen/ModelInterface.h"
#include "qopt/CodeGen/Variants.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/MemoryBufferRef.h"
#include "llvm/Support/raw_ostream.h"
#include <memory>

namespace qopt {

/// Adds the translations that translateModule needs.
void registerCodeGenTranslations(mlir::DialectRegistry &registry);

/// MLIR's LLVM dialect to LLVM IR for the machine. Functions become internal
/// and carry the target's CPU and features; a failure was reported as a
/// diagnostic.
std::unique_ptr<llvm::Module>
translateModule(mlir::ModuleOp module, llvm::LLVMContext &context,
                const llvm::TargetMachine &machine);

/// Adds the C interface: `<model>_run`, which checks its pointers and calls the
/// internal function `main`, `<model>_run_buffers`, which takes them as an
/// array, and the constants `<model>_arena_size` and `<model>_arena_align`.
/// With variants the function calls the one that fits the CPU in the place of
/// `main`, and `<model>_run_buffers.N` calls variant N, for tests.
/// Fails when `main` takes other arguments than the interface says.
llvm::Error addEntryPoint(llvm::Module &module, const ModelInterface &model,
                          llvm::ArrayRef<CodeVariant> variants = {});

/// Adds a module's code to another one. Both have the same context.
llvm::Error linkModule(llvm::Module &into,
                       std::unique_ptr<llvm::Module> module);

/// Lets the optimizer merge constants that are equal, as the packed weights of
/// variants of one layout are.
void allowMerging(llvm::Module &module);

/// Runs the passes of LLVM's -O3 that matter to generated kernels.
void optimizeModule(llvm::Module &module, llvm::TargetMachine &machine);

/// Moves all constants into one read-only section, aligned for vectors, with
/// readable bytes behind the last one: kernels may load past a packed constant.
/// To be called after optimizeModule.
void placeConstants(llvm::Module &module, const ModelInterface &model);

enum class FileKind { Object, Assembly, LLVMIR };

/// Writes the module in one of its textual or binary forms.
llvm::Error emitFile(llvm::Module &module, llvm::TargetMachine &machine,
                     FileKind kind, llvm::raw_pwrite_stream &out);

/// Fails when the object needs any symbol but memcpy, memmove and memset, and
/// lists the others.
llvm::Error checkFreestanding(llvm::MemoryBufferRef object);

} // namespace qopt

#endif // QOPT_CODEGEN_CODEGEN_H
