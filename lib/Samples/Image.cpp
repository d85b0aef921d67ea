// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Chooses the decoder, converts channels and resizes.

#include "Image.h"

#include <algorithm>
#include <cmath>

using namespace llvm;
using namespace qopt::samples;

Error qopt::samples::imageError(StringRef path, const Twine &what) {
  return createStringError("cannot decode '" + path + "': " + what);
}

Error qopt::samples::allocate(Image &image, int64_t width, int64_t height,
                              int64_t channels, StringRef path) {
  if (width < 1 || height < 1 || width > maxSide || height > maxSide ||
      width * height > maxPixels)
    return imageError(path, "it has " + Twine(width) + "x" + Twine(height) +
                                " pixels, expected 1x1 to " + Twine(maxSide) +
                                " a side and " + Twine(maxPixels) + " in all");
  image.width = width;
  image.height = height;
  image.channels = channels;
  image.pixels.resize(width * height * channels);
  return Error::success();
}

Expected<Image> qopt::samples::decodeImage(StringRef bytes, StringRef path) {
  if (bytes.starts_with("\x89PNG"))
    return decodePNG(bytes, path);
  if (bytes.starts_with("\xff\xd8\xff"))
    return decodeJPEG(bytes, path);
  if (bytes.starts_with("BM"))
    return decodeBMP(bytes, path);
  if (bytes.size() > 2 && bytes[0] == 'P' &&
      StringRef("2356").contains(bytes[1]))
    return decodeNetpbm(bytes, path);
  return imageError(path, "it is no PNG, JPEG, BMP, PPM or PGM file");
}

Image qopt::samples::withChannels(Image image, int64_t channels) {
  if (image.channels == channels)
    return image;
  Image result;
  result.width = image.width;
  result.height = image.height;
  result.channels = channels;
  size_t count = image.width * image.height;
  result.pixels.resize(count * channels);
  for (size_t i = 0; i < count; ++i) {
    if (channels == 3) {
      std::fill_n(result.pixels.begin() + 3 * i, 3, image.pixels[i]);
      continue;
    }
    const uint8_t *pixel = image.pixels.data() + 3 * i;
    result.pixels[i] =
        (299 * pixel[0] + 587 * pixel[1] + 114 * pixel[2] + 500) / 1000;
  }
  return result;
}

namespace {
/// A position between two pixels of a row or column.
struct Position {
  int64_t first, second;
  float weight; // of the second
};
} // namespace

static std::vector<Position> findPositions(int64_t from, int64_t to) {
  std::vector<Position> positions;
  for (int64_t i = 0; i < to; ++i) {
    double x = (i + 0.5) * static_cast<double>(from) / to - 0.5;
    double floor = std::floor(x);
    auto clamp = [&](double value) {
      return static_cast<int64_t>(
          std::min(std::max(value, 0.0), static_cast<double>(from - 1)));
    };
    positions.push_back(
        {clamp(floor), clamp(floor + 1), static_cast<float>(x - floor)});
  }
  return positions;
}

std::vector<float> qopt::samples::resizeBilinear(const Image &image,
                                                 int64_t width,
                                                 int64_t height) {
  int64_t channels = image.channels;
  std::vector<float> result;
  if (image.width == width && image.height == height) {
    result.assign(image.pixels.begin(), image.pixels.end());
    return result;
  }
  result.reserve(width * height * channels);
  std::vector<Position> columns = findPositions(image.width, width);
  for (const Position &y : findPositions(image.height, height)) {
    const uint8_t *upper =
        image.pixels.data() + y.first * image.width * channels;
    const uint8_t *lower =
        image.pixels.data() + y.second * image.width * channels;
    for (const Position &x : columns)
      for (int64_t c = 0; c < channels; ++c) {
        auto mix = [&](const uint8_t *row) {
          float left = row[x.first * channels + c];
          float right = row[x.second * channels + c];
          return left + (right - left) * x.weight;
        };
        float top = mix(upper), bottom = mix(lower);
        result.push_back(top + (bottom - top) * y.weight);
      }
  }
  return result;
}
