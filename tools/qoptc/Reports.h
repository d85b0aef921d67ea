// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// qoptc's reports on a quantization.

#ifndef QOPT_TOOLS_QOPTC_REPORTS_H
#define QOPT_TOOLS_QOPTC_REPORTS_H

#include "Options.h"

namespace qoptc {

/// Whether each report has a form that its name tells.
llvm::Error checkReports(const Options &options);

/// Measures, and writes every report that was asked for.
llvm::Error writeReports(const qopt::QuantizationStages &stages,
                         const qopt::Compiler &compiler,
                         const Options &options);

} // namespace qoptc

#endif // QOPT_TOOLS_QOPTC_REPORTS_H
