// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Passes on the quant dialect, and the patterns that they run.

#ifndef QOPT_DIALECT_QUANT_TRANSFORMS_PASSES_H
#define QOPT_DIALECT_QUANT_TRANSFORMS_PASSES_H

#include "mlir/Pass/Pass.h"
#include "qopt/Dialect/Quant/IR/Quant.h"
#include <string>

namespace mlir {
class RewritePatternSet;
} // namespace mlir

namespace qopt::quant {

#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "qopt/Dialect/Quant/Transforms/Passes.h.inc"

/// What the patterns of `quant-canonicalize-requantize` did.
struct CanonicalizeRequantizeCounts {
  uint64_t removed = 0, merged = 0, mergedApproximately = 0;
  uint64_t castsRemoved = 0, castsReplaced = 0;
};

/// Patterns of `quant-canonicalize-requantize`. `counts`, where given, must
/// outlive them.
void populateCanonicalizeRequantizePatterns(
    mlir::RewritePatternSet &patterns, bool allowApproximate = false,
    CanonicalizeRequantizeCounts *counts = nullptr);

/// Patterns of `quant-legalize-multipliers`. They leave a requantize alone that
/// has no fixed-point form.
void populateLegalizeMultipliersPatterns(mlir::RewritePatternSet &patterns);

/// The fixed-point multipliers of a requantize; null, with the reason in
/// `reason`, when it has none.
FixedPointMultiplierAttr getFixedPointMultiplier(RequantizeOp op,
                                                 std::string &reason);

} // namespace qopt::quant

#endif // QOPT_DIALECT_QUANT_TRANSFORMS_PASSES_H
