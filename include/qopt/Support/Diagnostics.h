// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Without a handler MLIR prints errors with `loc(...)` around their places, and
// drops warnings. A tool that is not mlir-opt makes one of these, so that a user
// reads what is wrong, and what was accepted with a doubt.

#ifndef QOPT_SUPPORT_DIAGNOSTICS_H
#define QOPT_SUPPORT_DIAGNOSTICS_H

#include "mlir/IR/Diagnostics.h"
#include "llvm/ADT/StringRef.h"

namespace qopt {

/// While it lives, errors and warnings of the context go to standard error as
/// `TOOL: error: PLACE: MESSAGE`, where a place is a tensor's name or file, line
/// and column; their notes follow them. Remarks are dropped as before.
class DiagnosticPrinter : public mlir::ScopedDiagnosticHandler {
public:
  DiagnosticPrinter(mlir::MLIRContext *context, llvm::StringRef tool);
};

} // namespace qopt

#endif // QOPT_SUPPORT_DIAGNOSTICS_H
