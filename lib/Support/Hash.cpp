// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// SHA-256 through LLVM.

#include "qopt/Support/Hash.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/SHA256.h"

std::string qopt::sha256(llvm::ArrayRef<char> bytes) {
  std::array<uint8_t, 32> digest = llvm::SHA256::hash(
      {reinterpret_cast<const uint8_t *>(bytes.data()), bytes.size()});
  return llvm::toHex(digest, /*LowerCase=*/true);
}
