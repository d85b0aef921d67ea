// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The version comes from CMake, so that it is written down once.

#include "qopt/Support/Version.h"

#include "llvm/Config/llvm-config.h"

llvm::StringRef qopt::getVersion() { return QOPT_VERSION; }

llvm::StringRef qopt::getVersionString() {
  return "qopt " QOPT_VERSION " (LLVM " LLVM_VERSION_STRING ")";
}
