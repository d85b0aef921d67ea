// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The passes, and their parts for who composes passes of his own.

#ifndef QOPT_DIALECT_NN_TRANSFORMS_PASSES_H
#define QOPT_DIALECT_NN_TRANSFORMS_PASSES_H

#include "qopt/Dialect/NN/Transforms/MomentsTable.h"
#include "qopt/Interfaces/QuantizationInterfaces.h"
#include "qopt/WeightRounding/Rounding.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"
#include "llvm/Support/CommandLine.h"

namespace mlir {
class RewritePatternSet;
class RewriterBase;
} // namespace mlir

namespace qopt::nn {

/// What a quantized function takes and returns.
enum class QuantizedInterface { Quantized, Float };

#define GEN_PASS_DECL
#include "qopt/Dialect/NN/Transforms/Passes.h.inc"

/// clamp(op(...)) -> op(...) with the clamp as its activation.
void populateNNFuseActivationsPatterns(mlir::RewritePatternSet &patterns);

/// Splits a quantized linear op into its accumulator and a requantize. An op
/// that has nothing to split is left alone and counts as a success; a failure
/// has been reported.
mlir::LogicalResult exposeRequantize(mlir::RewriterBase &rewriter,
                                     LinearOpInterface op);

/// What foldZeroPoints did.
enum class ZeroPointFolding { None, Folded, FoldedAndWidened };

/// Turns a quantized accumulator that is read as plain integers into plain
/// integers, with the input's zero point in the bias. A failure has been
/// reported.
mlir::FailureOr<ZeroPointFolding> foldZeroPoints(mlir::RewriterBase &rewriter,
                                                 LinearOpInterface op);

/// Passes that read moments which are in memory, not in a file.
std::unique_ptr<mlir::Pass>
createNNSearchWeightScalesPass(const NNSearchWeightScalesPassOptions &options,
                               SharedMoments moments);
std::unique_ptr<mlir::Pass>
createNNRoundWeightsPass(const NNRoundWeightsPassOptions &options,
                         SharedMoments moments);
std::unique_ptr<mlir::Pass>
createNNCorrectBiasPass(const NNCorrectBiasPassOptions &options,
                        SharedMoments moments);

#define GEN_PASS_REGISTRATION
#include "qopt/Dialect/NN/Transforms/Passes.h.inc"

} // namespace qopt::nn

#endif // QOPT_DIALECT_NN_TRANSFORMS_PASSES_H
