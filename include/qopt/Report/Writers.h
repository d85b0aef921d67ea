// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Reports for three readers: a person with a browser, a program, a person with
// a terminal.

#ifndef QOPT_REPORT_WRITERS_H
#define QOPT_REPORT_WRITERS_H

#include "qopt/Report/Report.h"

namespace llvm {
class raw_ostream;
}

namespace qopt::report {

/// One file without references to others: styles and plots are inside, there
/// are no scripts. It is well-formed XML.
void writeHTML(const Report &report, llvm::raw_ostream &out);

/// Every number of the report. An infinite SQNR is the string "inf", one that
/// was not measured is null.
void writeJSON(const Report &report, llvm::raw_ostream &out);

/// A table for a terminal of `columns` columns.
void writeTable(const Report &report, llvm::raw_ostream &out,
                unsigned columns = 80);

} // namespace qopt::report

#endif // QOPT_REPORT_WRITERS_H
