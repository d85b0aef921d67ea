// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Every open choice is settled by trying: the simulation is run on a part of
// the samples, and what comes closest to the float model's outputs is kept. One
// choice is settled after the other, so the number of trials is the sum of the
// alternatives, not their product: equalization together with an estimator for
// all tensors, then the estimator of weights, then each tensor's range.

#include "qopt/Pipelines/QuantizeModel.h"

#include "QuantizationTarget.h"
#include "RangeSearch.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Pass/PassManager.h"
#include "qopt/Dialect/NN/IR/NN.h"
#include "qopt/Dialect/NN/Transforms/Calibration.h"
#include "qopt/Dialect/NN/Transforms/Passes.h"
#include "qopt/Dialect/Quant/IR/Quant.h"
#include "qopt/Pipelines/Calibrator.h"
#include "qopt/Pipelines/Compiler.h"
#include "qopt/Pipelines/GatherMoments.h"
#include "llvm/Support/FormatVariadic.h"

using namespace llvm;
using namespace qopt;
using mlir::ModuleOp;
using mlir::OwningOpRef;

static mlir::func::FuncOp getMain(ModuleOp module) {
  return module.lookupSymbol<mlir::func::FuncOp>("main");
}

static Error equalize(ModuleOp module) {
  mlir::PassManager pm(module.getContext());
  pm.addPass(nn::createNNEqualizeCrossLayerPass());
  if (mlir::failed(pm.run(module)))
    return createStringError("equalization failed");
  return Error::success();
}

/// Runs the float model on all samples; keeps what the weights' rounding needs
/// in `options`.
static Expected<Observations> observe(ModuleOp module,
                                      samples::SampleSet &samples,
                                      QuantizeOptions &options) {
  auto calibrator = Calibrator::create(module);
  if (!calibrator)
    return calibrator.takeError();
  std::optional<MomentsGatherer> gatherer;
  if (options.needsMoments())
    gatherer.emplace(getMain(module), samples.size());
  Observations observations;
  observations.halves.fill((*calibrator)->getStatistics());
  std::vector<Tensor> sample;
  for (int64_t i = 0; i < samples.size(); ++i) {
    if (Error error = samples.read(i, sample))
      return std::move(error);
    if (Error error = (*calibrator)->run(sample))
      return std::move(error);
    (*calibrator)->addTo(observations.halves[TrialSamples::getHalfOf(i)]);
    if (gatherer)
      for (auto [index, tensor] : enumerate((*calibrator)->getTensors()))
        gatherer->add(tensor.value, (*calibrator)->getValues(index));
    if (options.progress)
      errs() << formatv("\rcalibrating: {0} of {1} samples{2}", i + 1,
                        samples.size(), i + 1 == samples.size() ? "\n" : "");
  }
  if (gatherer)
    options.gathered = gatherer->finish();
  return std::move(observations);
}

namespace {
/// The float model in one of its forms, observed, with what was found for it.
struct Variant {
  ModuleOp module;
  QuantizeOptions options;
  std::optional<RangeSearch> search;
  std::unique_ptr<SimulationTrial> trial;

  /// Observes the model; with trials, takes the best estimator.
  Error prepare(samples::SampleSet &samples, TrialSamples *trials);
};
} // namespace

Error Variant::prepare(samples::SampleSet &samples, TrialSamples *trials) {
  auto observations = observe(module, samples, options);
  if (!observations)
    return observations.takeError();
  auto created =
      RangeSearch::create(module, *observations, options, options.estimator);
  if (!created)
    return created.takeError();
  search = std::move(*created);
  search->attach();
  if (!trials)
    return Error::success();
  QuantizeOptions settled = options;
  if (settled.weightEstimator == "auto")
    settled.weightEstimator = "minmax";
  auto simulated = SimulationTrial::create(module, settled, *trials);
  if (!simulated)
    return simulated.takeError();
  trial = std::move(*simulated);
  return search->chooseEstimator(*trial);
}

/// Takes the estimator of weights whose simulation is best.
static Error settleWeightEstimator(Variant &variant, TrialSamples &trials) {
  QuantizeOptions other = variant.options;
  variant.options.weightEstimator = "minmax";
  other.weightEstimator = "mse";
  auto trial = SimulationTrial::create(variant.module, other, trials);
  if (!trial)
    return trial.takeError();
  auto noise = variant.search->measure(**trial);
  if (!noise)
    return noise.takeError();
  if (variant.options.progress)
    errs() << formatv("weight estimator mse: {0:f2} dB\n", getRatio(*noise));
  if (!isClearlyLess(*noise, variant.search->getNoise()))
    return Error::success();
  variant.options.weightEstimator = "mse";
  variant.trial = std::move(*trial);
  variant.search->setNoise(std::move(*noise));
  return Error::success();
}

/// Scales of 8-bit weights are hardly ever better than those that hold all.
static Error settleScaleSearch(QuantizeOptions &options) {
  if (options.searchWeightScales != Choice::Auto)
    return Error::success();
  auto target = QuantizationTarget::load(options);
  if (!target)
    return target.takeError();
  bool isWorthIt = options.hasMoments() && target->scheme.weightBits <= 4 &&
                   options.getWeightRounding() != rounding::Method::Nearest;
  options.searchWeightScales = isWorthIt ? Choice::On : Choice::Off;
  return Error::success();
}

/// With few bits the errors of earlier layers move means by much; measuring
/// them takes a compilation and a run of all samples for each layer, which
/// small models can afford.
static Error settleBiasCorrection(ModuleOp module, int64_t numSamples,
                                  QuantizeOptions &options) {
  constexpr int64_t mostRuns = int64_t(1) << 14, mostWeights = int64_t(1) << 23;
  auto target = QuantizationTarget::load(options);
  if (!target)
    return target.takeError();
  if (options.biasCorrection || !options.gathered ||
      target->scheme.weightBits > 4 ||
      options.getWeightRounding() == rounding::Method::Nearest)
    return Error::success();
  int64_t numLayers = 0, numWeights = 0;
  module.walk([&](LinearOpInterface op) {
    ++numLayers;
    numWeights += cast<mlir::ShapedType>(op.getWeightOperand().get().getType())
                      .getNumElements();
  });
  if (numLayers * numSamples <= mostRuns &&
      numLayers * numWeights <= mostWeights)
    options.biasCorrection = BiasCorrection::Empirical;
  return Error::success();
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
  auto search =
      RangeSearch::create(module, *statistics, options, options.estimator);
  if (!search)
    return search.takeError();
  search->attach();
  return Error::success();
}

/// Whether activations are integers with ranges that calibration finds.
static Expected<bool> hasStaticActivations(const QuantizeOptions &options) {
  auto target = QuantizationTarget::load(options);
  if (!target)
    return target.takeError();
  return target->profile.getActivationMode(target->scheme) ==
         quantization::ActivationMode::Static;
}

/// Channels of depthwise convolutions often differ so much that 4 bits for the
/// layers behind them need more than rounding to the nearest.
static void warnOfPlainRounding(ModuleOp module,
                                const QuantizationTarget &target,
                                const QuantizeOptions &options) {
  if (target.scheme.weightBits > 4 || !options.moments.empty() ||
      options.equalize == Choice::On)
    return;
  module.walk([&](nn::DepthwiseConv2DOp op) {
    mlir::emitWarning(op.getLoc())
        << "weights of " << target.scheme.weightBits
        << " bits are rounded to the nearest without samples, which models "
           "with depthwise convolutions hardly survive; give "
           "--calibrate=SAMPLES, or --equalize=on";
    return mlir::WalkResult::interrupt();
  });
}

/// Without samples nothing can be tried, and weights need no ranges.
static Error prepareWeights(ModuleOp module, QuantizeOptions &options) {
  auto target = QuantizationTarget::load(options);
  if (!target)
    return target.takeError();
  warnOfPlainRounding(module, *target, options);
  if (!options.statistics.empty())
    return createStringError("--quantize=" + options.scheme +
                             " has no use for the ranges in '" +
                             options.statistics +
                             "': activations have none, or find them at run "
                             "time; leave --statistics out");
  if (options.weightEstimator == "auto")
    options.weightEstimator = "minmax";
  options.estimator = "minmax";
  if (options.equalize != Choice::On) {
    options.equalize = Choice::Off;
    return Error::success();
  }
  return equalize(module);
}

Error qopt::prepareQuantization(ModuleOp module, QuantizeOptions &options) {
  if (!getMain(module))
    return createStringError("the module has no function 'main'");
  if (Error error = settleScaleSearch(options))
    return error;
  auto needsRanges = hasStaticActivations(options);
  if (!needsRanges)
    return needsRanges.takeError();
  if (!*needsRanges && options.calibrate.empty())
    return prepareWeights(module, options);
  if (!options.statistics.empty())
    return useStatistics(module, options);
  if (options.calibrate.empty())
    return createStringError("--quantize=" + options.scheme +
                             " needs --calibrate=SAMPLES or --statistics=FILE");
  auto samples = openSamples(module, options.calibrate);
  if (!samples)
    return samples.takeError();
  if (!options.moments.empty()) {
    auto loaded = nn::MomentsTable::load(options.moments);
    if (!loaded)
      return loaded.takeError();
    options.gathered =
        std::make_shared<const nn::MomentsTable>(std::move(*loaded));
  }
  // Nothing is tried where nothing is open.
  bool isOpen = options.equalize == Choice::Auto ||
                options.estimator == "auto" ||
                options.weightEstimator == "auto";
  std::optional<TrialSamples> trials;
  if (isOpen) {
    auto created = TrialSamples::create(module, *samples);
    if (!created)
      return created.takeError();
    trials = std::move(*created);
  }
  if (options.equalize == Choice::On)
    if (Error error = equalize(module))
      return error;
  Variant variant{module, options, std::nullopt, nullptr};
  if (Error error = variant.prepare(*samples, trials ? &*trials : nullptr))
    return error;
  OwningOpRef<ModuleOp> equalized;
  if (options.equalize == Choice::Auto) {
    variant.options.equalize = Choice::Off;
    if (options.progress)
      errs() << "with equalized channels:\n";
    equalized = module.clone();
    if (Error error = equalize(*equalized))
      return error;
    Variant other{*equalized, options, std::nullopt, nullptr};
    other.options.equalize = Choice::On;
    if (Error error = other.prepare(*samples, &*trials))
      return error;
    if (isClearlyLess(other.search->getNoise(), variant.search->getNoise()))
      variant = std::move(other);
    if (options.progress)
      errs() << (variant.module == module ? "not equalized\n" : "equalized\n");
  }
  if (variant.options.weightEstimator == "auto")
    if (Error error = settleWeightEstimator(variant, *trials))
      return error;
  if (variant.options.estimator == "auto") {
    if (Error error = variant.search->refine(*variant.trial))
      return error;
    variant.options.estimator = variant.search->getEstimator().str();
  }
  variant.search->attach();
  if (variant.module != module)
    module.getBodyRegion().takeBody(equalized->getBodyRegion());
  options = variant.options;
  if (*needsRanges)
    if (Error error = settleBiasCorrection(module, samples->size(), options))
      return error;
  if (options.gathered && !options.saveMoments.empty())
    return options.gathered->save(options.saveMoments);
  return Error::success();
}
