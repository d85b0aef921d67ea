// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The float graph with all its tensors as results, compiled and observed.

#include "qopt/Pipelines/Calibrator.h"

#include "qopt/Dialect/NN/Transforms/Calibration.h"
#include "qopt/Pipelines/Compiler.h"

using namespace llvm;
using namespace qopt;

std::vector<samples::InputFormat>
qopt::getInputFormats(const ModelInterface &interface) {
  std::vector<samples::InputFormat> formats;
  for (const TensorInterface &input : interface.inputs)
    formats.push_back({input.name, input.kind, input.shape});
  return formats;
}

Expected<samples::SampleSet> qopt::openSamples(mlir::ModuleOp module,
                                               ArrayRef<std::string> files) {
  auto interface = describeModel(module);
  if (!interface)
    return interface.takeError();
  return samples::SampleSet::open(files, getInputFormats(*interface));
}

Expected<std::unique_ptr<Calibrator>>
Calibrator::create(mlir::ModuleOp module) {
  auto interface = describeModel(module);
  if (!interface)
    return interface.takeError();
  auto calibrator = std::make_unique<Calibrator>();
  calibrator->interface = std::move(*interface);
  auto main = module.lookupSymbol<mlir::func::FuncOp>("main");
  calibrator->tensors = nn::collectObservedTensors(main);
  calibrator->statistics.fingerprint = nn::getFingerprint(module);
  for (const nn::NamedTensor &tensor : calibrator->tensors) {
    if (auto argument = dyn_cast<mlir::BlockArgument>(tensor.value))
      calibrator->arguments.push_back(argument.getArgNumber());
    auto shape =
        cast<mlir::RankedTensorType>(tensor.value.getType()).getShape();
    calibrator->statistics.tensors.emplace_back(
        tensor.name, shape.empty() ? 0 : shape.back());
  }
  calibrator->values.resize(calibrator->tensors.size());
  auto runner = ModelRunner::create(
      module, ArrayRef<nn::NamedTensor>(calibrator->tensors)
                  .drop_front(calibrator->arguments.size()));
  if (!runner)
    return runner.takeError();
  calibrator->runner = std::move(*runner);
  return std::move(calibrator);
}

Error Calibrator::run(ArrayRef<Tensor> sample) {
  auto results = runner->run(sample);
  if (!results)
    return results.takeError();
  for (auto [index, argument] : enumerate(arguments))
    values[index] = sample[argument].get<float>();
  size_t numWatched = tensors.size() - arguments.size();
  for (auto [index, result] : enumerate(results->take_back(numWatched)))
    values[arguments.size() + index] = result.get<float>();
  return Error::success();
}

void Calibrator::addTo(calibration::Statistics &all) const {
  for (auto [tensor, value] : zip(all.tensors, values))
    tensor.addSample(value);
  ++all.numSamples;
}

Error Calibrator::add(ArrayRef<Tensor> sample) {
  if (Error error = run(sample))
    return error;
  addTo(statistics);
  return Error::success();
}
