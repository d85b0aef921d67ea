// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Fixed-point exponential, reciprocal and softmax. Formats: Qi.f has i integer
// bits and f fractional ones in an int32; a product of two fixed-point values
// is the doubling high multiply and adds the integer bits.

#include "qopt/Numerics/Softmax.h"

#include "qopt/Numerics/LookupTable.h"

#include <algorithm>
#include <cmath>
#include <limits>

using namespace qopt::numerics;

static constexpr int32_t oneQ0 = std::numeric_limits<int32_t>::max();

static int32_t times(int32_t a, int32_t b) {
  return doublingHighMultiply(a, b);
}

static int32_t saturatingLeftShift(int32_t x, int exponent) {
  return static_cast<int32_t>(
      saturateToBits(x * (int64_t(1) << exponent), 32, true));
}

/// exp(a) in Q0.31 for a in [-1/4, 0): Taylor around -1/8,
/// e^(-1/8) · (1 + x + x²/2 + x³/6 + x⁴/24) with x = a + 1/8.
static int32_t expOfQuarter(int32_t a) {
  constexpr int32_t expOfMinusEighth = 1895147668;
  constexpr int32_t third = 715827883;
  int32_t x = a + (1 << 28);
  int32_t x2 = times(x, x);
  int32_t x3 = times(x2, x);
  int32_t x4 = times(x2, x2);
  int32_t cubicAndQuartic = times(roundingRightShift(x4, 2) + x3, third);
  int32_t tail = roundingRightShift(cubicAndQuartic + x2, 1);
  return expOfMinusEighth + times(expOfMinusEighth, x + tail);
}

int32_t qopt::numerics::expOfNegativeQ5(int32_t a) {
  if (a == 0)
    return oneQ0;
  constexpr int32_t quarter = 1 << 24;
  int32_t modulo = (a & (quarter - 1)) - quarter;
  int32_t result = expOfQuarter(saturatingLeftShift(modulo, 5));
  // What remains is a sum of powers of two from 1/4 to 16: multiply by
  // exp(-2^k), in Q0.31, for each that is present.
  uint32_t remainder = static_cast<uint32_t>(modulo) - static_cast<uint32_t>(a);
  constexpr int32_t expOfMinusPower[] = {
      1672461947, 1302514674, 790015084, 290630308, 39332535, 720401, 242};
  for (int k = 0; k < 7; ++k)
    if (remainder & (uint32_t(1) << (24 + k)))
      result = times(result, expOfMinusPower[k]);
  return result;
}

int32_t qopt::numerics::reciprocalOfOnePlus(int32_t a) {
  // Newton-Raphson on d = (1 + a)/2 in [1/2, 1): x ← x + x·(1 - d·x) in Q2.29,
  // from the linear start 48/17 - 32/17·d; the result is x/2 in Q0.31.
  constexpr int32_t start = 1515870810, slope = -1010580540;
  constexpr int32_t oneQ2 = 1 << 29;
  int64_t sum = static_cast<int64_t>(a) + oneQ0;
  auto half = static_cast<int32_t>((sum + (sum >= 0 ? 1 : -1)) / 2);
  int32_t x = start + times(half, slope);
  for (int i = 0; i < 3; ++i) {
    int32_t error = oneQ2 - times(half, x);
    x += saturatingLeftShift(times(x, error), 2);
  }
  return saturatingLeftShift(x, 1);
}

Result<Softmax8Parameters> qopt::numerics::prepareSoftmax8(double beta,
                                                           double inputScale) {
  constexpr int integerBits = 5;
  // A larger factor would still leave only the maximum with a nonzero result.
  double factor = std::min(beta * inputScale * (1 << (31 - integerBits)),
                           static_cast<double>((int64_t(1) << 31) - 1));
  if (!(factor > 1))
    return Reason{"softmax of beta " + std::to_string(beta) +
                  " and input scale " + std::to_string(inputScale) +
                  " is flat: their product must exceed 2^-26"};
  // Unlike everywhere else a shift of 31 is possible here: the factor is
  // capped just below 2^31.
  Softmax8Parameters p;
  int exponent;
  double fraction = std::frexp(factor, &exponent);
  auto mantissa = static_cast<int64_t>(std::round(std::ldexp(fraction, 31)));
  if (mantissa == int64_t(1) << 31) {
    mantissa /= 2;
    ++exponent;
  }
  p.inputBeta = {static_cast<int32_t>(mantissa), exponent};
  double radius = ((1 << integerBits) - 1) * std::ldexp(1.0, 31 - integerBits) /
                  std::ldexp(1.0, exponent);
  p.diffMin = -static_cast<int32_t>(std::floor(radius));
  for (int d = 0; d < 256; ++d) {
    if (-d < p.diffMin)
      continue;
    auto shifted = static_cast<int32_t>(static_cast<uint32_t>(-d) << exponent);
    p.exp[d] = expOfNegativeQ5(times(shifted, p.inputBeta.mantissa));
    p.expAccumulator[d] = roundingRightShift(p.exp[d], 12);
  }
  return p;
}

/// Zero bits above the highest set bit of a positive number.
static int countLeadingZeros(uint32_t x) {
  int n = 0;
  while (n < 32 && !(x >> (31 - n)))
    ++n;
  return n;
}

SoftmaxReciprocal qopt::numerics::softmaxReciprocal(int32_t sum) {
  // Shifted so that its highest bit is bit 31, the sum is 1 + a with a in
  // [0, 1); it has 12 integer bits.
  int headroom = countLeadingZeros(static_cast<uint32_t>(sum));
  auto a = static_cast<int32_t>((static_cast<uint32_t>(sum) << headroom) -
                                (uint32_t(1) << 31));
  return {reciprocalOfOnePlus(a), 12 - headroom};
}

void qopt::numerics::softmaxRow8(const int32_t *x, int32_t *y, int64_t depth,
                                 int32_t min, const Softmax8Parameters &p) {
  int32_t largest = *std::max_element(x, x + depth);
  // Unsigned, so that more than 4096 equal elements wrap as registers do.
  uint32_t sum = 0;
  for (int64_t c = 0; c < depth; ++c)
    sum += static_cast<uint32_t>(p.expAccumulator[largest - x[c]]);
  SoftmaxReciprocal scale = softmaxReciprocal(static_cast<int32_t>(sum));
  int exponent = scale.bitsOverUnit + 31 - 8;
  for (int64_t c = 0; c < depth; ++c) {
    int32_t product = times(scale.mantissa, p.exp[largest - x[c]]);
    y[c] = std::min(roundingRightShift(product, exponent) + min, min + 255);
  }
}

Result<Softmax16Parameters>
qopt::numerics::prepareSoftmax16(double beta, double inputScale) {
  Softmax16Parameters p;
  Result<FixedPointMultiplier> m =
      quantizeMultiplier(static_cast<float>(inputScale) *
                         static_cast<float>(beta) / (10.0 / 65535.0));
  if (!m)
    return Reason{m.reason()};
  p.inputBeta = *m;
  constexpr double range = 65535;
  p.exp = tabulate16({10.0 / range, 32767}, {2.0 / range, 0},
                     [](double x) { return std::exp(x); });
  p.oneOverOnePlusX = tabulate16({1.0 / range, -32768}, {2.0 / range, 0},
                                 [](double x) { return 1.0 / (1.0 + x); });
  return p;
}

void qopt::numerics::softmaxRow16(const int32_t *x, int32_t *y, int64_t depth,
                                  const Softmax16Parameters &p) {
  auto to16 = [](int64_t v) {
    return static_cast<int16_t>(saturateToBits(v, 16, true));
  };
  int32_t largest = *std::max_element(x, x + depth);
  int64_t sum = 0; // Q16.15
  for (int64_t c = 0; c < depth; ++c) {
    int64_t scaled = requantizeDouble(x[c] - largest, p.inputBeta);
    y[c] = interpolate16(to16(scaled + 32767), p.exp);
    sum += y[c];
  }
  // 1/sum: the sum is shifted to 1 + a with 16 fractional bits, and a is
  // recentred to a signed table index.
  int headroom = countLeadingZeros(static_cast<uint32_t>(sum));
  int64_t shifted = ((sum << (headroom - 1)) + (1 << 13)) >> 14;
  int32_t reciprocal =
      interpolate16(to16(shifted - (1 << 15) - (1 << 16)), p.oneOverOnePlusX);
  int right = 31 - headroom;
  for (int64_t c = 0; c < depth; ++c)
    y[c] = static_cast<int32_t>(saturate(
        roundingRightShiftUp(int64_t(y[c]) * reciprocal, right), 0, 32767));
}

std::array<float, 256> qopt::numerics::softmaxExponentials(float scale,
                                                           int64_t depth) {
  double largest =
      std::numeric_limits<float>::max() / static_cast<float>(depth);
  double shift = std::max(0.0, std::log(largest) - 5.0) / scale;
  std::array<float, 256> exponentials;
  for (int d = 0; d < 256; ++d)
    exponentials[d] = static_cast<float>(
        std::exp((shift - d) * static_cast<double>(scale)));
  return exponentials;
}
