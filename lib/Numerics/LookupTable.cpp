// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Tables of activation functions. What is float32 and what is double here is
// what TFLite's table builders use: entries near a rounding boundary depend on
// it.

#include "qopt/Numerics/LookupTable.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

using namespace qopt::numerics;

Table8 qopt::numerics::tabulate8(QuantizationParameters input,
                                 QuantizationParameters result, bool isSigned,
                                 const std::function<float(float)> &function) {
  StorageRange range = StorageRange::ofBits(8, isSigned);
  float inverse = 1 / static_cast<float>(result.scale);
  Table8 table;
  for (int64_t stored = range.min; stored <= range.max; ++stored) {
    float real = function(dequantizeValue(stored, input));
    float rounded = std::round(real * inverse);
    // In float, not int: the sum may lie beyond 32 bits.
    double q =
        static_cast<double>(rounded + static_cast<float>(result.zeroPoint));
    table[stored - range.min] = static_cast<int16_t>(std::clamp(
        q, static_cast<double>(range.min), static_cast<double>(range.max)));
  }
  return table;
}

Table8 qopt::numerics::logisticTable8(QuantizationParameters input,
                                      QuantizationParameters result,
                                      bool isSigned) {
  return tabulate8(input, result, isSigned,
                   [](float x) { return 1.0f / (1.0f + std::exp(-x)); });
}

std::array<int16_t, 513>
qopt::numerics::tabulate16(QuantizationParameters input,
                           QuantizationParameters result,
                           const std::function<double(double)> &function) {
  constexpr double lowest = -32768, highest = 32767;
  constexpr int segments = 512;
  auto inputZero = static_cast<double>(input.zeroPoint);
  auto resultZero = static_cast<double>(result.zeroPoint);
  double inputMin = input.scale * (lowest - inputZero);
  double inputMax = input.scale * (highest - inputZero);
  double resultMin = result.scale * (lowest - resultZero);
  double resultMax = result.scale * (highest - resultZero);
  double step = (inputMax - inputMin) / segments;
  double perUnit = 65536.0 / (resultMax - resultMin);
  auto store = [&](double x) {
    return static_cast<int16_t>(std::clamp(x, lowest, highest));
  };

  std::array<int16_t, 513> table;
  for (int i = 0; i < segments; ++i) {
    double here = function(inputMin + i * step) * perUnit;
    double middle = function(inputMin + i * step + step / 2) * perUnit;
    double next = function(inputMin + (i + 1) * step) * perUnit;
    double interpolated = std::round((next + std::round(here)) / 2);
    double error = interpolated - std::round(middle);
    table[i] = store(std::round(here) - std::round(error / 2));
  }
  table[segments] = store(std::round(function(inputMax) * perUnit));
  return table;
}

int16_t qopt::numerics::interpolate16(int16_t x,
                                      const std::array<int16_t, 513> &table) {
  int index = 256 + (x >> 7);
  int offset = x & 0x7f;
  int base = table[index];
  // The slope is kept in 16 bits, as the kernel keeps it.
  auto slope = static_cast<int16_t>(table[index + 1] - base);
  return static_cast<int16_t>(base + ((slope * offset + 64) >> 7));
}

Result<Logistic16Parameters>
qopt::numerics::prepareLogistic16(double inputScale) {
  int exponent;
  if (isPowerOfTwoScale(inputScale, exponent) && exponent == -12)
    return Logistic16Parameters{3, 0};
  double multiplier = static_cast<float>(inputScale) * 4096.0 * 3.0;
  Logistic16Parameters p;
  while (multiplier <= 32767.0 / 2 && p.rightShift <= 30) {
    ++p.rightShift;
    multiplier *= 2;
  }
  if (!(multiplier < 65536.0))
    return Reason{"input scale " + std::to_string(inputScale) +
                  " is too large for a 16-bit logistic, at most 5.33 works"};
  p.multiplier = static_cast<int32_t>(multiplier);
  return p;
}

static std::array<uint16_t, 256> buildSigmoidTable() {
  auto sample = [](double i) { return 65536.0 / (1.0 + std::exp(-i / 24.0)); };
  std::array<uint16_t, 256> table;
  for (int i = 0; i < 256; ++i) {
    double error = sample(i + 0.5) - (sample(i) + sample(i + 1)) / 2;
    table[i] = static_cast<uint16_t>(std::round(sample(i) + error / 2));
  }
  table[255] = 65535;
  return table;
}

const std::array<uint16_t, 256> &qopt::numerics::sigmoidTable16() {
  static const std::array<uint16_t, 256> table = buildSigmoidTable();
  return table;
}

int16_t qopt::numerics::logistic16(int16_t x, Logistic16Parameters p) {
  // 64 bits: 32768 · 32767 plus the rounding bit just fits 31 bits, but a scale
  // at the upper end does not.
  int64_t round = p.rightShift > 0 ? int64_t(1) << (p.rightShift - 1) : 0;
  int64_t scaled = (int64_t(x) * p.multiplier + round) >> p.rightShift;
  int64_t magnitude = std::abs(scaled);
  int64_t index = magnitude >> 9;
  int64_t result = int64_t(0x7fff) << 10;
  if (index < 255) {
    const auto &table = sigmoidTable16();
    int64_t below = table[index], above = table[index + 1];
    result = (below << 9) + (magnitude & 0x1ff) * (above - below);
  }
  result = scaled >= 0 ? result + (1 << 9)
                       : (int64_t(1) << 25) - result + (1 << 9) - 1;
  return static_cast<int16_t>(result >> 10);
}
