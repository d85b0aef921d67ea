// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The parameters of a simulation's casts as inputs of the program: compiled
// once, it simulates any ranges. That is how ranges are searched.

#ifndef QOPT_DIALECT_NN_TRANSFORMS_CASTPARAMETERS_H
#define QOPT_DIALECT_NN_TRANSFORMS_CASTPARAMETERS_H

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace qopt::nn {

/// What a pair `quant.qcast`, `quant.dcast` does to a tensor:
/// scale * clamp(round(x / scale), low, high).
struct CastParameters {
  float scale = 1;
  /// The least and the greatest stored value, less the zero point.
  int64_t low = 0, high = 0;

  bool operator==(const CastParameters &other) const {
    return scale == other.scale && low == other.low && high == other.high;
  }
};

/// The parameters of all pairs on tensors that are not constant, in program
/// order.
llvm::SmallVector<CastParameters> collectCastParameters(mlir::func::FuncOp f);

/// Numbers of `exposeCastParameters` for each pair.
constexpr size_t numCastInputs = 5;

/// Replaces those pairs by arithmetic in float32 on new arguments of the
/// function, `numCastInputs` for each pair and one for all of them at the end,
/// all tensor<1xf32>. It rounds ties to even.
void exposeCastParameters(mlir::func::FuncOp func);

/// The values of those arguments.
llvm::SmallVector<float>
makeCastInputs(llvm::ArrayRef<CastParameters> parameters);

} // namespace qopt::nn

#endif // QOPT_DIALECT_NN_TRANSFORMS_CASTPARAMETERS_H
