// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// JPEG through libjpeg(-turbo). It reports errors by a callback that must not
// return: it jumps. Between setjmp and the jump no object with a destructor may
// come to life, so the decoder is split from what surrounds it.

#include "Image.h"

#include <csetjmp>
#include <cstdio>
#include <jpeglib.h>

using namespace llvm;
using namespace qopt::samples;

namespace {
struct ErrorManager {
  jpeg_error_mgr base; // first: libjpeg knows this part only
  jmp_buf target;
  char message[JMSG_LENGTH_MAX];
};
} // namespace

static void jumpOut(j_common_ptr info) {
  auto *manager = reinterpret_cast<ErrorManager *>(info->err);
  (*info->err->format_message)(info, manager->message);
  longjmp(manager->target, 1);
}

/// Counts warnings (level -1) without printing them.
static void countWarnings(j_common_ptr info, int level) {
  info->err->num_warnings += level < 0;
}

/// Reads the header; false on an error.
static bool readHeader(jpeg_decompress_struct &info, ErrorManager &manager,
                       const unsigned char *data, size_t size) {
  if (setjmp(manager.target))
    return false;
  jpeg_mem_src(&info, data, size);
  jpeg_read_header(&info, TRUE);
  info.out_color_space =
      info.jpeg_color_space == JCS_GRAYSCALE ? JCS_GRAYSCALE : JCS_RGB;
  // Slow and exact, so that every build decodes the same pixels.
  info.dct_method = JDCT_ISLOW;
  return true;
}

static bool readPixels(jpeg_decompress_struct &info, ErrorManager &manager,
                       uint8_t *pixels, size_t rowSize) {
  if (setjmp(manager.target))
    return false;
  jpeg_start_decompress(&info);
  while (info.output_scanline < info.output_height) {
    JSAMPROW row = pixels + info.output_scanline * rowSize;
    jpeg_read_scanlines(&info, &row, 1);
  }
  jpeg_finish_decompress(&info);
  return true;
}

Expected<Image> qopt::samples::decodeJPEG(StringRef bytes, StringRef path) {
  ErrorManager manager;
  jpeg_decompress_struct info;
  info.err = jpeg_std_error(&manager.base);
  manager.base.error_exit = jumpOut;
  manager.base.emit_message = countWarnings;
  manager.message[0] = 0;
  jpeg_create_decompress(&info);
  Image image;
  Error error = Error::success();
  const auto *data = reinterpret_cast<const unsigned char *>(bytes.data());
  if (!readHeader(info, manager, data, bytes.size())) {
    error = imageError(path, manager.message);
  } else {
    int64_t channels = info.out_color_space == JCS_RGB ? 3 : 1;
    error =
        allocate(image, info.image_width, info.image_height, channels, path);
    if (!error && !readPixels(info, manager, image.pixels.data(),
                              info.image_width * channels))
      error = imageError(path, manager.message);
    // Files that end early are filled up with grey and a warning.
    if (!error && manager.base.num_warnings != 0)
      error = imageError(path, "its data is damaged or ends early");
  }
  jpeg_destroy_decompress(&info);
  if (error)
    return std::move(error);
  return std::move(image);
}
