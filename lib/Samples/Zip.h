// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The table of contents of a zip archive, as far as numpy's .npz needs it:
// stored and deflated members, with 64-bit sizes, not encrypted.

#ifndef QOPT_LIB_SAMPLES_ZIP_H
#define QOPT_LIB_SAMPLES_ZIP_H

#include "ByteSource.h"

#include <string>
#include <vector>

namespace qopt::samples {

struct ZipMember {
  std::string name;
  bool deflated = false;
  uint64_t headerOffset = 0;
  uint64_t packedSize = 0;
  uint64_t size = 0;
};

llvm::Expected<std::vector<ZipMember>> readZip(File &file);

/// The member's content.
llvm::Expected<std::unique_ptr<ByteSource>>
openMember(std::shared_ptr<File> file, const ZipMember &member);

} // namespace qopt::samples

#endif // QOPT_LIB_SAMPLES_ZIP_H
