// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Phase buffers: filled as the passes land.

#include "qopt/Pipelines/Pipelines.h"

#include "mlir/Transforms/Passes.h"

using namespace mlir;

void qopt::buildBuffersPipeline(OpPassManager &pm,
                                const BuffersPipelineOptions &options) {
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
}
