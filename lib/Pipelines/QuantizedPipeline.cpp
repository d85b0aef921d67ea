// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Phase quantized: the simulation's ops between casts become integer ops,
// whose weights have a scale for each channel. And the exact simulation, which
// has that phase's roundings around sums of floats.

#include "qopt/Dialect/NN/Transforms/Passes.h"
#include "qopt/Pipelines/Pipelines.h"

#include "mlir/Transforms/Passes.h"

using namespace mlir;

void qopt::buildQuantizedPipeline(OpPassManager &pm,
                                  const QuantizedPipelineOptions &options) {
  nn::NNConvertFakeQuantizedPassOptions convert;
  convert.io = options.floatInterface ? nn::QuantizedInterface::Float
                                      : nn::QuantizedInterface::Quantized;
  pm.addPass(nn::createNNConvertFakeQuantizedPass(convert));
  pm.addPass(nn::createNNFoldGroupScalesPass());
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
}

void qopt::buildExactSimulationPipeline(OpPassManager &pm) {
  QuantizedPipelineOptions options;
  options.floatInterface = true;
  buildQuantizedPipeline(pm, options);
  pm.addPass(nn::createNNExposeRequantizePass());
  pm.addPass(nn::createNNSumInFloatsPass());
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
}
