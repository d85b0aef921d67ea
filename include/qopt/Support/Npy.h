// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// numpy's .npy files: one array each, C order, little endian. Files are
// untrusted: anything odd is an error that names the file, what was found and
// what was expected.

#ifndef QOPT_SUPPORT_NPY_H
#define QOPT_SUPPORT_NPY_H

#include "qopt/Support/Tensor.h"

#include "llvm/Support/Error.h"

namespace qopt {

/// Reads a .npy file of format version 1, 2 or 3.
llvm::Expected<Tensor> readNpy(llvm::StringRef path);

/// What comes before the elements.
struct NpyHeader {
  ElementKind kind = ElementKind::Int8;
  llvm::SmallVector<int64_t> shape;
  /// Where the elements begin.
  uint64_t dataOffset = 0;

  /// Of the elements; 2^64 - 1 if that is too little to say.
  uint64_t getByteSize() const;
};

/// Parses the first bytes of a .npy file, which must hold the header.
llvm::Expected<NpyHeader> parseNpyHeader(llvm::StringRef bytes,
                                         llvm::StringRef name);

/// Parses the bytes of a .npy file; \p name stands for it in messages.
llvm::Expected<Tensor> parseNpy(llvm::StringRef bytes, llvm::StringRef name);

/// Writes format version 1.0.
llvm::Error writeNpy(llvm::StringRef path, const Tensor &tensor);

/// What writeNpy writes.
std::string printNpy(const Tensor &tensor);

} // namespace qopt

#endif // QOPT_SUPPORT_NPY_H
