// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Registers every pass and pipeline of qopt, and the general upstream passes
// that are of use between them. No upstream pass may be added that loads
// another dialect named `quant` (see InitAllDialects.h).

#ifndef QOPT_INITALLPASSES_H
#define QOPT_INITALLPASSES_H

#include "mlir/Transforms/Passes.h"
#include "qopt/Conversion/NNToKernel/Passes.h"
#include "qopt/Dialect/Kernel/Transforms/Passes.h"
#include "qopt/Conversion/ToLLVM/Passes.h"
#include "qopt/Conversion/KernelToVector/Passes.h"
#include "qopt/Dialect/NN/Transforms/Passes.h"
#include "qopt/Dialect/Quant/Transforms/Passes.h"
#include "qopt/Pipelines/Pipelines.h"

namespace qopt {

inline void registerAllPasses() {
  // One line for each folder of passes, in the order of the pipeline.
  nn::registerNNPasses();
  quant::registerQuantPasses();
  registerNNToKernelPasses();
  kernel::registerKernelPasses();
  registerKernelToVectorPasses();

  registerToLLVMPasses();
  registerPipelines();

  // canonicalize, cse, inline, symbol-dce, print-ir, ...
  mlir::registerTransformsPasses();
}

} // namespace qopt

#endif // QOPT_INITALLPASSES_H
