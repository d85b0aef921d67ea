// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Phase loops: writes each kernel as loops over vectors of the target's width.

#include "qopt/Conversion/KernelToVector/Passes.h"
#include "qopt/Conversion/ToLLVM/Passes.h"
#include "qopt/Pipelines/Pipelines.h"

#include "mlir/Transforms/Passes.h"

using namespace mlir;

void qopt::buildLoopsPipeline(OpPassManager &pm,
                              const LoopsPipelineOptions &options) {
  pm.addPass(createConvertKernelToVectorPass());
  // What is equal goes first, so that it need not be simplified many times;
  // once over all ops leaves nothing that LLVM does not see.
  pm.addPass(createCSEPass());
  GreedyRewriteConfig once;
  once.setMaxIterations(1);
  once.setRegionSimplificationLevel(GreedySimplifyRegionLevel::Disabled);
  pm.addPass(createCanonicalizerPass(once));
  pm.addPass(createKernelShareFunctionsPass());
}
