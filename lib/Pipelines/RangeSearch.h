// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The search for the ranges of activations whose simulation is closest to the
// float model.

#ifndef QOPT_LIB_PIPELINES_RANGESEARCH_H
#define QOPT_LIB_PIPELINES_RANGESEARCH_H

#include "SimulationTrial.h"

#include "qopt/Calibration/RangeEstimator.h"
#include "qopt/Calibration/Statistics.h"

namespace qopt {

/// What the float model's tensors held, by halves of the samples.
struct Observations {
  std::array<calibration::Statistics, 2> halves;

  /// Of all samples.
  calibration::Statistics merge() const;
};

/// How the range of a tensor is made of its statistics: an estimator's, with
/// its ends multiplied by something.
struct RangeRule {
  size_t estimator = 0;
  double low = 1, high = 1;
};

class RangeSearch {
public:
  /// `module` is what was observed. A tensor that a recipe names an estimator
  /// for keeps it; `estimator` is that of all others, `auto` for any.
  static llvm::Expected<RangeSearch> create(mlir::ModuleOp module,
                                            const Observations &observations,
                                            const QuantizeOptions &options,
                                            llvm::StringRef estimator);
  /// For statistics that cannot be told apart any more: nothing can be tried.
  static llvm::Expected<RangeSearch>
  create(mlir::ModuleOp module, const calibration::Statistics &statistics,
         const QuantizeOptions &options, llvm::StringRef estimator);

  /// Takes the best estimator for all tensors.
  llvm::Error chooseEstimator(SimulationTrial &trial);
  /// Then a rule for each tensor in turn, where that is clearly better.
  llvm::Error refine(SimulationTrial &trial);

  /// The noise of the rules found, once there are any.
  const Noise &getNoise() const { return noise; }
  void setNoise(Noise value) { noise = std::move(value); }
  llvm::Expected<Noise> measure(SimulationTrial &trial);

  /// Name of the estimator that most tensors have.
  llvm::StringRef getEstimator() const { return names[general]; }

  /// Sets the ranges of the module's tensors, estimated on all samples.
  void attach();

private:
  /// Half 0, half 1, all samples.
  using Source = size_t;
  static constexpr size_t all = 2;

  static llvm::Expected<RangeSearch>
  create(mlir::ModuleOp module,
         std::array<const calibration::Statistics *, 3> sources,
         const QuantizeOptions &options, llvm::StringRef estimator);
  calibration::Range getRange(Source source, size_t tensor,
                              const RangeRule &rule) const;
  llvm::Expected<std::array<Parameters, 2>>
  readParameters(llvm::ArrayRef<RangeRule> rules);
  llvm::Expected<bool> tryRule(SimulationTrial &trial, size_t tensor,
                               RangeRule rule);

  mlir::ModuleOp module;
  bool showProgress = false;
  std::shared_ptr<ParameterReader> reader;
  /// Of estimators: the general ones, then those that only a recipe names.
  std::vector<std::string> names;
  size_t numGeneral = 0;
  /// [source][estimator][tensor]
  std::array<std::vector<std::vector<calibration::Range>>, 3> ranges;
  std::vector<bool> isFixed;
  size_t general = 0;
  std::vector<RangeRule> rules;
  std::array<Parameters, 2> parameters;
  Noise noise;
  int64_t spent = 0;
};

} // namespace qopt

#endif // QOPT_LIB_PIPELINES_RANGESEARCH_H
