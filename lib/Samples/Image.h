// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Pictures in memory and their decoders, told apart by the first bytes of a
// file.

#ifndef QOPT_LIB_SAMPLES_IMAGE_H
#define QOPT_LIB_SAMPLES_IMAGE_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <cstdint>
#include <vector>

namespace qopt::samples {

/// Rows of pixels from the top; grey (one channel) or red, green, blue.
struct Image {
  int64_t width = 0, height = 0, channels = 3;
  std::vector<uint8_t> pixels;
};

/// Larger pictures are refused before memory is asked for.
inline constexpr int64_t maxSide = 1 << 15;
inline constexpr int64_t maxPixels = 1 << 26;

/// Makes room for a picture of this size, or fails and names the size.
llvm::Error allocate(Image &image, int64_t width, int64_t height,
                     int64_t channels, llvm::StringRef path);

/// The message of a file that cannot be decoded.
llvm::Error imageError(llvm::StringRef path, const llvm::Twine &what);

/// Decodes the bytes of a file; `path` stands for it in messages.
llvm::Expected<Image> decodeImage(llvm::StringRef bytes, llvm::StringRef path);

llvm::Expected<Image> decodePNG(llvm::StringRef bytes, llvm::StringRef path);
llvm::Expected<Image> decodeJPEG(llvm::StringRef bytes, llvm::StringRef path);
llvm::Expected<Image> decodeBMP(llvm::StringRef bytes, llvm::StringRef path);
llvm::Expected<Image> decodeNetpbm(llvm::StringRef bytes, llvm::StringRef path);

/// As many channels as asked for: grey is repeated, colours become
/// 0.299 R + 0.587 G + 0.114 B (ITU-R BT.601), rounded to nearest.
Image withChannels(Image image, int64_t channels);

/// Bilinear, with the centres of pixels at half a pixel (what TensorFlow's
/// resize and half_pixel_centers do, without antialiasing). Rows of width x
/// channels values in 0..255, not rounded.
std::vector<float> resizeBilinear(const Image &image, int64_t width,
                                  int64_t height);

} // namespace qopt::samples

#endif // QOPT_LIB_SAMPLES_IMAGE_H
