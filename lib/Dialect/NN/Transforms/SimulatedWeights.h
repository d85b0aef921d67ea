// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Weights and bias of a linear op in a simulation: constants of reals,
// constants of integers that are dequantized, or constants of reals that are
// quantized and dequantized.

#ifndef QOPT_LIB_DIALECT_NN_TRANSFORMS_SIMULATEDWEIGHTS_H
#define QOPT_LIB_DIALECT_NN_TRANSFORMS_SIMULATEDWEIGHTS_H

#include "qopt/Dialect/NN/IR/LinearLayers.h"
#include "qopt/Dialect/NN/IR/NN.h"
#include "qopt/Dialect/NN/IR/WeightScales.h"

#include "mlir/IR/PatternMatch.h"

#include <vector>

namespace qopt::nn {

/// The scale and zero point of a row; nothing for a type that has several in
/// one.
std::optional<ScaleAndZeroPoint> getRowParameters(quant::QuantizedType type,
                                                  int64_t row);

/// Weights as reals that are yet to be rounded: constant, quant.qcast,
/// quant.dcast.
struct RealWeights {
  quant::QuantizeCastOp quantize;
  quant::QuantizedType type;
  WeightScales scales;
  std::vector<float> values;

  /// Nothing if the op has other weights.
  static std::optional<RealWeights> get(LinearOpInterface op);

  /// Whether there are several scales in a row.
  bool hasGroups() const {
    return mlir::isa<quant::UniformQuantizedSubChannelType>(type);
  }
};

/// The weights that the op calculates with, in the order of their tensor;
/// nothing if they are not known.
std::optional<std::vector<double>> readEffectiveWeights(LinearOpInterface op);

/// An `nn.constant` of this element type.
mlir::Value makeStored(mlir::OpBuilder &builder, mlir::Location loc,
                       mlir::RankedTensorType real, quant::QuantizedType type,
                       llvm::ArrayRef<int64_t> stored);

/// The type that the bias of an op with this input and these weights has, or
/// null if one of them is not quantized.
quant::QuantizedType getBiasType(LinearOpInterface op);

/// Gives the op a bias in the form that the simulation asks for.
void setBias(mlir::RewriterBase &rewriter, LinearOpInterface op,
             llvm::ArrayRef<double> bias);

/// The reals that the op's bias stands for, zeros where there is none.
std::optional<std::vector<double>> readEffectiveBias(LinearOpInterface op);

} // namespace qopt::nn

#endif // QOPT_LIB_DIALECT_NN_TRANSFORMS_SIMULATEDWEIGHTS_H
