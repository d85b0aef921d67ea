// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Declarations of the passes that lower loops over vectors to the LLVM dialect.

#ifndef QOPT_CONVERSION_TOLLVM_PASSES_H
#define QOPT_CONVERSION_TOLLVM_PASSES_H

#include "mlir/IR/DialectRegistry.h"
#include "mlir/Pass/Pass.h"
#include "mlir/Pass/PassManager.h"

namespace mlir {
class LLVMTypeConverter;
class RewritePatternSet;
} // namespace mlir

namespace qopt {

#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "qopt/Conversion/ToLLVM/Passes.h.inc"

/// The module's attribute that names the function which stands for others.
inline constexpr llvm::StringLiteral kSharedFunctionsAttrName = "qopt.shared";

/// Patterns of `vector-expand-shapes`.
void populateVectorExpandShapesPatterns(mlir::RewritePatternSet &patterns);

/// Those of them for kernels on several threads. The converter must know
/// `!kernel.threads`.
void populateParallelToLLVMPatterns(mlir::LLVMTypeConverter &converter,
                                    mlir::RewritePatternSet &patterns);

/// Patterns of `convert-loops-to-llvm`.
void populateLoopsToLLVMPatterns(mlir::LLVMTypeConverter &converter,
                                 mlir::RewritePatternSet &patterns);

} // namespace qopt

#endif // QOPT_CONVERSION_TOLLVM_PASSES_H
