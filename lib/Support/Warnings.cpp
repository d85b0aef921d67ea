// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One line for a warning.

#include "qopt/Support/Warnings.h"

#include "mlir/IR/Location.h"
#include "llvm/Support/WithColor.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;

/// What a user knows a place by: a tensor's name, or file, line and column.
static std::string spellLocation(Location location) {
  std::string text;
  location->walk([&](Location part) {
    llvm::raw_string_ostream os(text);
    if (auto name = dyn_cast<NameLoc>(part))
      os << "'" << name.getName().getValue() << "': ";
    else if (auto file = dyn_cast<FileLineColLoc>(part)) {
      os << file.getFilename().getValue() << ":";
      // A file that is not text has no lines.
      if (file.getLine())
        os << file.getLine() << ":" << file.getColumn() << ":";
      os << " ";
    }
    return text.empty() ? WalkResult::advance() : WalkResult::interrupt();
  });
  return text;
}

qopt::WarningPrinter::WarningPrinter(MLIRContext *context, llvm::StringRef tool)
    : ScopedDiagnosticHandler(context) {
  setHandler([tool = tool.str()](Diagnostic &diagnostic) {
    if (diagnostic.getSeverity() == DiagnosticSeverity::Error)
      return failure();
    if (diagnostic.getSeverity() == DiagnosticSeverity::Warning)
      llvm::WithColor::warning(llvm::errs(), tool)
          << spellLocation(diagnostic.getLocation()) << diagnostic.str()
          << "\n";
    return success();
  });
}
