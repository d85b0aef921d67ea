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

/// What the patterns of `quant-legalize-multipliers` did.
struct LegalizeMultipliersCounts {
  uint64_t legalized = 0, channels = 0, proved = 0, real = 0;
};

/// Patterns of `quant-legalize-multipliers`. They leave a requantize alone
/// whose multiplier cannot be represented. `counts`, where given, must outlive
/// them.
void populateLegalizeMultipliersPatterns(
    mlir::RewritePatternSet &patterns,
    LegalizeMultipliersCounts *counts = nullptr);

/// What a requantize multiplies by, and how the product is rounded.
struct LegalMultiplier {
  /// A FixedPointMultiplierAttr or a RealMultiplierAttr.
  mlir::Attribute multiplier;
  RoundingMode mode;
};

/// The multipliers of a requantize; nothing, with the reason in `reason`, when
/// they cannot be represented.
std::optional<LegalMultiplier> getLegalMultiplier(RequantizeOp op,
                                                  std::string &reason);

} // namespace qopt::quant

#endif // QOPT_DIALECT_QUANT_TRANSFORMS_PASSES_H
