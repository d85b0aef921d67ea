// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Without a handler MLIR prints errors and drops warnings. A tool that is not
// mlir-opt makes one of these, so that a user reads what was accepted with a
// doubt.

#ifndef QOPT_SUPPORT_WARNINGS_H
#define QOPT_SUPPORT_WARNINGS_H

#include "mlir/IR/Diagnostics.h"
#include "llvm/ADT/StringRef.h"

namespace qopt {

/// While it lives, warnings of the context go to standard error as
/// `TOOL: warning: 'TENSOR': MESSAGE`. Errors are left to the next handler,
/// remarks and notes are dropped as before.
class WarningPrinter : public mlir::ScopedDiagnosticHandler {
public:
  WarningPrinter(mlir::MLIRContext *context, llvm::StringRef tool);
};

} // namespace qopt

#endif // QOPT_SUPPORT_WARNINGS_H
