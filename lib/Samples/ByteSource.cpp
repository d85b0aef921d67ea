// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Reads files in pieces. They are read, not mapped: pages of a mapped file
// would count as memory of the process.

#include "ByteSource.h"

using namespace llvm;
using namespace qopt::samples;

static Error fileError(StringRef path, std::error_code code) {
  return createStringError(code,
                           "cannot read '" + path + "': " + code.message());
}

Expected<std::shared_ptr<File>> File::open(StringRef path) {
  std::shared_ptr<File> file(new File());
  file->path = path.str();
  Expected<sys::fs::file_t> handle = sys::fs::openNativeFileForRead(path);
  if (!handle)
    return fileError(path, errorToErrorCode(handle.takeError()));
  file->handle = *handle;
  sys::fs::file_status status;
  if (std::error_code code = sys::fs::status(file->handle, status))
    return fileError(path, code);
  if (status.type() != sys::fs::file_type::regular_file)
    return createStringError("cannot read '" + path +
                             "': it is not a regular file");
  file->numBytes = status.getSize();
  return file;
}

File::~File() {
  if (handle != sys::fs::kInvalidFile)
    sys::fs::closeFile(handle);
}

Error File::read(uint64_t offset, MutableArrayRef<char> buffer) {
  while (!buffer.empty()) {
    Expected<size_t> count =
        sys::fs::readNativeFileSlice(handle, buffer, offset);
    if (!count)
      return fileError(path, errorToErrorCode(count.takeError()));
    if (*count == 0)
      return createStringError("'" + path + "' ends at byte " + Twine(offset) +
                               ", expected " + Twine(buffer.size()) +
                               " more; was it shortened?");
    offset += *count;
    buffer = buffer.drop_front(*count);
  }
  return Error::success();
}

namespace {
class PlainSource : public ByteSource {
public:
  PlainSource(std::shared_ptr<File> file, uint64_t offset, uint64_t numBytes)
      : file(std::move(file)), offset(offset), numBytes(numBytes) {}

  uint64_t size() const override { return numBytes; }
  Error read(uint64_t at, MutableArrayRef<char> buffer) override {
    assert(at <= numBytes && buffer.size() <= numBytes - at);
    return file->read(offset + at, buffer);
  }

private:
  std::shared_ptr<File> file;
  uint64_t offset, numBytes;
};
} // namespace

std::unique_ptr<ByteSource>
qopt::samples::makePlainSource(std::shared_ptr<File> file, uint64_t offset,
                               uint64_t size) {
  return std::make_unique<PlainSource>(std::move(file), offset, size);
}
