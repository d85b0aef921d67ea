// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Phase loops: filled as the passes land.

#include "qopt/Pipelines/Pipelines.h"

#include "mlir/Transforms/Passes.h"

using namespace mlir;

void qopt::buildLoopsPipeline(OpPassManager &pm,
                              const LoopsPipelineOptions &options) {
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
}
