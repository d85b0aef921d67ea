// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Every open choice is settled by trying: the module is copied, quantized, and
// its simulation run on a part of the samples; what comes closest to the float
// model's outputs is kept. One choice is settled after the other, so the number
// of trials is the sum of the alternatives, not their product.

#include "qopt/Pipelines/QuantizeModel.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/Pass/PassManager.h"
#include "qopt/Dialect/NN/Transforms/Calibration.h"
#include "qopt/Dialect/NN/Transforms/Passes.h"
#include "qopt/Dialect/Quant/IR/Quant.h"
#include "qopt/Pipelines/Calibrator.h"
#include "qopt/Pipelines/Compiler.h"
#include "qopt/Pipelines/GatherMoments.h"
#include "qopt/Quantization/Profile.h"
#include "qopt/Quantization/Recipe.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/Support/FormatVariadic.h"

#include <cmath>

using namespace llvm;
using namespace qopt;
using mlir::ModuleOp;
using mlir::OwningOpRef;

//===----------------------------------------------------------------------===//
// Observation
//===----------------------------------------------------------------------===//

static mlir::func::FuncOp getMain(ModuleOp module) {
  return module.lookupSymbol<mlir::func::FuncOp>("main");
}

/// Runs the float model on all samples; keeps what the weights' rounding needs
/// in `options`.
static Expected<calibration::Statistics> observe(ModuleOp module,
                                                 samples::SampleSet &samples,
                                                 QuantizeOptions &options) {
  auto calibrator = Calibrator::create(module);
  if (!calibrator)
    return calibrator.takeError();
  std::optional<MomentsGatherer> gatherer;
  if (options.needsMoments())
    gatherer.emplace(getMain(module), samples.size());
  std::vector<Tensor> sample;
  for (int64_t i = 0; i < samples.size(); ++i) {
    if (Error error = samples.read(i, sample))
      return std::move(error);
    if (Error error = (*calibrator)->add(sample))
      return std::move(error);
    if (gatherer)
      for (auto [index, tensor] : enumerate((*calibrator)->getTensors()))
        gatherer->add(tensor.value, (*calibrator)->getValues(index));
  }
  if (gatherer)
    options.gathered = gatherer->finish();
  return (*calibrator)->getStatistics();
}

/// Sets the ranges that an estimator gives for the tensors' statistics.
static Error attachRanges(ModuleOp module,
                          const calibration::Statistics &statistics,
                          const QuantizeOptions &options, StringRef estimator) {
  auto scheme = quantization::parseScheme(options.scheme);
  if (!scheme)
    return scheme.takeError();
  auto profile = quantization::loadProfile(options.profile);
  if (!profile)
    return profile.takeError();
  nn::RangeOptions ranges;
  ranges.estimator = estimator.str();
  ranges.request.bits = std::min(scheme->activationBits, 16u);
  // What the profile says of most ops; rules for single kinds hardly change
  // where a range is best cut.
  for (const quantization::TensorForm &form : profile->activations)
    if (form.bits == ranges.request.bits) {
      ranges.request.isSigned = form.isSigned;
      ranges.request.symmetric = form.symmetric;
      break;
    }
  if (!options.recipe.empty()) {
    auto recipe = quantization::loadRecipe(options.recipe);
    if (!recipe)
      return recipe.takeError();
    for (const quantization::RecipeRule &rule : recipe->rules)
      if (rule.choice.estimator)
        ranges.overrides.emplace_back(rule.layers, *rule.choice.estimator);
  }
  StringRef file = options.statistics.empty() ? StringRef("the samples")
                                              : StringRef(options.statistics);
  auto attached = nn::attachRanges(module, statistics, file, ranges);
  if (!attached)
    return attached.takeError();
  return Error::success();
}

//===----------------------------------------------------------------------===//
// Trials
//===----------------------------------------------------------------------===//

namespace {

/// The float model's outputs on some of the samples, and how far a simulation
/// is from them.
class Judge {
public:
  static Expected<Judge> create(ModuleOp module, samples::SampleSet &samples);

  /// The signal to noise ratio, in dB, of a module with ranges.
  Expected<double> judge(ModuleOp module, const QuantizeOptions &options) const;

private:
  /// Runs a model on the samples; all outputs one after another.
  Expected<std::vector<float>> run(ModuleOp module) const;

  samples::SampleSet *samples = nullptr;
  std::vector<float> expected;
};

} // namespace

/// More samples than this make the trials slower and hardly change them.
static constexpr int64_t maxTrialSamples = 64;

Expected<std::vector<float>> Judge::run(ModuleOp module) const {
  auto runner = ModelRunner::create(module);
  if (!runner)
    return runner.takeError();
  std::vector<float> outputs;
  int64_t count = std::min(samples->size(), maxTrialSamples);
  std::vector<Tensor> sample;
  for (int64_t i = 0; i < count; ++i) {
    if (Error error = samples->read(i * samples->size() / count, sample))
      return std::move(error);
    auto results = (*runner)->run(sample);
    if (!results)
      return results.takeError();
    for (const Tensor &result : *results)
      for (int64_t k = 0, e = result.getNumElements(); k < e; ++k)
        outputs.push_back(static_cast<float>(result.getReal(k)));
  }
  return std::move(outputs);
}

Expected<Judge> Judge::create(ModuleOp module, samples::SampleSet &samples) {
  Judge judge;
  judge.samples = &samples;
  auto outputs = judge.run(module);
  if (!outputs)
    return outputs.takeError();
  judge.expected = std::move(*outputs);
  return std::move(judge);
}

Expected<double> Judge::judge(ModuleOp module,
                              const QuantizeOptions &options) const {
  OwningOpRef<ModuleOp> copy(module.clone());
  mlir::PassManager pm(module.getContext());
  buildSimulationPipeline(pm, options);
  // What is odd about a candidate is said of the one that is chosen.
  mlir::ScopedDiagnosticHandler quiet(
      module.getContext(), [](mlir::Diagnostic &diagnostic) {
        return mlir::success(diagnostic.getSeverity() !=
                             mlir::DiagnosticSeverity::Error);
      });
  if (mlir::failed(pm.run(*copy)))
    return createStringError("the model cannot be quantized");
  auto outputs = run(*copy);
  if (!outputs)
    return outputs.takeError();
  double signal = 0, noise = 0;
  for (auto [y, x] : zip_equal(expected, *outputs)) {
    signal += double(y) * y;
    noise += (double(y) - x) * (double(y) - x);
  }
  return 10 * std::log10(signal / std::max(noise, 1e-30));
}

static Error equalize(ModuleOp module) {
  mlir::PassManager pm(module.getContext());
  pm.addPass(nn::createNNEqualizeCrossLayerPass());
  if (mlir::failed(pm.run(module)))
    return createStringError("equalization failed");
  return Error::success();
}

/// Tries the candidates of an open choice and keeps the best.
static Error settle(std::string &choice, ArrayRef<StringRef> candidates,
                    StringRef what, ModuleOp module, QuantizeOptions &options,
                    const Judge &judge) {
  if (choice != "auto")
    return Error::success();
  std::string best;
  double greatest = -std::numeric_limits<double>::infinity();
  for (StringRef candidate : candidates) {
    choice = candidate.str();
    auto ratio = judge.judge(module, options);
    if (!ratio)
      return ratio.takeError();
    if (options.progress)
      errs() << formatv("{0} {1}: {2:f2} dB\n", what, candidate, *ratio);
    if (*ratio > greatest) {
      greatest = *ratio;
      best = choice;
    }
  }
  choice = best;
  return Error::success();
}

/// Takes the estimator of activations' ranges whose simulation is best.
static Error settleEstimator(ModuleOp module,
                             const calibration::Statistics &statistics,
                             QuantizeOptions &options, const Judge &judge) {
  if (options.estimator != "auto")
    return attachRanges(module, statistics, options, options.estimator);
  QuantizeOptions trial = options;
  if (trial.weightEstimator == "auto")
    trial.weightEstimator = "minmax";
  // How weights are rounded takes long and does not change which is best.
  trial.weightRounding = rounding::Method::Nearest;
  double greatest = -std::numeric_limits<double>::infinity();
  for (StringRef candidate : {"minmax", "percentile:99.99", "mse", "kl"}) {
    if (Error error = attachRanges(module, statistics, options, candidate))
      return error;
    auto ratio = judge.judge(module, trial);
    if (!ratio)
      return ratio.takeError();
    if (options.progress)
      errs() << formatv("estimator {0}: {1:f2} dB\n", candidate, *ratio);
    if (*ratio > greatest) {
      greatest = *ratio;
      options.estimator = candidate.str();
    }
  }
  return attachRanges(module, statistics, options, options.estimator);
}

/// Without samples nothing can be tried: what is open gets its usual value.
static Error useStatistics(ModuleOp module, QuantizeOptions &options) {
  if (options.equalize == Choice::On)
    return createStringError("--equalize=on changes the tensors that '" +
                             options.statistics +
                             "' is about, it needs --calibrate=SAMPLES");
  options.equalize = Choice::Off;
  if (options.weightEstimator == "auto")
    options.weightEstimator = "minmax";
  if (options.estimator == "auto")
    options.estimator = "mse";
  auto statistics = calibration::loadStatistics(options.statistics);
  if (!statistics)
    return statistics.takeError();
  return attachRanges(module, *statistics, options, options.estimator);
}

Error qopt::prepareQuantization(ModuleOp module, QuantizeOptions &options) {
  if (!getMain(module))
    return createStringError("the module has no function 'main'");
  if (!options.statistics.empty())
    return useStatistics(module, options);
  if (options.calibrate.empty())
    return createStringError("--quantize=" + options.scheme +
                             " needs --calibrate=SAMPLES or --statistics=FILE");
  auto interface = describeModel(module);
  if (!interface)
    return interface.takeError();
  auto samples =
      samples::SampleSet::open(options.calibrate, getInputFormats(*interface));
  if (!samples)
    return samples.takeError();
  auto judge = Judge::create(module, *samples);
  if (!judge)
    return judge.takeError();
  auto withDefaults = [&] {
    QuantizeOptions defaults = options;
    if (defaults.weightEstimator == "auto")
      defaults.weightEstimator = "minmax";
    return defaults;
  };
  // Ranges for trials before the estimator is settled.
  std::string first =
      options.estimator == "auto" ? "minmax" : options.estimator;

  if (options.equalize == Choice::On)
    if (Error error = equalize(module))
      return error;
  auto statistics = observe(module, *samples, options);
  if (!statistics)
    return statistics.takeError();
  if (options.equalize == Choice::Auto) {
    OwningOpRef<ModuleOp> equalized(module.clone());
    if (Error error = equalize(*equalized))
      return error;
    QuantizeOptions others = withDefaults();
    auto otherStatistics = observe(*equalized, *samples, others);
    if (!otherStatistics)
      return otherStatistics.takeError();
    if (Error error = attachRanges(module, *statistics, options, first))
      return error;
    if (Error error =
            attachRanges(*equalized, *otherStatistics, options, first))
      return error;
    auto without = judge->judge(module, withDefaults());
    if (!without)
      return without.takeError();
    auto with = judge->judge(*equalized, others);
    if (!with)
      return with.takeError();
    if (options.progress)
      errs() << formatv("equalize: {0:f2} dB, without {1:f2} dB\n", *with,
                        *without);
    options.equalize = *with > *without ? Choice::On : Choice::Off;
    if (options.equalize == Choice::On) {
      module.getBodyRegion().takeBody(equalized->getBodyRegion());
      options.gathered = others.gathered;
      statistics = std::move(otherStatistics);
    }
  }
  if (options.gathered && !options.saveMoments.empty())
    if (Error error = options.gathered->save(options.saveMoments))
      return error;
  if (Error error = settleEstimator(module, *statistics, options, *judge))
    return error;
  return settle(options.weightEstimator, {"minmax", "mse"}, "weight estimator",
                module, options, *judge);
}
