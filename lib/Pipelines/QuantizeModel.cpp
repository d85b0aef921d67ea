// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Every open choice is settled by trying: the module is copied, quantized, and
// its simulation run on a part of the samples; what comes closest to the float
// model's outputs is kept. One choice is settled after the other, so the number
// of trials is the sum of the alternatives, not their product.

#include "qopt/Pipelines/QuantizeModel.h"

#include "ModelRunner.h"
#include "Samples.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/Pass/PassManager.h"
#include "qopt/Dialect/NN/Transforms/Passes.h"
#include "qopt/Dialect/Quant/IR/Quant.h"
#include "qopt/Pipelines/Compiler.h"
#include "qopt/Pipelines/GatherMoments.h"
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

namespace {
/// The least and the greatest value seen.
struct Extent {
  double min = std::numeric_limits<double>::infinity();
  double max = -std::numeric_limits<double>::infinity();

  void add(const Tensor &tensor) {
    for (float x : tensor.get<float>()) {
      min = std::min<double>(min, x);
      max = std::max<double>(max, x);
    }
  }
};
} // namespace

static mlir::func::FuncOp getMain(ModuleOp module) {
  return module.lookupSymbol<mlir::func::FuncOp>("main");
}

/// The float tensors that ops of `main` compute.
static SmallVector<mlir::Value> getFloatTensors(mlir::func::FuncOp main) {
  SmallVector<mlir::Value> tensors;
  for (mlir::Operation &op : main.getBody().front().without_terminator())
    if (op.getNumOperands() > 0)
      for (mlir::Value result : op.getResults())
        if (mlir::getElementTypeOrSelf(result.getType()).isF32())
          tensors.push_back(result);
  return tensors;
}

/// Runs the float model on all samples and sets the ranges that its tensors
/// have there; keeps what the weights' rounding needs in `options`.
static Error observe(ModuleOp module, const SampleFiles &samples,
                     QuantizeOptions &options) {
  mlir::func::FuncOp main = getMain(module);
  SmallVector<mlir::Value> tensors = getFloatTensors(main);
  auto runner = ModelRunner::create(module, tensors);
  if (!runner)
    return runner.takeError();
  std::optional<MomentsGatherer> gatherer;
  if (options.needsMoments())
    gatherer.emplace(main, samples.size());
  SmallVector<Extent> inputs(main.getNumArguments()), extents(tensors.size());
  for (int64_t i = 0; i < samples.size(); ++i) {
    std::vector<Tensor> sample = samples.get(i);
    auto results = (*runner)->run(sample);
    if (!results)
      return results.takeError();
    for (auto [tensor, extent] : zip(sample, inputs))
      if (tensor.kind == ElementKind::Float32)
        extent.add(tensor);
    for (auto [tensor, extent] :
         zip(results->take_back(tensors.size()), extents))
      extent.add(tensor);
    if (!gatherer)
      continue;
    for (auto [index, tensor] : enumerate(sample))
      if (tensor.kind == ElementKind::Float32)
        gatherer->add(main.getArgument(index), tensor.get<float>());
    for (auto [value, tensor] :
         zip(tensors, results->take_back(tensors.size())))
      gatherer->add(value, tensor.get<float>());
  }
  if (gatherer)
    options.gathered = gatherer->finish();
  auto getRange = [&](const Extent &extent) {
    return quant::RangeAttr::get(module.getContext(), extent.min, extent.max);
  };
  for (auto [index, extent] : enumerate(inputs))
    if (extent.min <= extent.max)
      main.setArgAttr(index, "quant.range", getRange(extent));
  for (auto [tensor, extent] : zip(tensors, extents)) {
    if (!std::isfinite(extent.min) || !std::isfinite(extent.max))
      return createStringError("a tensor of the float model holds infinities "
                               "or no numbers on the samples");
    tensor.getDefiningOp()->setAttr("quant.range", getRange(extent));
  }
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
  static Expected<Judge> create(ModuleOp module, const SampleFiles &samples);

  /// The signal to noise ratio, in dB, of a module with ranges.
  Expected<double> judge(ModuleOp module, const QuantizeOptions &options) const;

private:
  /// Runs a model on the samples; all outputs one after another.
  Expected<std::vector<float>> run(ModuleOp module) const;

  const SampleFiles *samples = nullptr;
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
  for (int64_t i = 0; i < count; ++i) {
    auto results = (*runner)->run(samples->get(i * samples->size() / count));
    if (!results)
      return results.takeError();
    for (const Tensor &result : *results)
      for (int64_t k = 0, e = result.getNumElements(); k < e; ++k)
        outputs.push_back(static_cast<float>(result.getReal(k)));
  }
  return std::move(outputs);
}

Expected<Judge> Judge::create(ModuleOp module, const SampleFiles &samples) {
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

Error qopt::prepareQuantization(ModuleOp module, QuantizeOptions &options) {
  if (!getMain(module))
    return createStringError("the module has no function 'main'");
  if (options.calibrate.empty())
    return createStringError("--quantize=" + options.scheme +
                             " needs --calibrate=SAMPLES or --statistics=FILE");
  auto interface = describeModel(module);
  if (!interface)
    return interface.takeError();
  auto samples = SampleFiles::open(options.calibrate, *interface);
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

  if (options.equalize == Choice::On)
    if (Error error = equalize(module))
      return error;
  if (Error error = observe(module, *samples, options))
    return error;
  if (options.equalize == Choice::Auto) {
    OwningOpRef<ModuleOp> equalized(module.clone());
    if (Error error = equalize(*equalized))
      return error;
    QuantizeOptions others = withDefaults();
    if (Error error = observe(*equalized, *samples, others))
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
    }
  }
  if (options.gathered && !options.saveMoments.empty())
    if (Error error = options.gathered->save(options.saveMoments))
      return error;
  return settle(options.weightEstimator, {"minmax", "mse"}, "weight estimator",
                module, options, *judge);
}
