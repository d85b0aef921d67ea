// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Interprets a function before and after a pipeline and compares the bytes.

#ifndef QOPT_TEST_UNIT_DIALECT_NN_SAMEBYTES_H
#define QOPT_TEST_UNIT_DIALECT_NN_SAMEBYTES_H

#include "llvm/ADT/StringRef.h"

#include <string>

namespace qopt::test {

/// Parses `text` (one function, `@main`), interprets it on several inputs made
/// of the extremes and of pseudo-random values of the arguments' storage, runs
/// `pipeline` (a pass pipeline's text) and interprets it again. Both runs must
/// give the same bytes, and the pipeline must change the text: a pass that did
/// nothing proves nothing.
void expectSameBytes(llvm::StringRef text, llvm::StringRef pipeline);

/// The same for floats: results may differ by 1e-5 of the largest element of
/// that result (or of 0.01), and a pipeline that changes nothing returns false.
bool expectSameFloats(llvm::StringRef text, llvm::StringRef pipeline,
                      std::string *textAfter = nullptr);

} // namespace qopt::test

#endif // QOPT_TEST_UNIT_DIALECT_NN_SAMEBYTES_H
