// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Declarations of the passes on the kernel dialect.

#ifndef QOPT_DIALECT_KERNEL_TRANSFORMS_PASSES_H
#define QOPT_DIALECT_KERNEL_TRANSFORMS_PASSES_H

#include "mlir/Pass/Pass.h"
#include "mlir/Pass/PassManager.h"
#include "qopt/Dialect/Kernel/IR/Kernel.h"

namespace qopt::kernel {

#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "qopt/Dialect/Kernel/Transforms/Passes.h.inc"

} // namespace qopt::kernel

#endif // QOPT_DIALECT_KERNEL_TRANSFORMS_PASSES_H
