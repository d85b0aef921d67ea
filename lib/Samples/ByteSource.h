// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Bytes that are read in pieces: a part of a file, or what a part of a file
// unpacks to.

#ifndef QOPT_LIB_SAMPLES_BYTESOURCE_H
#define QOPT_LIB_SAMPLES_BYTESOURCE_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/FileSystem.h"

#include <memory>

namespace qopt::samples {

class ByteSource {
public:
  virtual ~ByteSource() = default;
  virtual uint64_t size() const = 0;
  /// Fills the buffer from an offset on; all of it must be within the size.
  virtual llvm::Error read(uint64_t offset,
                           llvm::MutableArrayRef<char> buffer) = 0;
};

/// A file, opened for as long as some source reads it.
class File {
public:
  static llvm::Expected<std::shared_ptr<File>> open(llvm::StringRef path);
  ~File();

  llvm::StringRef getPath() const { return path; }
  uint64_t size() const { return numBytes; }
  llvm::Error read(uint64_t offset, llvm::MutableArrayRef<char> buffer);

private:
  File() = default;
  std::string path;
  llvm::sys::fs::file_t handle = llvm::sys::fs::kInvalidFile;
  uint64_t numBytes = 0;
};

/// `size` bytes of a file from an offset on, which the caller has checked.
std::unique_ptr<ByteSource> makePlainSource(std::shared_ptr<File> file,
                                            uint64_t offset, uint64_t size);

/// What the deflated bytes [offset, offset + packedSize) unpack to; `size`
/// bytes according to the archive. Going backwards unpacks from the start
/// again.
std::unique_ptr<ByteSource> makeInflatingSource(std::shared_ptr<File> file,
                                                uint64_t offset,
                                                uint64_t packedSize,
                                                uint64_t size);

} // namespace qopt::samples

#endif // QOPT_LIB_SAMPLES_BYTESOURCE_H
