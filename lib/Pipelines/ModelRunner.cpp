// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Compiles a copy of the model, loads it and runs it.

#include "qopt/Pipelines/ModelRunner.h"

#include "mlir/IR/IRMapping.h"
#include "mlir/Pass/PassManager.h"
#include "qopt/Dialect/NN/Transforms/Calibration.h"
#include "qopt/Pipelines/CompileNative.h"
#include "qopt/Pipelines/Pipelines.h"

using namespace llvm;
using namespace qopt;

Expected<std::unique_ptr<ModelRunner>>
ModelRunner::create(mlir::ModuleOp module, ArrayRef<nn::NamedTensor> watched,
                    Sums sums) {
  mlir::IRMapping mapping;
  mlir::OwningOpRef<mlir::ModuleOp> copy(
      cast<mlir::ModuleOp>(module->clone(mapping)));
  auto main = copy->lookupSymbol<mlir::func::FuncOp>("main");
  if (!main)
    return createStringError("the module has no function 'main'");
  SmallVector<nn::NamedTensor> twins;
  for (const nn::NamedTensor &tensor : watched) {
    mlir::Value twin = mapping.lookupOrNull(tensor.value);
    if (!twin)
      return createStringError("'" + tensor.name +
                               "', which is to be watched, is not in 'main'");
    twins.push_back({twin, tensor.name});
  }
  nn::exposeTensors(main, twins);
  if (sums == Sums::Exact) {
    mlir::PassManager pm(module.getContext());
    buildExactSimulationPipeline(pm);
    if (mlir::failed(pm.run(*copy)))
      return createStringError("the simulation has no exact form");
  }

  CompileOptions options;
  options.name = "observed";
  options.target = resolveTarget("", "", "");
  auto engine = compileNative(*copy, options);
  if (!engine)
    return engine.takeError();
  auto runner = std::make_unique<ModelRunner>();
  runner->engine = std::move(*engine);
  for (const TensorInterface &tensor : runner->getInterface().outputs)
    runner->results.emplace_back(tensor.kind, tensor.shape);
  return std::move(runner);
}

Expected<ArrayRef<Tensor>> ModelRunner::run(ArrayRef<Tensor> inputs) {
  const ModelInterface &interface = getInterface();
  if (inputs.size() != interface.inputs.size())
    return createStringError("the model has " + Twine(interface.inputs.size()) +
                             " inputs, found " + Twine(inputs.size()));
  for (auto [index, input] : enumerate(inputs)) {
    const TensorInterface &expected = interface.inputs[index];
    if (input.kind != expected.kind ||
        input.getNumElements() != expected.getNumElements())
      return createStringError(
          "input " + Twine(index) + " is " + input.describeType() +
          ", expected " + Tensor(expected.kind, expected.shape).describeType());
  }
  auto seconds = engine->runInPlace(inputs);
  if (!seconds)
    return seconds.takeError();
  for (auto [index, result] : enumerate(results))
    std::copy_n(engine->getOutput(index), result.bytes.size(),
                result.bytes.begin());
  return ArrayRef<Tensor>(results);
}
