// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The project's name and version, for --version and file headers.

#ifndef QOPT_SUPPORT_VERSION_H
#define QOPT_SUPPORT_VERSION_H

#include "llvm/ADT/StringRef.h"

namespace qopt {

/// "0.1.0", from the project() line of CMakeLists.txt.
llvm::StringRef getVersion();

/// "qopt 0.1.0 (LLVM 22.1.8)"
llvm::StringRef getVersionString();

} // namespace qopt

#endif // QOPT_SUPPORT_VERSION_H
