// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// See SimulationTrial.h.

#include "SimulationTrial.h"
#include "SimulationSteps.h"

#include "mlir/Pass/PassManager.h"
#include "qopt/Dialect/NN/IR/NN.h"
#include "qopt/Dialect/NN/Transforms/Calibration.h"

#include <cmath>
#include <numeric>

using namespace llvm;
using namespace qopt;
using mlir::ModuleOp;

static mlir::func::FuncOp getMain(ModuleOp module) {
  return module.lookupSymbol<mlir::func::FuncOp>("main");
}

//===----------------------------------------------------------------------===//
// Samples
//===----------------------------------------------------------------------===//

/// Bytes of samples that are kept rather than read again for each trial.
static constexpr size_t maxKeptBytes = size_t(32) << 20;

Expected<TrialSamples> TrialSamples::create(ModuleOp module,
                                            samples::SampleSet &samples) {
  TrialSamples trials;
  trials.samples = &samples;
  // Pairs of neighbours, one of each half, from everywhere.
  int64_t pairs = std::min((samples.size() + 1) / 2, maxSamples / 2);
  for (int64_t i = 0; i < pairs; ++i) {
    int64_t first = i * ((samples.size() + 1) / 2) / pairs * 2;
    for (int64_t index : {first, first + 1})
      if (index < samples.size())
        trials.indices.push_back(index);
  }
  auto runner = ModelRunner::create(module);
  if (!runner)
    return runner.takeError();
  size_t bytes = 0;
  for (int64_t trial = 0; trial < trials.size(); ++trial) {
    auto inputs = trials.read(trial);
    if (!inputs)
      return inputs.takeError();
    for (const Tensor &input : *inputs)
      bytes += input.bytes.size();
    if (bytes <= maxKeptBytes)
      trials.kept.emplace_back(inputs->begin(), inputs->end());
    auto outputs = (*runner)->run(*inputs);
    if (!outputs)
      return outputs.takeError();
    trials.expected.emplace_back(outputs->begin(), outputs->end());
    trials.signals.resize(outputs->size());
    for (auto [signal, output] : zip_equal(trials.signals, *outputs))
      for (int64_t k = 0, e = output.getNumElements(); k < e; ++k)
        signal += output.getReal(k) * output.getReal(k);
  }
  return std::move(trials);
}

Expected<ArrayRef<Tensor>> TrialSamples::read(int64_t trial) {
  if (static_cast<size_t>(trial) < kept.size())
    return ArrayRef<Tensor>(kept[trial]);
  if (Error error = samples->read(indices[trial], current))
    return std::move(error);
  return ArrayRef<Tensor>(current);
}

double TrialSamples::getNoise(int64_t trial, ArrayRef<Tensor> outputs) const {
  double mean = 0;
  for (auto [index, output] : enumerate(outputs)) {
    const Tensor &wanted = expected[trial][index];
    double noise = 0;
    for (int64_t k = 0, e = wanted.getNumElements(); k < e; ++k) {
      double difference = wanted.getReal(k) - output.getReal(k);
      noise += difference * difference;
    }
    mean += noise / std::max(signals[index], 1e-30) /
            static_cast<double>(outputs.size());
  }
  return mean;
}

//===----------------------------------------------------------------------===//
// Noise
//===----------------------------------------------------------------------===//

double qopt::getTotal(const Noise &noise) {
  return std::accumulate(noise.begin(), noise.end(), 0.0);
}

double qopt::getRatio(const Noise &noise) {
  return -10 * std::log10(std::max(getTotal(noise), 1e-30));
}

/// In standard errors: what a gain in a single sample amounts to is 1.
static constexpr double significance = 1.02;

bool qopt::isClearlyLess(const Noise &noise, const Noise &other) {
  double count = static_cast<double>(noise.size());
  double gain = (getTotal(other) - getTotal(noise)) / count;
  if (!(gain > 0))
    return false;
  double squares = 0;
  for (auto [a, b] : zip_equal(noise, other))
    squares += (b - a - gain) * (b - a - gain);
  return count > 1 &&
         gain > significance * std::sqrt(squares / (count - 1) / count);
}

//===----------------------------------------------------------------------===//
// Trials
//===----------------------------------------------------------------------===//

/// Runs passes; what is odd about a candidate is said of the one that is
/// chosen.
static Error runQuietly(mlir::PassManager &pm, ModuleOp module) {
  mlir::ScopedDiagnosticHandler quiet(
      module.getContext(), [](mlir::Diagnostic &diagnostic) {
        return mlir::success(diagnostic.getSeverity() !=
                             mlir::DiagnosticSeverity::Error);
      });
  if (mlir::failed(pm.run(module)))
    return createStringError("the model cannot be quantized");
  return Error::success();
}

/// Multiply-adds of linear layers, and the elements of all others times what
/// their memory traffic costs.
static int64_t estimateCost(ModuleOp module) {
  constexpr int64_t perElement = 4;
  int64_t cost = 0;
  module.walk([&](mlir::Operation *op) {
    if (op->getNumResults() != 1 || op->getNumOperands() == 0)
      return;
    auto type = dyn_cast<mlir::RankedTensorType>(op->getResult(0).getType());
    if (!type)
      return;
    int64_t each = perElement;
    if (auto linear = dyn_cast<LinearOpInterface>(op)) {
      auto weights = cast<mlir::RankedTensorType>(
          linear.getWeightOperand().get().getType());
      each += weights.getNumElements() /
              std::max<int64_t>(
                  1, weights.getDimSize(linear.getWeightChannelAxis()));
    }
    cost += type.getNumElements() * each;
  });
  return cost;
}

Expected<std::unique_ptr<SimulationTrial>>
SimulationTrial::create(ModuleOp module, const QuantizeOptions &options,
                        TrialSamples &samples) {
  mlir::OwningOpRef<ModuleOp> copy(module.clone());
  mlir::PassManager pm(module.getContext());
  QuantizeOptions faster = options;
  // Takes long and hardly changes which choice is best.
  if (options.getWeightRounding() == rounding::Method::Learned)
    faster.weightRounding = rounding::Method::Sequential;
  SimulationPipelineOptions simulation;
  readOptions(faster, simulation);
  buildFakeQuantizeStep(pm, simulation);
  buildRoundingStep(pm, simulation, options.gathered);
  if (Error error = runQuietly(pm, *copy))
    return std::move(error);
  nn::exposeCastParameters(getMain(*copy));
  std::unique_ptr<SimulationTrial> trial(new SimulationTrial(samples));
  trial->cost = estimateCost(*copy);
  auto runner = ModelRunner::create(*copy);
  if (!runner)
    return runner.takeError();
  trial->runner = std::move(*runner);
  return std::move(trial);
}

/// Samples after which a trial that is worse so far ends.
static constexpr int64_t patience = 16;

Expected<Noise>
SimulationTrial::run(const std::array<Parameters, 2> &parameters,
                     const Noise *best) {
  std::array<std::vector<Tensor>, 2> settings;
  for (auto [own, inputs] : zip_equal(parameters, settings))
    for (float value : nn::makeCastInputs(own)) {
      Tensor &input = inputs.emplace_back(ElementKind::Float32, 1);
      input.get<float>()[0] = value;
    }
  Noise noise;
  std::vector<Tensor> inputs;
  double excess = 0;
  for (int64_t i = 0; i < samples.size(); ++i) {
    if (best && i > 0 && i % patience == 0 && excess > 0)
      return Noise();
    auto sample = samples.read(i);
    if (!sample)
      return sample.takeError();
    inputs.assign(sample->begin(), sample->end());
    const std::vector<Tensor> &others = settings[1 - samples.getHalf(i)];
    inputs.insert(inputs.end(), others.begin(), others.end());
    auto outputs = runner->run(inputs);
    if (!outputs)
      return outputs.takeError();
    noise.push_back(samples.getNoise(i, *outputs));
    excess += noise.back() - (best ? (*best)[i] : 0);
  }
  return std::move(noise);
}

//===----------------------------------------------------------------------===//
// Parameters
//===----------------------------------------------------------------------===//

ParameterReader::ParameterReader(ModuleOp module,
                                 const QuantizeOptions &options)
    : skeleton(module.clone()), options(options) {
  // Weights take most of the time and do not matter here.
  mlir::OpBuilder builder(module.getContext());
  auto flatten = [&](mlir::Value value) -> mlir::Value {
    if (!value || !value.getDefiningOp<nn::ConstantOp>())
      return value;
    auto type = cast<mlir::RankedTensorType>(value.getType());
    if (!type.getElementType().isF32())
      return value;
    return nn::ConstantOp::create(builder, value.getLoc(), type,
                                  mlir::DenseElementsAttr::get(type, 1.0f));
  };
  skeleton->walk([&](LinearOpInterface op) {
    builder.setInsertionPoint(op);
    op.getWeightOperand().set(flatten(op.getWeightOperand().get()));
    if (mlir::Value bias = op.getBiasValue())
      op.setBiasValue(flatten(bias));
  });
  this->options.weightEstimator = "minmax";
}

Expected<Parameters>
ParameterReader::read(ArrayRef<calibration::Range> ranges) {
  mlir::OwningOpRef<ModuleOp> copy(skeleton->clone());
  for (auto [tensor, range] :
       zip_equal(nn::collectObservedTensors(getMain(*copy)), ranges))
    nn::setRange(tensor.value, range);
  mlir::PassManager pm(copy->getContext());
  SimulationPipelineOptions simulation;
  readOptions(options, simulation);
  buildFakeQuantizeStep(pm, simulation);
  if (Error error = runQuietly(pm, *copy))
    return std::move(error);
  return nn::collectCastParameters(getMain(*copy));
}
