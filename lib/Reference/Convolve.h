// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The sum of products that all linear ops are.

#ifndef QOPT_LIB_REFERENCE_CONVOLVE_H
#define QOPT_LIB_REFERENCE_CONVOLVE_H

#include "llvm/ADT/ArrayRef.h"

#include <cstdint>
#include <vector>

namespace qopt::reference {

/// Shapes and steps of a convolution with filter [O, KH, KW, I].
struct Geometry {
  int64_t batches = 1, height = 1, width = 1, channels = 1;
  int64_t outHeight = 1, outWidth = 1, outChannels = 1;
  int64_t kernelHeight = 1, kernelWidth = 1, groups = 1;
  int64_t strideY = 1, strideX = 1, dilationY = 1, dilationX = 1;
  int64_t top = 0, left = 0;

  int64_t groupChannels() const { return channels / groups; }
  int64_t taps() const { return kernelHeight * kernelWidth * groupChannels(); }
};

/// Sums of products, [N, OH, OW, O]. A position outside the image has the value
/// `outside` in every channel; for 0 the products are left out.
template <typename T>
std::vector<T> accumulate(const Geometry &g, const std::vector<T> &input,
                          const std::vector<T> &filter, T outside) {
  std::vector<T> sums(g.batches * g.outHeight * g.outWidth * g.outChannels);
  const int64_t depth = g.groupChannels();
  const int64_t channelsPerGroup = g.outChannels / g.groups;
  T *sum = sums.data();
  for (int64_t n = 0; n < g.batches; ++n)
    for (int64_t y = 0; y < g.outHeight; ++y)
      for (int64_t x = 0; x < g.outWidth; ++x)
        for (int64_t o = 0; o < g.outChannels; ++o, ++sum) {
          const int64_t firstChannel = o / channelsPerGroup * depth;
          const T *w = filter.data() + o * g.taps();
          T total = 0;
          for (int64_t ky = 0; ky < g.kernelHeight; ++ky) {
            const int64_t iy = y * g.strideY + ky * g.dilationY - g.top;
            for (int64_t kx = 0; kx < g.kernelWidth; ++kx, w += depth) {
              const int64_t ix = x * g.strideX + kx * g.dilationX - g.left;
              if (iy < 0 || iy >= g.height || ix < 0 || ix >= g.width) {
                if (outside != 0)
                  for (int64_t i = 0; i < depth; ++i)
                    total += outside * w[i];
                continue;
              }
              const T *v = input.data() + firstChannel +
                           ((n * g.height + iy) * g.width + ix) * g.channels;
              for (int64_t i = 0; i < depth; ++i)
                total += v[i] * w[i];
            }
          }
          *sum = total;
        }
  return sums;
}

/// The same for a transposed convolution: each input element adds its products
/// to the places of the result that its window covers.
template <typename T>
std::vector<T> accumulateTransposed(const Geometry &g,
                                    const std::vector<T> &input,
                                    const std::vector<T> &filter) {
  std::vector<T> sums(g.batches * g.outHeight * g.outWidth * g.outChannels);
  const int64_t depth = g.groupChannels();
  const int64_t channelsPerGroup = g.outChannels / g.groups;
  auto scatter = [&](const T *v, int64_t n, int64_t y, int64_t x) {
    for (int64_t ky = 0; ky < g.kernelHeight; ++ky)
      for (int64_t kx = 0; kx < g.kernelWidth; ++kx) {
        const int64_t oy = y * g.strideY + ky * g.dilationY - g.top;
        const int64_t ox = x * g.strideX + kx * g.dilationX - g.left;
        if (oy < 0 || oy >= g.outHeight || ox < 0 || ox >= g.outWidth)
          continue;
        T *sum = sums.data() +
                 ((n * g.outHeight + oy) * g.outWidth + ox) * g.outChannels;
        for (int64_t o = 0; o < g.outChannels; ++o) {
          const T *w = filter.data() +
                       ((o * g.kernelHeight + ky) * g.kernelWidth + kx) * depth;
          const T *group = v + o / channelsPerGroup * depth;
          for (int64_t i = 0; i < depth; ++i)
            sum[o] += group[i] * w[i];
        }
      }
  };
  for (int64_t n = 0; n < g.batches; ++n)
    for (int64_t y = 0; y < g.height; ++y)
      for (int64_t x = 0; x < g.width; ++x)
        scatter(input.data() + ((n * g.height + y) * g.width + x) * g.channels,
                n, y, x);
  return sums;
}

/// [1, KH, KW, O] as [O, KH, KW, 1].
template <typename T>
std::vector<T> channelsFirst(llvm::ArrayRef<T> filter, int64_t channels) {
  std::vector<T> result(filter.size());
  int64_t taps = filter.size() / channels;
  for (int64_t t = 0; t < taps; ++t)
    for (int64_t o = 0; o < channels; ++o)
      result[o * taps + t] = filter[t * channels + o];
  return result;
}

} // namespace qopt::reference

#endif // QOPT_LIB_REFERENCE_CONVOLVE_H
