// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Averages in TFLite's semantics: pooling windows, means over axes, and
// bilinear interpolation weights.

#ifndef QOPT_NUMERICS_POOLING_H
#define QOPT_NUMERICS_POOLING_H

#include "qopt/Numerics/FixedPoint.h"
#include "qopt/Numerics/QuantizationParameters.h"

#include <cstdint>
#include <vector>

namespace qopt::numerics {

/// Average of a window whose stored values sum to \p sum: the quotient rounded
/// half away from zero. No zero points: input and result share parameters.
int32_t averageOfWindow(int32_t sum, int32_t count);

/// mean: the sum of stored values, less count·Z_x, times S_x/(S_y·count) in
/// `double` mode. The division by the count is folded into the mantissa, which
/// may therefore lie below 2^30 (it is truncated, not rounded).
struct MeanParameters {
  int32_t inputZeroPoint = 0, resultZeroPoint = 0;
  int64_t count = 1;
  FixedPointMultiplier multiplier;
  int32_t min = -128, max = 127;
};

Result<MeanParameters> prepareMean(QuantizationParameters input,
                                   QuantizationParameters result, int64_t count,
                                   StorageRange range);
int32_t mean(int32_t sum, const MeanParameters &p);

/// One output coordinate of a bilinear resize along one axis: the two input
/// positions, and the weight of `upper` as a fraction of 2^10 (integer kernels:
/// int8, int16) or as a float (float and uint8).
struct ResizeTap {
  int64_t lower = 0, upper = 0;
  int32_t weight = 0;
  float floatWeight = 0;
};

/// Taps of the integer kernel (`weight`).
std::vector<ResizeTap> resizeTapsInteger(int64_t inputSize, int64_t outputSize,
                                         bool alignCorners,
                                         bool halfPixelCenters);
/// Taps of the float and uint8 kernel (`floatWeight`).
std::vector<ResizeTap> resizeTapsFloat(int64_t inputSize, int64_t outputSize,
                                       bool alignCorners,
                                       bool halfPixelCenters);

/// The integer kernel on one element, from its four neighbours (first letter
/// the row): rounded half away from zero, out of 2^20.
int32_t resizeElement(int32_t ll, int32_t lu, int32_t ul, int32_t uu,
                      const ResizeTap &row, const ResizeTap &column);

} // namespace qopt::numerics

#endif // QOPT_NUMERICS_POOLING_H
