// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The loops that anybody would write for these layers, in TensorFlow Lite's
// arithmetic. Compiled with -O3 -march=native whatever the rest is compiled
// with, they are what generated kernels may not lose to.

#ifndef QOPT_TEST_BENCHMARKS_PLAINLOOPS_H
#define QOPT_TEST_BENCHMARKS_PLAINLOOPS_H

#include <cstdint>

namespace qopt::plain {

/// Scaling of accumulators, one multiplier a channel: mode `double`.
struct Requantize {
  const int32_t *multiplier;
  const int32_t *shift;
  int32_t zeroPoint, min, max;
};

/// An image as N=1, H, W, C, and a window over it.
struct Window {
  int height, width, channels;
  int outHeight, outWidth, outChannels;
  int kernelHeight, kernelWidth, stride, top, left;
};

/// Weights are OHWI; the input's zero point is subtracted.
void conv2D(const Window &s, const int8_t *x, int32_t inputZeroPoint,
            const int8_t *w, const int32_t *bias, const Requantize &r,
            int8_t *y);
/// Weights are HWC.
void depthwiseConv2D(const Window &s, const int8_t *x, int32_t inputZeroPoint,
                     const int8_t *w, const int32_t *bias, const Requantize &r,
                     int8_t *y);
/// round(sum * multiplier), ties away from zero: mode `real`.
void fullyConnected(int rows, int depth, int outputs, const int8_t *x,
                    int32_t inputZeroPoint, const int8_t *w,
                    const int32_t *bias, double multiplier, int32_t zeroPoint,
                    int8_t *y);
void conv2DFloat(const Window &s, const float *x, const float *w,
                 const float *bias, float *y);

/// TensorFlow Lite's addition: both operands are shifted left by 20 and scaled.
struct Addition {
  int32_t offsets[2], multipliers[2], shifts[2];
  int32_t outputOffset, outputMultiplier, outputShift;
};
void add(int count, const Addition &p, const int8_t *a, const int8_t *b,
         int8_t *y);
/// mbqm((a + offset) * (b + offset)) + offset
void multiply(int count, const Addition &p, const int8_t *a, const int8_t *b,
              int8_t *y);
void averagePool(const Window &s, const int8_t *x, int8_t *y);
void maxPool(const Window &s, const int8_t *x, int8_t *y);
/// Stored values through a table of 256.
void lookUp(int count, const int8_t *table, const int8_t *x, int8_t *y);
void quantize(int count, float scale, int32_t zeroPoint, const float *x,
              int8_t *y);
void dequantize(int count, float scale, int32_t zeroPoint, const int8_t *x,
                float *y);
/// Rows and columns of zero points around an image.
void pad(const Window &s, int8_t value, const int8_t *x, int8_t *y);
/// Two images side by side in their channels.
void concat(int pixels, int channelsA, int channelsB, const int8_t *a,
            const int8_t *b, int8_t *y);

} // namespace qopt::plain

#endif // QOPT_TEST_BENCHMARKS_PLAINLOOPS_H
