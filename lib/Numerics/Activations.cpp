// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// See Activations.h. Hard swish computes in 16 bits: the centred input with 7
// fractional bits, times a gate in [0, 1] with 15.

#include "qopt/Numerics/Activations.h"

#include <cmath>

using namespace qopt::numerics;

Table8 qopt::numerics::tanhTable8(QuantizationParameters input,
                                  QuantizationParameters result,
                                  bool isSigned) {
  return tabulate8(input, result, isSigned,
                   [](float x) { return std::tanh(x); });
}

/// Clamps a centred result to the storage range, with its zero point.
static int16_t store(int64_t centred, QuantizationParameters result,
                     StorageRange range) {
  return static_cast<int16_t>(
      std::clamp<int64_t>(centred + result.zeroPoint, range.min, range.max));
}

static int32_t saturate16(int32_t x) { return std::clamp(x, -32768, 32767); }

/// The upper half of a multiplier's mantissa, rounded.
static int32_t narrowMantissa(FixedPointMultiplier m) {
  constexpr int32_t half = 1 << 15;
  return m.mantissa >= INT32_MAX - half ? INT16_MAX : (m.mantissa + half) >> 16;
}

/// High half of 2·a·b of 16-bit numbers, ties up.
static int32_t doublingHighMultiply16(int32_t a, int32_t b) {
  return saturate16((a * b + (1 << 14)) >> 15);
}

Result<Table8> qopt::numerics::hardSwishTable8(QuantizationParameters input,
                                               QuantizationParameters result,
                                               bool isSigned) {
  float fine = 1.0f / 128.0f * static_cast<float>(input.scale);
  auto value = quantizeMultiplier(fine / static_cast<float>(result.scale));
  if (!value)
    return Reason{value.reason()};
  auto gate = quantizeMultiplier(fine / (3.0f / 32768.0f));
  if (!gate)
    return Reason{gate.reason()};
  if (value->shift > 0)
    return Reason{"the input's scale " + std::to_string(input.scale) +
                  " is 128 times the result's " + std::to_string(result.scale) +
                  " or more"};
  int32_t valueMantissa = narrowMantissa(*value);
  int32_t gateMantissa = narrowMantissa(*gate);

  StorageRange range = StorageRange::ofBits(8, isSigned);
  Table8 table;
  for (int64_t stored = range.min; stored <= range.max; ++stored) {
    auto fineInput = static_cast<int32_t>((stored - input.zeroPoint) * 128);
    int32_t v = doublingHighMultiply16(fineInput, valueMantissa);
    // The saturation at 16 bits is the clamp of x / 3 to [-1, 1].
    int32_t g = fineInput;
    if (gate->shift > 0)
      g = static_cast<int32_t>(std::clamp<int64_t>(
          g * (int64_t(1) << (gate->shift - 1)), INT16_MIN, INT16_MAX));
    g = doublingHighMultiply16(g, gateMantissa);
    if (gate->shift > 0)
      g = saturate16(2 * g);
    else
      g = roundingRightShift(g, -gate->shift);
    g = (g + (1 << 15)) >> 1;
    int32_t product = saturate16(g * v / (1 << 15));
    table[stored - range.min] =
        store(roundingRightShift(product, -value->shift), result, range);
  }
  return table;
}

Result<Table8> qopt::numerics::leakyReluTable8(QuantizationParameters input,
                                               QuantizationParameters result,
                                               bool isSigned, double alpha) {
  auto from = static_cast<float>(input.scale);
  auto to = static_cast<float>(result.scale);
  auto identity = quantizeMultiplier(from / to);
  if (!identity)
    return Reason{identity.reason()};
  auto slope = quantizeMultiplier(from * static_cast<float>(alpha) / to);
  if (!slope)
    return Reason{slope.reason()};
  StorageRange range = StorageRange::ofBits(8, isSigned);
  Table8 table;
  for (int64_t stored = range.min; stored <= range.max; ++stored) {
    auto x = static_cast<int32_t>(stored - input.zeroPoint);
    table[stored - range.min] =
        store(requantizeDouble(x, x >= 0 ? *identity : *slope), result, range);
  }
  return table;
}
