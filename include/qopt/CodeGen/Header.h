// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The C header of a compiled model.

#ifndef QOPT_CODEGEN_HEADER_H
#define QOPT_CODEGEN_HEADER_H

#include "qopt/CodeGen/ModelInterface.h"
#include "llvm/Support/raw_ostream.h"

namespace qopt {

/// Writes a header for C99 and C++: sizes, shapes and quantization parameters
/// as macros, and the prototype of `<model>_run`.
void writeHeader(const ModelInterface &model, llvm::raw_ostream &out);

} // namespace qopt

#endif // QOPT_CODEGEN_HEADER_H
