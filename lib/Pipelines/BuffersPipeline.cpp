// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Phase buffers: gives every value a place in the caller's buffers or in one
// arena, every distinct kernel a function, and keeps functions short.

#include "qopt/Dialect/Kernel/Transforms/Passes.h"
#include "qopt/Pipelines/Pipelines.h"

using namespace mlir;

/// A call of spinning threads takes 800 cycles where cores share a cache; on a
/// machine whose virtual CPUs move between complexes of cores it takes 2000,
/// and what a layer reads comes from the other one's cache. Cut by the first
/// figure, small networks were half as fast on two threads as on one there.
static constexpr double kCallCycles = 8000;
static constexpr double kMinCycles = 6000;

void qopt::buildBuffersPipeline(OpPassManager &pm,
                                const BuffersPipelineOptions &options) {
  pm.addPass(kernel::createKernelBufferizePass());
  pm.addPass(kernel::createKernelPadInPlacePass());
  // Bands are small: several threads have more of whole kernels.
  if (options.minArena || options.threads == 0) {
    kernel::KernelFuseBandsPassOptions bands;
    bands.minArena = options.minArena;
    pm.addPass(kernel::createKernelFuseBandsPass(bands));
  }
  kernel::KernelPlanMemoryPassOptions plan;
  plan.print = options.printMemory;
  pm.addPass(kernel::createKernelPlanMemoryPass(plan));
  pm.addPass(kernel::createKernelOutlinePass());
  if (options.threads > 0) {
    kernel::KernelParallelizePassOptions parallelize;
    parallelize.threads = options.threads;
    parallelize.callCycles = kCallCycles;
    parallelize.minCycles = kMinCycles;
    pm.addPass(kernel::createKernelParallelizePass(parallelize));
  }
  pm.addPass(kernel::createKernelSplitFunctionsPass());
}
