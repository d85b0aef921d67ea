// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Phase float: passes on ops on f32. What a network in training needs and one
// in use does not (batch norms, constant subgraphs, equal computations) goes
// away before ranges are observed. Quantized ops keep every bit.

#include "qopt/Dialect/NN/Transforms/Passes.h"
#include "qopt/Pipelines/Pipelines.h"

#include "mlir/Transforms/Passes.h"

using namespace mlir;

void qopt::buildFloatPipeline(OpPassManager &pm,
                              const FloatPipelineOptions &options) {
  pm.addPass(createCanonicalizerPass());
  pm.addPass(nn::createNNFoldConstantsPass());
  pm.addPass(createCSEPass());
  pm.addPass(nn::createNNPropagateTransposesPass());
  pm.addPass(nn::createNNFoldBatchNormPass());
  pm.addPass(nn::createNNFuseActivationsPass());
  pm.addPass(nn::createNNRemoveDeadChannelsPass());
  pm.addPass(nn::createNNGlobalPoolToMeanPass());
  if (options.equalize) {
    nn::NNEqualizeCrossLayerPassOptions equalize;
    equalize.replaceRelu6 = options.replaceRelu6;
    pm.addPass(nn::createNNEqualizeCrossLayerPass(equalize));
  }
  if (options.absorbBias)
    pm.addPass(nn::createNNAbsorbBiasPass());
}
