// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Linking with LLVM's linker, which needs neither C runtime nor sysroot.

#ifndef QOPT_CODEGEN_LINK_H
#define QOPT_CODEGEN_LINK_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Error.h"

namespace qopt {

/// Links objects into a shared library at `output`.
llvm::Error linkSharedLibrary(llvm::ArrayRef<std::string> objects,
                              llvm::StringRef output);

/// Links objects that define _start into a static program.
llvm::Error linkProgram(llvm::ArrayRef<std::string> objects,
                        llvm::StringRef output);

} // namespace qopt

#endif // QOPT_CODEGEN_LINK_H
