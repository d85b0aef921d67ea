// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which op of one stage became which op of the next.

#ifndef QOPT_LIB_PIPELINES_LAYERMATCHING_H
#define QOPT_LIB_PIPELINES_LAYERMATCHING_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/Value.h"
#include "qopt/Pipelines/MeasureQuantization.h"

namespace qopt {

/// An op that computes, through the stages; null where it has no counterpart.
struct MatchedLayer {
  mlir::Operation *folded = nullptr;
  mlir::Operation *prepared = nullptr;
  mlir::Operation *simulated = nullptr;
  mlir::Operation *quantized = nullptr;
};

/// The layers in program order. Constants, casts and ops that only move values
/// are none.
std::vector<MatchedLayer> matchLayers(const QuantizationStages &stages);

/// What a simulated value is stored as: the cast after it, or null.
mlir::Operation *findQuantize(mlir::Value value);
/// The value after quantize and dequantize; `value` where there are none.
mlir::Value findSimulated(mlir::Value value);

} // namespace qopt

#endif // QOPT_LIB_PIPELINES_LAYERMATCHING_H
