// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Unpacks deflated bytes piece by piece, with zlib.

#include "ByteSource.h"

#include <algorithm>
#include <zlib.h>

using namespace llvm;
using namespace qopt::samples;

namespace {
class InflatingSource : public ByteSource {
public:
  InflatingSource(std::shared_ptr<File> file, uint64_t offset,
                  uint64_t packedSize, uint64_t numBytes)
      : file(std::move(file)), offset(offset), packedSize(packedSize),
        numBytes(numBytes) {}
  ~InflatingSource() override { stop(); }

  uint64_t size() const override { return numBytes; }
  Error read(uint64_t at, MutableArrayRef<char> buffer) override;

private:
  static constexpr size_t pieceSize = 1 << 16;

  Error start();
  void stop();
  /// Unpacks the next bytes.
  Error unpack(MutableArrayRef<char> buffer);
  Error damaged(const Twine &what) {
    return createStringError("'" + file->getPath() + "' is damaged: " + what +
                             " at byte " + Twine(offset + packedPosition));
  }

  std::shared_ptr<File> file;
  uint64_t offset, packedSize, numBytes;

  z_stream stream = {};
  bool started = false;
  std::vector<char> piece;
  /// Behind what was read from the file, and behind what was unpacked.
  uint64_t packedPosition = 0, position = 0;
};
} // namespace

void InflatingSource::stop() {
  if (started)
    inflateEnd(&stream);
  started = false;
}

Error InflatingSource::start() {
  stop();
  stream = {};
  // Negative: the bytes of a zip file have no header of zlib's.
  if (inflateInit2(&stream, -MAX_WBITS) != Z_OK)
    return createStringError("zlib cannot start");
  started = true;
  piece.resize(pieceSize);
  packedPosition = position = 0;
  return Error::success();
}

Error InflatingSource::unpack(MutableArrayRef<char> buffer) {
  position += buffer.size();
  stream.next_out = reinterpret_cast<Bytef *>(buffer.data());
  uint64_t rest = buffer.size();
  while (rest > 0) {
    if (stream.avail_in == 0) {
      size_t count = std::min<uint64_t>(pieceSize, packedSize - packedPosition);
      if (count == 0)
        return damaged("its deflated data ends");
      if (Error error =
              file->read(offset + packedPosition,
                         MutableArrayRef<char>(piece).take_front(count)))
        return error;
      packedPosition += count;
      stream.next_in = reinterpret_cast<Bytef *>(piece.data());
      stream.avail_in = count;
    }
    uInt room = std::min<uint64_t>(rest, 1u << 30);
    stream.avail_out = room;
    int code = inflate(&stream, Z_NO_FLUSH);
    rest -= room - stream.avail_out;
    if (rest > 0 && code == Z_STREAM_END)
      return damaged("its deflated data is shorter than the archive says");
    if (code != Z_OK && code != Z_STREAM_END && code != Z_BUF_ERROR)
      return damaged("zlib cannot unpack what ends");
  }
  return Error::success();
}

Error InflatingSource::read(uint64_t at, MutableArrayRef<char> buffer) {
  if (!started || at < position)
    if (Error error = start())
      return error;
  std::vector<char> skipped;
  while (position < at) {
    skipped.resize(std::min<uint64_t>(pieceSize, at - position));
    if (Error error = unpack(skipped))
      return error;
  }
  return unpack(buffer);
}

std::unique_ptr<ByteSource>
qopt::samples::makeInflatingSource(std::shared_ptr<File> file, uint64_t offset,
                                   uint64_t packedSize, uint64_t size) {
  return std::make_unique<InflatingSource>(std::move(file), offset, packedSize,
                                           size);
}
