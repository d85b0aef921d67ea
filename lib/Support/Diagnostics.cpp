// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One line for an error, a warning or a note.

#include "qopt/Support/Diagnostics.h"

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

static void print(const Diagnostic &diagnostic, llvm::StringRef tool) {
  auto stream = [&]() -> llvm::raw_ostream & {
    switch (diagnostic.getSeverity()) {
    case DiagnosticSeverity::Error:
      return llvm::WithColor::error(llvm::errs(), tool);
    case DiagnosticSeverity::Warning:
      return llvm::WithColor::warning(llvm::errs(), tool);
    default:
      return llvm::WithColor::note(llvm::errs(), tool);
    }
  };
  stream() << spellLocation(diagnostic.getLocation()) << diagnostic.str()
           << "\n";
}

qopt::DiagnosticPrinter::DiagnosticPrinter(MLIRContext *context,
                                           llvm::StringRef tool)
    : ScopedDiagnosticHandler(context) {
  // The place says more to a user than the op's text.
  context->printOpOnDiagnostic(false);
  setHandler([tool = tool.str()](Diagnostic &diagnostic) {
    if (diagnostic.getSeverity() != DiagnosticSeverity::Error &&
        diagnostic.getSeverity() != DiagnosticSeverity::Warning)
      return success();
    print(diagnostic, tool);
    for (const Diagnostic &note : diagnostic.getNotes())
      print(note, tool);
    return success();
  });
}
