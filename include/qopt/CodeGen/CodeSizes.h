// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How much code each function of an object takes.

#ifndef QOPT_CODEGEN_CODESIZES_H
#define QOPT_CODEGEN_CODESIZES_H

#include "llvm/ADT/StringMap.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/MemoryBufferRef.h"

namespace qopt {

/// Bytes of the functions of an ELF object, by name.
llvm::Expected<llvm::StringMap<uint64_t>>
readCodeSizes(llvm::MemoryBufferRef object);

} // namespace qopt

#endif // QOPT_CODEGEN_CODESIZES_H
