// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Loops in the order in which a compiler can vectorize them: dot products run
// over neighbouring bytes, depthwise ones over channels.

#include "PlainLoops.h"

#include <algorithm>
#include <cmath>
#include <vector>

using namespace qopt;

/// gemmlowp's doubling high multiply and rounding shift.
static inline int32_t multiplyByQuantized(int32_t x, int32_t multiplier,
                                          int32_t shift) {
  int left = shift > 0 ? shift : 0, right = shift > 0 ? 0 : -shift;
  int64_t shifted = static_cast<int32_t>(static_cast<uint32_t>(x) << left);
  auto high =
      static_cast<int32_t>((shifted * multiplier + (int64_t(1) << 30)) >> 31);
  int32_t mask = static_cast<int32_t>((int64_t(1) << right) - 1);
  int32_t threshold = (mask >> 1) + (high < 0);
  return (high >> right) + ((high & mask) > threshold);
}

static inline int8_t finish(int32_t sum, int channel,
                            const plain::Requantize &r) {
  int32_t y =
      multiplyByQuantized(sum, r.multiplier[channel], r.shift[channel]) +
      r.zeroPoint;
  return static_cast<int8_t>(std::min(std::max(y, r.min), r.max));
}

void plain::conv2D(const Window &s, const int8_t *__restrict x,
                   int32_t inputZeroPoint, const int8_t *__restrict w,
                   const int32_t *__restrict bias, const Requantize &r,
                   int8_t *__restrict y) {
  for (int oy = 0; oy < s.outHeight; ++oy)
    for (int ox = 0; ox < s.outWidth; ++ox)
      for (int o = 0; o < s.outChannels; ++o) {
        int32_t sum = bias[o];
        for (int ky = 0; ky < s.kernelHeight; ++ky) {
          int iy = oy * s.stride + ky - s.top;
          if (iy < 0 || iy >= s.height)
            continue;
          for (int kx = 0; kx < s.kernelWidth; ++kx) {
            int ix = ox * s.stride + kx - s.left;
            if (ix < 0 || ix >= s.width)
              continue;
            const int8_t *row = x + (iy * s.width + ix) * s.channels;
            const int8_t *taps =
                w +
                ((o * s.kernelHeight + ky) * s.kernelWidth + kx) * s.channels;
            for (int c = 0; c < s.channels; ++c)
              sum += (row[c] - inputZeroPoint) * taps[c];
          }
        }
        *y++ = finish(sum, o, r);
      }
}

void plain::depthwiseConv2D(const Window &s, const int8_t *__restrict x,
                            int32_t inputZeroPoint, const int8_t *__restrict w,
                            const int32_t *__restrict bias, const Requantize &r,
                            int8_t *__restrict y) {
  std::vector<int32_t> sums(s.channels);
  for (int oy = 0; oy < s.outHeight; ++oy)
    for (int ox = 0; ox < s.outWidth; ++ox) {
      std::copy(bias, bias + s.channels, sums.begin());
      int32_t *__restrict sum = sums.data();
      for (int ky = 0; ky < s.kernelHeight; ++ky) {
        int iy = oy * s.stride + ky - s.top;
        if (iy < 0 || iy >= s.height)
          continue;
        for (int kx = 0; kx < s.kernelWidth; ++kx) {
          int ix = ox * s.stride + kx - s.left;
          if (ix < 0 || ix >= s.width)
            continue;
          const int8_t *row = x + (iy * s.width + ix) * s.channels;
          const int8_t *taps = w + (ky * s.kernelWidth + kx) * s.channels;
          for (int c = 0; c < s.channels; ++c)
            sum[c] += (row[c] - inputZeroPoint) * taps[c];
        }
      }
      for (int c = 0; c < s.channels; ++c)
        y[c] = finish(sum[c], c, r);
      y += s.channels;
    }
}

void plain::fullyConnected(int rows, int depth, int outputs,
                           const int8_t *__restrict x, int32_t inputZeroPoint,
                           const int8_t *__restrict w,
                           const int32_t *__restrict bias, double multiplier,
                           int32_t zeroPoint, int8_t *__restrict y) {
  for (int row = 0; row < rows; ++row)
    for (int o = 0; o < outputs; ++o) {
      int32_t sum = bias[o];
      for (int c = 0; c < depth; ++c)
        sum += (x[row * depth + c] - inputZeroPoint) * w[o * depth + c];
      auto scaled = static_cast<int32_t>(
          std::round(static_cast<double>(sum) * multiplier));
      *y++ = static_cast<int8_t>(
          std::min(std::max(scaled + zeroPoint, -128), 127));
    }
}

void plain::conv2DFloat(const Window &s, const float *__restrict x,
                        const float *__restrict w, const float *__restrict bias,
                        float *__restrict y) {
  for (int oy = 0; oy < s.outHeight; ++oy)
    for (int ox = 0; ox < s.outWidth; ++ox)
      for (int o = 0; o < s.outChannels; ++o) {
        float sum = 0;
        for (int ky = 0; ky < s.kernelHeight; ++ky) {
          int iy = oy * s.stride + ky - s.top;
          if (iy < 0 || iy >= s.height)
            continue;
          for (int kx = 0; kx < s.kernelWidth; ++kx) {
            int ix = ox * s.stride + kx - s.left;
            if (ix < 0 || ix >= s.width)
              continue;
            for (int c = 0; c < s.channels; ++c)
              sum += x[(iy * s.width + ix) * s.channels + c] *
                     w[((o * s.kernelHeight + ky) * s.kernelWidth + kx) *
                           s.channels +
                       c];
          }
        }
        *y++ = sum + bias[o];
      }
}

void plain::add(int count, const Addition &p, const int8_t *__restrict a,
                const int8_t *__restrict b, int8_t *__restrict y) {
  for (int i = 0; i < count; ++i) {
    int32_t left = multiplyByQuantized((a[i] + p.offsets[0]) * (1 << 20),
                                       p.multipliers[0], p.shifts[0]);
    int32_t right = multiplyByQuantized((b[i] + p.offsets[1]) * (1 << 20),
                                        p.multipliers[1], p.shifts[1]);
    int32_t sum =
        multiplyByQuantized(left + right, p.outputMultiplier, p.outputShift) +
        p.outputOffset;
    y[i] = static_cast<int8_t>(std::min(std::max(sum, -128), 127));
  }
}

void plain::multiply(int count, const Addition &p, const int8_t *__restrict a,
                     const int8_t *__restrict b, int8_t *__restrict y) {
  for (int i = 0; i < count; ++i) {
    int32_t product = (a[i] + p.offsets[0]) * (b[i] + p.offsets[1]);
    int32_t scaled =
        multiplyByQuantized(product, p.outputMultiplier, p.outputShift) +
        p.outputOffset;
    y[i] = static_cast<int8_t>(std::min(std::max(scaled, -128), 127));
  }
}

void plain::averagePool(const Window &s, const int8_t *__restrict x,
                        int8_t *__restrict y) {
  std::vector<int32_t> sums(s.channels);
  const int area = s.kernelHeight * s.kernelWidth;
  for (int oy = 0; oy < s.outHeight; ++oy)
    for (int ox = 0; ox < s.outWidth; ++ox) {
      std::fill(sums.begin(), sums.end(), 0);
      int32_t *__restrict sum = sums.data();
      for (int ky = 0; ky < s.kernelHeight; ++ky)
        for (int kx = 0; kx < s.kernelWidth; ++kx) {
          const int8_t *row =
              x + ((oy * s.stride + ky) * s.width + ox * s.stride + kx) *
                      s.channels;
          for (int c = 0; c < s.channels; ++c)
            sum[c] += row[c];
        }
      for (int c = 0; c < s.channels; ++c) {
        int32_t half = sum[c] > 0 ? area / 2 : -(area / 2);
        y[c] = static_cast<int8_t>((sum[c] + half) / area);
      }
      y += s.channels;
    }
}

void plain::maxPool(const Window &s, const int8_t *__restrict x,
                    int8_t *__restrict y) {
  for (int oy = 0; oy < s.outHeight; ++oy)
    for (int ox = 0; ox < s.outWidth; ++ox) {
      std::fill(y, y + s.channels, int8_t(-128));
      for (int ky = 0; ky < s.kernelHeight; ++ky)
        for (int kx = 0; kx < s.kernelWidth; ++kx) {
          const int8_t *row =
              x + ((oy * s.stride + ky) * s.width + ox * s.stride + kx) *
                      s.channels;
          for (int c = 0; c < s.channels; ++c)
            y[c] = std::max(y[c], row[c]);
        }
      y += s.channels;
    }
}

void plain::lookUp(int count, const int8_t *__restrict table,
                   const int8_t *__restrict x, int8_t *__restrict y) {
  for (int i = 0; i < count; ++i)
    y[i] = table[static_cast<uint8_t>(x[i])];
}

void plain::quantize(int count, float scale, int32_t zeroPoint,
                     const float *__restrict x, int8_t *__restrict y) {
  for (int i = 0; i < count; ++i) {
    auto q = static_cast<int32_t>(std::round(x[i] / scale)) + zeroPoint;
    y[i] = static_cast<int8_t>(std::min(std::max(q, -128), 127));
  }
}

void plain::dequantize(int count, float scale, int32_t zeroPoint,
                       const int8_t *__restrict x, float *__restrict y) {
  for (int i = 0; i < count; ++i)
    y[i] = scale * static_cast<float>(x[i] - zeroPoint);
}

void plain::pad(const Window &s, int8_t value, const int8_t *__restrict x,
                int8_t *__restrict y) {
  for (int oy = 0; oy < s.outHeight; ++oy)
    for (int ox = 0; ox < s.outWidth; ++ox) {
      int iy = oy - s.top, ix = ox - s.left;
      bool inside = iy >= 0 && iy < s.height && ix >= 0 && ix < s.width;
      for (int c = 0; c < s.channels; ++c)
        y[c] = inside ? x[(iy * s.width + ix) * s.channels + c] : value;
      y += s.channels;
    }
}

void plain::concat(int pixels, int channelsA, int channelsB,
                   const int8_t *__restrict a, const int8_t *__restrict b,
                   int8_t *__restrict y) {
  for (int i = 0; i < pixels; ++i) {
    y = std::copy(a + i * channelsA, a + (i + 1) * channelsA, y);
    y = std::copy(b + i * channelsB, b + (i + 1) * channelsB, y);
  }
}
