// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Decides, before anything is rewritten, which layers of a float function
// become integer ones, in which form, and which tensors share parameters.

#ifndef QOPT_LIB_DIALECT_NN_TRANSFORMS_QUANTIZATIONPLAN_H
#define QOPT_LIB_DIALECT_NN_TRANSFORMS_QUANTIZATIONPLAN_H

#include "qopt/Dialect/NN/IR/NN.h"
#include "qopt/Quantization/Profile.h"
#include "qopt/Quantization/Recipe.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/EquivalenceClasses.h"
#include "llvm/ADT/MapVector.h"

namespace qopt::nn {

/// What the whole graph is quantized to.
struct QuantizationRequest {
  quantization::Profile profile;
  quantization::Recipe recipe;
  quantization::Scheme scheme;
  /// What the profile prefers, unless set.
  std::optional<quantization::Granularity> granularity;
  /// Elements that share a scale where the granularity is sub-channel.
  int64_t groupSize = 32;
  /// How weights get their scales: `minmax` or `mse`.
  std::string weightEstimator = "minmax";
  /// Weights stay reals that are quantized at their place.
  bool keepWeights = false;
};

/// The form of one layer.
struct LayerPlan {
  /// Of weights, in a linear layer; null in others.
  const quantization::TensorForm *weights = nullptr;
  quantization::Granularity granularity = quantization::Granularity::PerTensor;
  int64_t groupSize = 32;
  /// The input is quantized by the range that it has at run time.
  bool isDynamic = false;
  std::string weightEstimator;
  bool keepWeights = false;
  /// Of operands and result; null where they stay float.
  const quantization::TensorForm *activations = nullptr;
  /// How the result is rounded: a name of `#quant.rounding`.
  std::string rounding;
  /// The result is added to a residual before it is rounded: it has no
  /// parameters of its own.
  bool isSummedWide = false;
};

class QuantizationPlan {
public:
  /// A failure has been reported.
  static mlir::FailureOr<QuantizationPlan>
  create(mlir::func::FuncOp func, const QuantizationRequest &request);

  /// Null for an op that stays float.
  const LayerPlan *lookup(mlir::Operation *op) const;

  /// All layers that change, in program order.
  const llvm::MapVector<mlir::Operation *, LayerPlan> &getLayers() const {
    return layers;
  }

private:
  mlir::LogicalResult addLayer(QuantizableOpInterface op, llvm::StringRef name,
                               const QuantizationRequest &request);
  void demoteIslands();
  void sumWide();

  llvm::MapVector<mlir::Operation *, LayerPlan> layers;
};

} // namespace qopt::nn

#endif // QOPT_LIB_DIALECT_NN_TRANSFORMS_QUANTIZATIONPLAN_H
