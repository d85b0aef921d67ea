// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Integers for the weights and the bias of one linear layer.

#ifndef QOPT_LIB_DIALECT_NN_TRANSFORMS_QUANTIZEWEIGHTS_H
#define QOPT_LIB_DIALECT_NN_TRANSFORMS_QUANTIZEWEIGHTS_H

#include "QuantizationPlan.h"

#include "mlir/IR/PatternMatch.h"

namespace qopt::nn {

/// The scales around a layer whose activations are quantized.
struct LayerScales {
  double input, result;
  /// The greatest magnitude that the input can have.
  double greatestInput;
};

/// What quantizing a layer's weights came across.
struct WeightFindings {
  /// Channels whose scale had to be raised.
  int64_t numLifted = 0;
  /// How far the result may be off for it, in steps of the result.
  double greatestLoss = 0;
};

/// Replaces weights and bias of `op` by constants of integers, each followed by
/// a `quant.dcast`. Without `scales` (activations stay float) the bias is left
/// alone. A failure has been reported.
mlir::FailureOr<WeightFindings>
quantizeWeights(mlir::RewriterBase &rewriter, LinearOpInterface op,
                const LayerPlan &plan, std::optional<LayerScales> scales);

} // namespace qopt::nn

#endif // QOPT_LIB_DIALECT_NN_TRANSFORMS_QUANTIZEWEIGHTS_H
