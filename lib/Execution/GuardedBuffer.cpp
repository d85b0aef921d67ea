// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Maps guarded memory.

#include "qopt/Execution/GuardedBuffer.h"

#include "llvm/Support/MathExtras.h"
#include "llvm/Support/Process.h"
#include <sys/mman.h>
#include <utility>

using namespace llvm;

Expected<qopt::GuardedBuffer> qopt::GuardedBuffer::create(size_t size,
                                                          size_t alignment) {
  size_t page = sys::Process::getPageSizeEstimate();
  size_t room = alignTo(size + 1, std::max(page, alignment));
  GuardedBuffer buffer;
  buffer.mappedSize = room + 2 * std::max(page, alignment);
  buffer.mapping = mmap(nullptr, buffer.mappedSize, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (buffer.mapping == MAP_FAILED) {
    buffer.mapping = nullptr;
    return createStringError("cannot allocate " + Twine(size) + " bytes");
  }
  char *base = static_cast<char *>(buffer.mapping);
  char *end = base + buffer.mappedSize - page;
  if (mprotect(base, page, PROT_NONE) || mprotect(end, page, PROT_NONE))
    return createStringError("cannot protect memory");
  uintptr_t start = reinterpret_cast<uintptr_t>(end - size);
  buffer.start = reinterpret_cast<char *>(alignDown(start, alignment));
  return std::move(buffer);
}

qopt::GuardedBuffer::GuardedBuffer(GuardedBuffer &&other)
    : mapping(std::exchange(other.mapping, nullptr)),
      mappedSize(other.mappedSize), start(other.start) {}

qopt::GuardedBuffer::~GuardedBuffer() {
  if (mapping)
    munmap(mapping, mappedSize);
}
