// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Phase integer: splits linear ops into accumulator and requantize, gives every
// multiplier its fixed-point form, and folds zero points into biases. What is
// real-valued after it was real-valued in the model.

#include "qopt/Dialect/NN/Transforms/Passes.h"
#include "qopt/Dialect/Quant/Transforms/Passes.h"
#include "qopt/Pipelines/Pipelines.h"

#include "mlir/Transforms/Passes.h"

using namespace mlir;

void qopt::buildIntegerPipeline(OpPassManager &pm,
                                const IntegerPipelineOptions &options) {
  pm.addPass(nn::createNNExposeRequantizePass());
  pm.addPass(quant::createQuantLegalizeMultipliersPass());
  pm.addPass(nn::createNNFoldZeroPointsPass());
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
}
