// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Memory that a model runs in.

#ifndef QOPT_EXECUTION_GUARDEDBUFFER_H
#define QOPT_EXECUTION_GUARDEDBUFFER_H

#include "llvm/Support/Error.h"
#include <cstddef>

namespace qopt {

/// Zeroed memory between two pages that cannot be touched. It starts at a
/// multiple of the alignment and ends as close to the second page as that
/// allows, so that code that reads or writes past the end of a tensor is caught
/// at once.
class GuardedBuffer {
public:
  static llvm::Expected<GuardedBuffer> create(size_t size, size_t alignment);
  GuardedBuffer(GuardedBuffer &&other);
  GuardedBuffer(const GuardedBuffer &) = delete;
  ~GuardedBuffer();

  char *data() const { return start; }

private:
  GuardedBuffer() = default;
  void *mapping = nullptr;
  size_t mappedSize = 0;
  char *start = nullptr;
};

} // namespace qopt

#endif // QOPT_EXECUTION_GUARDEDBUFFER_H
