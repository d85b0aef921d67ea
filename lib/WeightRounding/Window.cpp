// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The window of a convolution: kernel element (ky, kx) at position (y, x) meets
// the input at
//
//   y * stride - top + ky * dilation                  (convolution)
//   (y + top - ky * dilation) / stride, if integral   (transposed)
//
// and zero outside of it: zero is what padding means.

#include "qopt/WeightRounding/Moments.h"

#include <algorithm>

using namespace qopt::rounding;

/// Where kernel element k lies on the input, or -1.
static int64_t locate(bool transposed, int64_t result, int64_t k,
                      int64_t stride, int64_t dilation, int64_t before,
                      int64_t size) {
  int64_t at = transposed ? result + before - k * dilation
                          : result * stride - before + k * dilation;
  if (transposed) {
    if (at < 0 || at % stride != 0)
      return -1;
    at /= stride;
  }
  return at >= 0 && at < size ? at : -1;
}

void Window::gather(const float *input, int64_t group, int64_t position,
                    double *values) const {
  int64_t resultY = position / resultWidth, resultX = position % resultWidth;
  int64_t depth = getGroupChannels();
  for (int64_t ky = 0; ky < kernelHeight; ++ky) {
    int64_t y = locate(transposed, resultY, ky, strideHeight, dilationHeight,
                       top, height);
    for (int64_t kx = 0; kx < kernelWidth; ++kx, values += depth) {
      int64_t x = locate(transposed, resultX, kx, strideWidth, dilationWidth,
                         left, width);
      if (y < 0 || x < 0) {
        std::fill(values, values + depth, 0.0);
        continue;
      }
      std::copy_n(input + (y * width + x) * channels + group * depth, depth,
                  values);
    }
  }
}
