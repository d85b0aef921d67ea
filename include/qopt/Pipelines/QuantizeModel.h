// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// From a float graph to an integer one: what the user may choose, and the two
// steps that need more than a pipeline, calibration and the search for the best
// estimator.

#ifndef QOPT_PIPELINES_QUANTIZEMODEL_H
#define QOPT_PIPELINES_QUANTIZEMODEL_H

#include "mlir/IR/BuiltinOps.h"
#include "qopt/Dialect/NN/Transforms/MomentsTable.h"
#include "qopt/Pipelines/Pipelines.h"
#include "llvm/Support/Error.h"

#include <optional>
#include <string>
#include <vector>

namespace qopt {

/// What becomes of shifts of a layer's mean result.
enum class BiasCorrection { None, Analytic, Empirical };

/// What may also be found out by trying.
enum class Choice { Auto, On, Off };

struct QuantizeOptions {
  /// `int8`, `int16x8`, …; see Quantization/Scheme.h.
  std::string scheme = "int8";
  /// A built-in target profile, or the path of one.
  std::string profile = "qopt";
  /// File with rules for single layers; empty for none.
  std::string recipe;
  /// `per-tensor`, `per-channel`, `sub-channel`; empty for what the profile
  /// prefers.
  std::string granularity;
  /// Input channels that share a scale where that is `sub-channel`.
  int64_t groupSize = 32;
  /// Of the ranges of activations; `auto` takes the one with the least error of
  /// the simulation's outputs.
  std::string estimator = "auto";
  /// Of the ranges of weights, likewise.
  std::string weightEstimator = "auto";
  /// Whether channels are equalized between layers.
  Choice equalize = Choice::Auto;
  /// How weights become integers; by default the best way for which there is
  /// data.
  std::optional<rounding::Method> weightRounding;
  /// By default analytic where there is data.
  std::optional<BiasCorrection> biasCorrection;
  /// Choose scales of weights by the layers' errors; by default for weights of
  /// few bits.
  Choice searchWeightScales = Choice::Auto;
  /// Files of samples to observe the float graph on.
  std::vector<std::string> calibrate;
  /// Statistics of an earlier calibration, instead.
  std::string statistics;
  /// File with moments of an earlier calibration; where to keep those of this
  /// one. Empty for none.
  std::string moments, saveMoments;
  /// Take and return floats.
  bool floatInterface = false;
  /// Print progress to standard error.
  bool progress = false;

  /// What calibration learned about the inputs of linear layers.
  nn::SharedMoments gathered;

  /// True if there is data to round weights by.
  bool hasMoments() const { return !calibrate.empty() || !moments.empty(); }
  rounding::Method getWeightRounding() const {
    return weightRounding.value_or(hasMoments() ? rounding::Method::Sequential
                                                : rounding::Method::Nearest);
  }
  BiasCorrection getBiasCorrection() const {
    return biasCorrection.value_or(hasMoments() ? BiasCorrection::Analytic
                                                : BiasCorrection::None);
  }
  /// True if calibration must gather moments.
  bool needsMoments() const {
    return !calibrate.empty() && moments.empty() &&
           (getWeightRounding() != rounding::Method::Nearest ||
            getBiasCorrection() != BiasCorrection::None ||
            searchWeightScales == Choice::On || !saveMoments.empty());
  }
};

/// The simulation pipeline with its part of the options.
void buildSimulationPipeline(mlir::OpPassManager &pm,
                             const QuantizeOptions &options);

/// Prepares a module in phase `float` for the simulation: observes it on
/// samples, sets `quant.range` on its tensors, and settles in `options` what
/// was left open there. Channels may have been equalized afterwards.
llvm::Error prepareQuantization(mlir::ModuleOp module,
                                QuantizeOptions &options);

/// Sets the biases of a simulation, one layer after the other, by what the
/// simulation's own tensors are in the mean. Needs samples and `gathered`.
llvm::Error correctBiasEmpirically(mlir::ModuleOp module,
                                   const QuantizeOptions &options);

} // namespace qopt

#endif // QOPT_PIPELINES_QUANTIZEMODEL_H
