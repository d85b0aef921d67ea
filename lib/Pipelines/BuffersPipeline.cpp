// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Phase buffers: gives every value a place in the caller's buffers or in one
// arena, every distinct kernel a function, and keeps functions short.

#include "qopt/Dialect/Kernel/Transforms/Passes.h"
#include "qopt/Pipelines/Pipelines.h"

using namespace mlir;

void qopt::buildBuffersPipeline(OpPassManager &pm,
                                const BuffersPipelineOptions &options) {
  pm.addPass(kernel::createKernelBufferizePass());
  pm.addPass(kernel::createKernelPadInPlacePass());
  kernel::KernelFuseBandsPassOptions bands;
  bands.minArena = options.minArena;
  pm.addPass(kernel::createKernelFuseBandsPass(bands));
  kernel::KernelPlanMemoryPassOptions plan;
  plan.print = options.printMemory;
  pm.addPass(kernel::createKernelPlanMemoryPass(plan));
  pm.addPass(kernel::createKernelOutlinePass());
  if (options.threads > 0) {
    kernel::KernelParallelizePassOptions parallelize;
    parallelize.threads = options.threads;
    parallelize.callCycles = options.callCycles;
    parallelize.minCycles = options.rangeCycles;
    pm.addPass(kernel::createKernelParallelizePass(parallelize));
  }
  pm.addPass(kernel::createKernelSplitFunctionsPass());
}
