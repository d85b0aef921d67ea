// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The pass convert-nn-to-kernel and its patterns, family by family.

#ifndef QOPT_CONVERSION_NNTOKERNEL_PASSES_H
#define QOPT_CONVERSION_NNTOKERNEL_PASSES_H

#include "mlir/Pass/Pass.h"

namespace mlir {
class ConversionTarget;
class RewritePatternSet;
class TypeConverter;
} // namespace mlir

namespace qopt {

#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "qopt/Conversion/NNToKernel/Passes.h.inc"

/// Quantized tensors become tensors of their storage type.
void populateStorageTypeConversion(mlir::TypeConverter &converter);

/// Convolutions, depthwise convolutions, fully connected layers, together with
/// the apply_multiplier behind them; batch norm.
void populateLinearToKernelPatterns(const mlir::TypeConverter &converter,
                                    mlir::RewritePatternSet &patterns,
                                    mlir::ConversionTarget &target);

/// Casts and apply_multiplier of the quant dialect.
void populateQuantToKernelPatterns(const mlir::TypeConverter &converter,
                                   mlir::RewritePatternSet &patterns);

/// add, sub, mul.
void populateArithmeticToKernelPatterns(const mlir::TypeConverter &converter,
                                        mlir::RewritePatternSet &patterns);

/// Clamps, logistic, softmax.
void populateFunctionsToKernelPatterns(const mlir::TypeConverter &converter,
                                       mlir::RewritePatternSet &patterns);

/// Pools, mean, arg max.
void populateReductionsToKernelPatterns(const mlir::TypeConverter &converter,
                                        mlir::RewritePatternSet &patterns);

/// Constants, reshape, pad, concat, resize.
void populateMovementToKernelPatterns(const mlir::TypeConverter &converter,
                                      mlir::RewritePatternSet &patterns);

} // namespace qopt

#endif // QOPT_CONVERSION_NNTOKERNEL_PASSES_H
