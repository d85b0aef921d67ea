// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Windows bitmaps without compression: 8 bits with a palette, 24 and 32 bits.
//
//   14 bytes: "BM", size, 2 reserved, offset of the pixels (at byte 10)
//   40 bytes or more: its size, width, height (negative: from the top), planes,
//   bits (at byte 28), compression, …, colours in the palette (at byte 46)
//   the palette, 4 bytes an entry; rows of blue, green, red, padded to 4 bytes

#include "Image.h"

#include "llvm/Support/Endian.h"

#include <cstdlib>

using namespace llvm;
using namespace qopt::samples;
using support::endian::read16le;
using support::endian::read32le;

Expected<Image> qopt::samples::decodeBMP(StringRef bytes, StringRef path) {
  constexpr uint64_t fileHeader = 14, infoHeader = 40;
  if (bytes.size() < fileHeader + infoHeader)
    return imageError(path, "it has " + Twine(bytes.size()) +
                                " bytes, expected a header of " +
                                Twine(fileHeader + infoHeader));
  const char *data = bytes.data();
  uint64_t offset = read32le(data + 10), headerSize = read32le(data + 14);
  int64_t width = static_cast<int32_t>(read32le(data + 18));
  int64_t height = static_cast<int32_t>(read32le(data + 22));
  unsigned bits = read16le(data + 28);
  uint32_t compression = read32le(data + 30);
  uint64_t numColors = read32le(data + 46);
  if (headerSize < infoHeader)
    return imageError(path, "its header has " + Twine(headerSize) +
                                " bytes, expected 40 or more");
  // 3: with masks for each colour; those of 32 bits are the usual ones.
  if (!(compression == 0 || (compression == 3 && bits == 32)) ||
      (bits != 8 && bits != 24 && bits != 32))
    return imageError(path, "it has " + Twine(bits) + " bits and compression " +
                                Twine(compression) +
                                ", expected 8, 24 or 32 bits and none");
  Image image;
  if (Error error = allocate(image, width, std::abs(height), 3, path))
    return std::move(error);
  uint64_t rowSize = (width * bits + 31) / 32 * 4;
  if (offset > bytes.size() || bytes.size() - offset < rowSize * image.height)
    return imageError(path, "its pixels are " + Twine(rowSize * image.height) +
                                " bytes at byte " + Twine(offset) + " of " +
                                Twine(bytes.size()));
  uint64_t palette = fileHeader + headerSize;
  if (bits == 8) {
    if (numColors == 0)
      numColors = 256;
    if (numColors > 256 || palette > bytes.size() ||
        bytes.size() - palette < 4 * numColors)
      return imageError(path, "its palette has " + Twine(numColors) +
                                  " colours at byte " + Twine(palette) +
                                  " of " + Twine(bytes.size()));
  }
  uint8_t *out = image.pixels.data();
  for (int64_t y = 0; y < image.height; ++y) {
    int64_t line = height < 0 ? y : image.height - 1 - y;
    const char *row = data + offset + line * rowSize;
    for (int64_t x = 0; x < width; ++x) {
      const char *pixel = row + x * (bits / 8);
      if (bits == 8) {
        uint64_t index = static_cast<uint8_t>(*pixel);
        if (index >= numColors)
          return imageError(path, "pixel (" + Twine(x) + ", " + Twine(y) +
                                      ") has colour " + Twine(index) +
                                      " of a palette of " + Twine(numColors));
        pixel = data + palette + 4 * index;
      }
      for (int c = 2; c >= 0; --c)
        *out++ = pixel[c];
    }
  }
  return std::move(image);
}
