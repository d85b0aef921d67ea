// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Phase llvm: loops over vectors to the LLVM dialect.

#include "qopt/Conversion/ToLLVM/Passes.h"
#include "qopt/Pipelines/Pipelines.h"

#include "mlir/Conversion/AffineToStandard/AffineToStandard.h"
#include "mlir/Conversion/SCFToControlFlow/SCFToControlFlow.h"
#include "mlir/Dialect/MemRef/Transforms/Passes.h"

using namespace mlir;

void qopt::buildLLVMPipeline(OpPassManager &pm,
                             const LLVMPipelineOptions &options) {
  if (options.profile) {
    KernelInstrumentCallsPassOptions instrument;
    instrument.counter = options.counter;
    pm.addPass(createKernelInstrumentCallsPass(instrument));
  }
  pm.addPass(createVectorExpandShapesPass());
  pm.addPass(memref::createExpandStridedMetadataPass());
  // Transfers and strided metadata leave affine.apply behind.
  pm.addPass(createLowerAffinePass());
  pm.addPass(createSCFToControlFlowPass());
  // LLVM's optimizer follows: cleaning up here would only be done twice.
  pm.addPass(createConvertLoopsToLLVMPass());
}
