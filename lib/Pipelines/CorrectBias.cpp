// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Empirical bias correction (Nagel et al. 2019, arXiv 1906.04721, appendix D):
// layer after layer, with all layers before it corrected, the simulation is run
// and the mean input measured; the layer's bias makes up for what that and the
// rounded weights do to its mean result. Takes a compilation for each layer.

#include "mlir/Pass/PassManager.h"
#include "qopt/CodeGen/ModelInterface.h"
#include "qopt/Dialect/NN/Transforms/Passes.h"
#include "qopt/Pipelines/Calibrator.h"
#include "qopt/Pipelines/Compiler.h"
#include "qopt/Pipelines/GatherMoments.h"
#include "qopt/Pipelines/QuantizeModel.h"
#include "llvm/Support/FormatVariadic.h"

using namespace llvm;
using namespace qopt;

/// The mean of each group's windows on the samples.
static Expected<std::vector<std::vector<double>>>
measureMeans(mlir::ModuleOp module, nn::LinearLayer &layer,
             const nn::LinearWindow &own, samples::SampleSet &samples) {
  auto runner = ModelRunner::create(
      module, nn::NamedTensor{layer.op.getInputOperand().get(), layer.name});
  if (!runner)
    return runner.takeError();
  rounding::Window window = makeWindow(own);
  // The windows that were drawn of the float graph; no products.
  rounding::MomentsOptions options =
      chooseMomentsOptions(window, samples.size());
  options.maxBlock = 1;
  rounding::MomentsAccumulator accumulator(window, options);
  size_t size = static_cast<size_t>(window.getNumInputs());
  std::vector<Tensor> sample;
  for (int64_t i = 0; i < samples.size(); ++i) {
    if (Error error = samples.read(i, sample))
      return std::move(error);
    auto results = (*runner)->run(sample);
    if (!results)
      return results.takeError();
    ArrayRef<float> values = results->back().get<float>();
    for (size_t at = 0; at + size <= values.size(); at += size)
      accumulator.add(values.data() + at);
  }
  std::vector<std::vector<double>> means;
  for (rounding::Moments &group : accumulator.finish())
    means.push_back(std::move(group.mean));
  return std::move(means);
}

Error qopt::correctBiasEmpirically(mlir::ModuleOp module,
                                   const QuantizeOptions &options) {
  auto main = module.lookupSymbol<mlir::func::FuncOp>("main");
  auto samples = openSamples(module, options.calibrate);
  if (!samples)
    return samples.takeError();
  auto table = std::make_shared<nn::MomentsTable>(*options.gathered);
  SmallVector<nn::LinearLayer> layers = nn::collectLinearLayers(main);
  for (auto [index, layer] : enumerate(layers)) {
    std::optional<nn::LinearWindow> window = nn::getWindow(layer.op);
    if (!window || !table->find(layer))
      continue;
    if (options.progress)
      errs() << formatv("bias of layer {0} of {1}: {2}\n", index + 1,
                        layers.size(), layer.name);
    auto means = measureMeans(module, layer, *window, *samples);
    if (!means)
      return means.takeError();
    table->setMeans(layer, std::move(*means));
    mlir::PassManager pm(module.getContext());
    pm.addPass(nn::createNNCorrectBiasPass({}, table));
    if (mlir::failed(pm.run(module)))
      return createStringError("the bias of layer '" + layer.name +
                               "' cannot be corrected");
  }
  return Error::success();
}
