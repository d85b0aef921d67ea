// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// PGM (P2, P5) and PPM (P3, P6): width, height and greatest value as decimal
// numbers, '#' begins a comment; then numbers (P2, P3), or bytes, two for each
// value above 255 (P5, P6). Values are scaled to 0..255.

#include "Image.h"

using namespace llvm;
using namespace qopt::samples;

namespace {
class Parser {
public:
  Parser(StringRef bytes, StringRef path)
      : rest(bytes.drop_front(2)), size(bytes.size()), path(path) {}

  /// The next number, at most `max`.
  Expected<int64_t> parseNumber(StringRef what, int64_t max) {
    skipSpace();
    StringRef digits = rest.take_while([](char c) { return isDigit(c); });
    int64_t value;
    if (digits.empty() || digits.getAsInteger(10, value) || value > max)
      return imageError(path, "expected " + what + " of 0 to " + Twine(max) +
                                  " at byte " + Twine(size - rest.size()));
    rest = rest.drop_front(digits.size());
    return value;
  }

  StringRef rest;

private:
  static bool isDigit(char c) { return c >= '0' && c <= '9'; }

  void skipSpace() {
    while (true) {
      rest = rest.ltrim(" \t\r\n\v\f");
      if (!rest.starts_with("#"))
        return;
      rest = rest.drop_front(std::min(rest.find('\n'), rest.size()));
    }
  }

  size_t size;
  StringRef path;
};
} // namespace

Expected<Image> qopt::samples::decodeNetpbm(StringRef bytes, StringRef path) {
  char kind = bytes[1];
  bool isText = kind == '2' || kind == '3';
  Parser parser(bytes, path);
  auto width = parser.parseNumber("a width", INT32_MAX);
  if (!width)
    return width.takeError();
  auto height = parser.parseNumber("a height", INT32_MAX);
  if (!height)
    return height.takeError();
  auto greatest = parser.parseNumber("a greatest value", 65535);
  if (!greatest)
    return greatest.takeError();
  if (*greatest == 0)
    return imageError(path, "its greatest value is 0");
  Image image;
  int64_t channels = kind == '3' || kind == '6' ? 3 : 1;
  if (Error error = allocate(image, *width, *height, channels, path))
    return std::move(error);
  auto scale = [&](int64_t value) {
    value = std::min(value, *greatest);
    return static_cast<uint8_t>((value * 255 + *greatest / 2) / *greatest);
  };
  if (isText) {
    for (uint8_t &pixel : image.pixels) {
      auto value = parser.parseNumber("a value", *greatest);
      if (!value)
        return value.takeError();
      pixel = scale(*value);
    }
    return std::move(image);
  }
  // One white space, then the values.
  size_t valueSize = *greatest > 255 ? 2 : 1;
  StringRef data = parser.rest.drop_front(parser.rest.empty() ? 0 : 1);
  if (data.size() < image.pixels.size() * valueSize)
    return imageError(path, "it has " + Twine(data.size()) +
                                " bytes of pixels, expected " +
                                Twine(image.pixels.size() * valueSize));
  for (size_t i = 0; i < image.pixels.size(); ++i) {
    auto byte = [&](size_t at) -> int64_t {
      return static_cast<uint8_t>(data[at]);
    };
    image.pixels[i] =
        scale(valueSize == 1 ? byte(i) : byte(2 * i) * 256 + byte(2 * i + 1));
  }
  return std::move(image);
}
