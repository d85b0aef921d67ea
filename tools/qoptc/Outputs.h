// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// qoptc's output files.

#ifndef QOPT_TOOLS_QOPTC_OUTPUTS_H
#define QOPT_TOOLS_QOPTC_OUTPUTS_H

#include "Options.h"

namespace qoptc {

/// Runs the compiler as far as the output needs, and writes it.
llvm::Error writeOutputs(qopt::Compiler &compiler, mlir::ModuleOp module,
                         const Options &options, Emit emit);

} // namespace qoptc

#endif // QOPT_TOOLS_QOPTC_OUTPUTS_H
