// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Phase loops: writes each kernel as loops over vectors of the target's width.

#include "qopt/Conversion/KernelToVector/Passes.h"
#include "qopt/Pipelines/Pipelines.h"

#include "mlir/Transforms/Passes.h"

using namespace mlir;

void qopt::buildLoopsPipeline(OpPassManager &pm,
                              const LoopsPipelineOptions &options) {
  pm.addPass(createConvertKernelToVectorPass());
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
}
