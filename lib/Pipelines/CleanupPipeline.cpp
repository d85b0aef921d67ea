// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Phase cleanup: fuses activations into the ops before them and removes
// requantizations that do nothing; transposed convolutions become convolutions,
// weights in groups such with a scale per channel where they meet integers. No
// pass here changes a bit of an integer result.

#include "qopt/Dialect/NN/Transforms/Passes.h"
#include "qopt/Dialect/Quant/Transforms/Passes.h"
#include "qopt/Pipelines/Pipelines.h"

#include "mlir/Transforms/Passes.h"

using namespace mlir;

void qopt::buildCleanupPipeline(OpPassManager &pm,
                                const CleanupPipelineOptions &options) {
  pm.addPass(nn::createNNFoldGroupScalesPass());
  pm.addPass(nn::createNNUseStoredWeightsPass());
  pm.addPass(nn::createNNFuseActivationsPass());
  pm.addPass(quant::createQuantCanonicalizeRequantizePass());
  pm.addPass(nn::createNNDecomposeTransposeConvPass());
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
}
