// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The parts of the page.

#ifndef QOPT_LIB_REPORT_PAGE_H
#define QOPT_LIB_REPORT_PAGE_H

#include "qopt/Report/Report.h"

#include "llvm/ADT/StringRef.h"

namespace llvm {
class raw_ostream;
}

namespace qopt::report {

/// The style sheet: light, and dark where the reader's system is dark.
llvm::StringRef getStyle();

/// Most sensitive first.
void writeSensitivity(const Report &report, llvm::raw_ostream &out);
/// What runs on integers, and why the rest does not.
void writeMap(const Report &report, llvm::raw_ostream &out);
/// Bytes, float and quantized.
void writeSizes(const Report &report, llvm::raw_ostream &out);

} // namespace qopt::report

#endif // QOPT_LIB_REPORT_PAGE_H
