// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Phase quantized: the simulation's ops between casts become integer ops,
// whose weights have a scale for each channel.

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
