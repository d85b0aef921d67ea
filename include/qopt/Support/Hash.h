// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// SHA-256 of bytes, as lower-case hexadecimal digits.

#ifndef QOPT_SUPPORT_HASH_H
#define QOPT_SUPPORT_HASH_H

#include "llvm/ADT/ArrayRef.h"

#include <string>

namespace qopt {

std::string sha256(llvm::ArrayRef<char> bytes);

} // namespace qopt

#endif // QOPT_SUPPORT_HASH_H
