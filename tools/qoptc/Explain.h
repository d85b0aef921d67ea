// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// --explain: what was chosen for each layer, as a table or JSON.

#ifndef QOPT_TOOLS_QOPTC_EXPLAIN_H
#define QOPT_TOOLS_QOPTC_EXPLAIN_H

#include "Options.h"

namespace qoptc {

/// Whether there will be something to explain, and a known form for it.
llvm::Error checkExplain(const Options &options, Emit emit);

/// Writes it if it was asked for.
llvm::Error writeExplanation(const qopt::Compiler &compiler,
                             const Options &options);

} // namespace qoptc

#endif // QOPT_TOOLS_QOPTC_EXPLAIN_H
