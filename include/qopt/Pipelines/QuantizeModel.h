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

/// What may also be found out by trying.
enum class Choice { Auto, On, Off };

struct QuantizeOptions {
  /// `int8`, `int16x8`, …; see Quantization/Scheme.h.
  std::string scheme = "int8";
  /// A built-in target profile, or the path of one.
  std::string profile = "qopt";
  /// File with rules for single layers; empty for none.
  std::string recipe;
  /// `per-tensor`, `per-channel`; empty for what the profile prefers.
  std::string granularity;
  /// Of the ranges of activations; `auto` takes the one with the least error of
  /// the simulation's outputs.
  std::string estimator = "auto";
  /// Of the ranges of weights, likewise.
  std::string weightEstimator = "auto";
  /// Whether channels are equalized between layers.
  Choice equalize = Choice::Auto;
  /// Files of samples to observe the float graph on.
  std::vector<std::string> calibrate;
  /// Statistics of an earlier calibration, instead.
  std::string statistics;
  /// Take and return floats.
  bool floatInterface = false;
  /// Print progress to standard error.
  bool progress = false;
};

/// The simulation pipeline with its part of the options.
void buildSimulationPipeline(mlir::OpPassManager &pm,
                             const QuantizeOptions &options);

/// Prepares a module in phase `float` for the simulation: observes it on
/// samples, sets `quant.range` on its tensors, and settles in `options` what
/// was left open there. Channels may have been equalized afterwards.
llvm::Error prepareQuantization(mlir::ModuleOp module,
                                QuantizeOptions &options);

} // namespace qopt

#endif // QOPT_PIPELINES_QUANTIZEMODEL_H
