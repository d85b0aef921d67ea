// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a choice does to the model's outputs. Ranges are judged on samples that
// they were not made of: the samples are dealt into two halves, and each half
// is run with the ranges of the other one (two-fold cross-validation). A range
// that is cut to the very samples it is judged by always looks good.

#ifndef QOPT_LIB_PIPELINES_SIMULATIONTRIAL_H
#define QOPT_LIB_PIPELINES_SIMULATIONTRIAL_H

#include "qopt/Calibration/RangeEstimator.h"
#include "qopt/Dialect/NN/Transforms/CastParameters.h"
#include "qopt/Pipelines/ModelRunner.h"
#include "qopt/Pipelines/QuantizeModel.h"
#include "qopt/Samples/Samples.h"

#include <array>

namespace qopt {

/// Some of the samples with the float model's outputs.
class TrialSamples {
public:
  /// More samples make trials slower and hardly change them.
  static constexpr int64_t maxSamples = 64;

  /// For a module in phase `float`; `samples` must stay alive.
  static llvm::Expected<TrialSamples> create(mlir::ModuleOp module,
                                             samples::SampleSet &samples);

  int64_t size() const { return static_cast<int64_t>(indices.size()); }
  /// The half, 0 or 1, that a trial sample belongs to.
  int64_t getHalf(int64_t trial) const { return getHalfOf(indices[trial]); }
  /// The half of any of the samples.
  static int64_t getHalfOf(int64_t index) { return index % 2; }

  /// Reads the inputs of trial sample `trial`, which stay until the next call.
  llvm::Expected<llvm::ArrayRef<Tensor>> read(int64_t trial);

  /// The squared error of outputs for a trial sample over the signal of all;
  /// that of several outputs is the mean.
  double getNoise(int64_t trial, llvm::ArrayRef<Tensor> outputs) const;

private:
  samples::SampleSet *samples = nullptr;
  std::vector<int64_t> indices;
  /// As many of them as take little memory.
  std::vector<std::vector<Tensor>> kept;
  std::vector<Tensor> current;
  std::vector<std::vector<Tensor>> expected;
  /// Of each output, the sum of its squares.
  std::vector<double> signals;
};

/// Noise of each trial sample.
using Noise = std::vector<double>;

double getTotal(const Noise &noise);
/// The signal to noise ratio in dB.
double getRatio(const Noise &noise);
/// True if `noise` is less than `other` by more than chance: the mean of the
/// differences is beyond its standard error. A gain in one sample alone never
/// is.
bool isClearlyLess(const Noise &noise, const Noise &other);

/// The parameters of a simulation's casts.
using Parameters = llvm::SmallVector<nn::CastParameters>;

/// A simulation, compiled once, whose ranges are inputs.
class SimulationTrial {
public:
  /// For a module with any ranges and settled options for the weights.
  static llvm::Expected<std::unique_ptr<SimulationTrial>>
  create(mlir::ModuleOp module, const QuantizeOptions &options,
         TrialSamples &samples);

  /// Runs half 0 with `parameters[1]` and half 1 with `parameters[0]`. Gives up
  /// if the first samples have more noise than `best`; then there is none.
  llvm::Expected<Noise> run(const std::array<Parameters, 2> &parameters,
                            const Noise *best = nullptr);

  /// Multiply-adds and the like of one run, about.
  int64_t getCost() const { return cost; }

private:
  SimulationTrial(TrialSamples &samples) : samples(samples) {}

  TrialSamples &samples;
  std::unique_ptr<ModelRunner> runner;
  int64_t cost = 0;
};

/// Finds the parameters that ranges lead to.
class ParameterReader {
public:
  ParameterReader(mlir::ModuleOp module, const QuantizeOptions &options);

  /// The ranges of all observed tensors of the module, in their order.
  llvm::Expected<Parameters> read(llvm::ArrayRef<calibration::Range> ranges);

private:
  mlir::OwningOpRef<mlir::ModuleOp> skeleton;
  QuantizeOptions options;
};

} // namespace qopt

#endif // QOPT_LIB_PIPELINES_SIMULATIONTRIAL_H
