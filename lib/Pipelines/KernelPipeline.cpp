// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Phase kernel: filled as the passes land.

#include "qopt/Pipelines/Pipelines.h"

#include "mlir/Transforms/Passes.h"

using namespace mlir;

void qopt::buildKernelPipeline(OpPassManager &pm,
                               const KernelPipelineOptions &options) {
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
}
