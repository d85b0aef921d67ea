// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// From a float graph to an integer one: what the user may choose, and the two
// steps that need more than a pipeline, calibration and the search for the best
// estimator.

#ifndef QOPT_PIPELINES_QUANTIZEMODEL_H
#define QOPT_PIPELINES_QUANTIZEMODEL_H

#include "mlir/IR/BuiltinOps.h"
#include "qopt/Pipelines/Pipelines.h"
#include "llvm/Support/Error.h"

#include <string>
#include <vector>

namespace qopt {

struct QuantizeOptions {
  /// `int8`, `int16x8`, …; see Quantization/Scheme.h.
  std::string scheme = "int8";
  /// A built-in target profile, or the path of one.
  std::string profile = "qopt";
  /// File with rules for single layers; empty for none.
  std::string recipe;
  /// `per-tensor`, `per-channel`; empty for what the profile prefers.
  std::string granularity;
  /// Of the ranges of activations.
  std::string estimator = "minmax";
  /// Of the ranges of weights.
  std::string weightEstimator = "minmax";
  /// Files of samples to observe the float graph on.
  std::vector<std::string> calibrate;
  /// Statistics of an earlier calibration, instead.
  std::string statistics;
  /// Take and return floats.
  bool floatInterface = false;
  /// Print progress to standard error.
  bool progress = false;
};

/// Sets `quant.range` on the tensors of `main`, a float graph.
llvm::Error attachRanges(mlir::ModuleOp module, const QuantizeOptions &options);

} // namespace qopt

#endif // QOPT_PIPELINES_QUANTIZEMODEL_H
