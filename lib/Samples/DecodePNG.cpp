// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// PNG through libpng's simplified interface, which keeps its errors to itself.
// Transparency is dropped on black, 16 bits become 8.

#include "Image.h"

#include <png.h>

using namespace llvm;
using namespace qopt::samples;

Expected<Image> qopt::samples::decodePNG(StringRef bytes, StringRef path) {
  png_image png = {};
  png.version = PNG_IMAGE_VERSION;
  if (!png_image_begin_read_from_memory(&png, bytes.data(), bytes.size()))
    return imageError(path, png.message);
  bool hasColor = png.format & PNG_FORMAT_FLAG_COLOR;
  png.format = hasColor ? PNG_FORMAT_RGB : PNG_FORMAT_GRAY;
  Image image;
  if (Error error =
          allocate(image, png.width, png.height, hasColor ? 3 : 1, path)) {
    png_image_free(&png);
    return std::move(error);
  }
  png_color black = {0, 0, 0};
  if (!png_image_finish_read(&png, &black, image.pixels.data(),
                             /*row_stride=*/0, /*colormap=*/nullptr))
    return imageError(path, png.message);
  return std::move(image);
}
