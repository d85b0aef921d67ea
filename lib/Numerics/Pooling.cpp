// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Averages and bilinear taps.

#include "qopt/Numerics/Pooling.h"

#include <algorithm>
#include <cmath>

using namespace qopt::numerics;

int32_t qopt::numerics::averageOfWindow(int32_t sum, int32_t count) {
  return sum > 0 ? (sum + count / 2) / count : (sum - count / 2) / count;
}

Result<MeanParameters>
qopt::numerics::prepareMean(QuantizationParameters input,
                            QuantizationParameters result, int64_t count,
                            StorageRange range) {
  if (count < 1)
    return Reason{"mean over " + std::to_string(count) + " elements"};
  Result<FixedPointMultiplier> m =
      quantizeMultiplier(input.scale / result.scale);
  if (!m)
    return Reason{m.reason()};
  // Dividing the mantissa by the count would lose bits: it is shifted left by
  // floor(log2 count) first, as far as the total right shift stays below 32.
  int shift = 0;
  while ((count >> shift) > 1)
    ++shift;
  shift = std::min({shift, 32, 31 + m->shift});
  MeanParameters p;
  p.inputZeroPoint = static_cast<int32_t>(input.zeroPoint);
  p.resultZeroPoint = static_cast<int32_t>(result.zeroPoint);
  p.count = count;
  p.multiplier.mantissa = static_cast<int32_t>(
      (static_cast<int64_t>(m->mantissa) << shift) / count);
  p.multiplier.shift = m->shift - shift;
  p.min = static_cast<int32_t>(range.min);
  p.max = static_cast<int32_t>(range.max);
  return p;
}

int32_t qopt::numerics::mean(int32_t sum, const MeanParameters &p) {
  auto centred = static_cast<int32_t>(sum - p.inputZeroPoint * p.count);
  return static_cast<int32_t>(saturate(
      int64_t(requantizeDouble(centred, p.multiplier)) + p.resultZeroPoint,
      p.min, p.max));
}

std::vector<ResizeTap>
qopt::numerics::resizeTapsInteger(int64_t inputSize, int64_t outputSize,
                                  bool alignCorners, bool halfPixelCenters) {
  constexpr int64_t one = 1 << 10;
  int64_t scale = (one * inputSize + outputSize / 2) / outputSize;
  if (alignCorners && outputSize > 1)
    scale = (one * (inputSize - 1) + (outputSize - 1) / 2) / (outputSize - 1);
  std::vector<ResizeTap> taps(outputSize);
  for (int64_t i = 0; i < outputSize; ++i) {
    int64_t position = i * scale;
    if (halfPixelCenters)
      position += scale / 2 - one / 2;
    ResizeTap &tap = taps[i];
    // Left of the first centre the position is negative; both divisions
    // truncate toward zero, which the clamps make harmless.
    tap.lower = std::max<int64_t>(position / one, 0);
    tap.upper = std::min((position + one - 1) / one, inputSize - 1);
    tap.weight = static_cast<int32_t>(position - one * tap.lower);
  }
  return taps;
}

std::vector<ResizeTap> qopt::numerics::resizeTapsFloat(int64_t inputSize,
                                                       int64_t outputSize,
                                                       bool alignCorners,
                                                       bool halfPixelCenters) {
  float scale = static_cast<float>(inputSize) / static_cast<float>(outputSize);
  if (alignCorners && outputSize > 1)
    scale =
        static_cast<float>(inputSize - 1) / static_cast<float>(outputSize - 1);
  std::vector<ResizeTap> taps(outputSize);
  for (int64_t i = 0; i < outputSize; ++i) {
    auto x = static_cast<float>(i);
    float position = halfPixelCenters ? (x + 0.5f) * scale - 0.5f : x * scale;
    ResizeTap &tap = taps[i];
    tap.lower =
        std::max<int64_t>(static_cast<int64_t>(std::floor(position)), 0);
    tap.upper =
        std::min(static_cast<int64_t>(std::ceil(position)), inputSize - 1);
    tap.floatWeight = position - static_cast<float>(tap.lower);
  }
  return taps;
}

int32_t qopt::numerics::resizeElement(int32_t ll, int32_t lu, int32_t ul,
                                      int32_t uu, const ResizeTap &row,
                                      const ResizeTap &column) {
  constexpr int64_t one = 1 << 10;
  int64_t sum = ll * (one - row.weight) * (one - column.weight) +
                ul * int64_t(row.weight) * (one - column.weight) +
                lu * (one - row.weight) * column.weight +
                uu * int64_t(row.weight) * column.weight;
  int64_t half = sum > 0 ? 1 << 19 : -(1 << 19);
  return static_cast<int32_t>((sum + half) / (1 << 20));
}
