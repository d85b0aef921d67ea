// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Declaration of convert-kernel-to-vector.

#ifndef QOPT_CONVERSION_KERNELTOVECTOR_PASSES_H
#define QOPT_CONVERSION_KERNELTOVECTOR_PASSES_H

#include "mlir/IR/DialectRegistry.h"
#include "mlir/Pass/Pass.h"

namespace qopt {

#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "qopt/Conversion/KernelToVector/Passes.h.inc"

} // namespace qopt

#endif // QOPT_CONVERSION_KERNELTOVECTOR_PASSES_H
