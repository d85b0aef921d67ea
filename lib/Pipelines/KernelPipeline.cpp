// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Phase kernel: chooses for every op a kernel, fuses what follows a convolution
// into it, and brings weights into the order in which the target reads them.

#include "qopt/Conversion/NNToKernel/Passes.h"
#include "qopt/Dialect/Kernel/Transforms/Passes.h"
#include "qopt/Pipelines/Pipelines.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;

void qopt::buildKernelPipeline(OpPassManager &pm,
                               const KernelPipelineOptions &options) {
  pm.addPass(createConvertNNToKernelPass());
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
  pm.addNestedPass<func::FuncOp>(kernel::createKernelFuseEpiloguesPass());
  // What was a function of two values may be one of one now.
  pm.addNestedPass<func::FuncOp>(kernel::createKernelUseTablesPass());
  pm.addNestedPass<func::FuncOp>(kernel::createKernelFuseEpiloguesPass());
  kernel::KernelSetTargetPassOptions target;
  target.triple = options.triple;
  target.cpu = options.cpu;
  target.features = options.features;
  pm.addPass(kernel::createKernelSetTargetPass(target));
  kernel::KernelChooseSignednessPassOptions signs;
  signs.shareWeights = options.shareWeights;
  pm.addPass(kernel::createKernelChooseSignednessPass(signs));
  pm.addNestedPass<func::FuncOp>(kernel::createKernelUseScaledSumsPass());
  if (options.stopBeforeSchedules)
    return;
  kernel::KernelChooseSchedulesPassOptions schedules;
  schedules.database = options.tuneDatabase;
  schedules.shareWeights = options.shareWeights;
  pm.addPass(kernel::createKernelChooseSchedulesPass(schedules));
  pm.addPass(kernel::createKernelUseFMARequantizePass());
  pm.addPass(kernel::createKernelPackWeightsPass());
  pm.addPass(kernel::createKernelPackHalfBytesPass());
  pm.addPass(createCSEPass());
}
