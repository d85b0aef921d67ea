// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The rounding modes, each as the formula of its definition.

#include "qopt/Numerics/FixedPoint.h"

#include <cmath>
#include <limits>
#include <sstream>

using namespace qopt::numerics;

static std::string print(double value) {
  std::ostringstream os;
  os.precision(17);
  os << value;
  return os.str();
}

double FixedPointMultiplier::toDouble() const {
  return std::ldexp(static_cast<double>(mantissa), shift - 31);
}

Result<FixedPointMultiplier> qopt::numerics::quantizeMultiplier(double real) {
  if (!std::isfinite(real))
    return Reason{"multiplier " + print(real) + " is not finite"};
  if (real <= 0)
    return Reason{"multiplier " + print(real) + " is not positive"};
  int exponent;
  double fraction = std::frexp(real, &exponent);
  auto mantissa = static_cast<int64_t>(std::round(std::ldexp(fraction, 31)));
  if (mantissa == int64_t(1) << 31) {
    // Just under a power of two the mantissa rounds up to that power.
    mantissa /= 2;
    ++exponent;
  }
  if (exponent < -31)
    return FixedPointMultiplier{0, 0};
  if (exponent > 30)
    return Reason{"multiplier " + print(real) + " needs a left shift of " +
                  std::to_string(exponent) + ", fixed point allows at most 30"};
  return FixedPointMultiplier{static_cast<int32_t>(mantissa), exponent};
}

Result<FixedPointMultiplier>
qopt::numerics::quantizeMultiplierWide(double real) {
  Result<FixedPointMultiplier> m = quantizeMultiplier(real);
  if (m && m->shift > 7)
    return Reason{"multiplier " + print(real) + " needs a left shift of " +
                  std::to_string(m->shift) +
                  ", the wide rounding mode allows at most 7"};
  return m;
}

double qopt::numerics::convolutionMultiplier(double inputScale,
                                             double filterScale,
                                             double outputScale,
                                             bool f32Product) {
  double product = inputScale * filterScale;
  if (f32Product)
    product = static_cast<float>(inputScale) * static_cast<float>(filterScale);
  return product / outputScale;
}

int32_t qopt::numerics::doublingHighMultiply(int32_t a, int32_t b) {
  constexpr int32_t lowest = std::numeric_limits<int32_t>::min();
  if (a == lowest && b == lowest)
    return std::numeric_limits<int32_t>::max();
  return static_cast<int32_t>(
      roundingRightShiftUp(static_cast<int64_t>(a) * b, 31));
}

int32_t qopt::numerics::roundingRightShift(int32_t x, int exponent) {
  int64_t magnitude = x < 0 ? -static_cast<int64_t>(x) : x;
  int64_t rounded = roundingRightShiftUp(magnitude, exponent);
  return static_cast<int32_t>(x < 0 ? -rounded : rounded);
}

int64_t qopt::numerics::roundingRightShiftUp(int64_t x, int exponent) {
  if (exponent == 0)
    return x;
  // The rounding addend could overflow; the bit it would carry cannot.
  return (x >> exponent) + ((x >> (exponent - 1)) & 1);
}

int32_t qopt::numerics::requantizeDouble(int32_t x, FixedPointMultiplier m) {
  int left = m.shift > 0 ? m.shift : 0;
  int right = m.shift > 0 ? 0 : -m.shift;
  auto shifted = static_cast<int32_t>(static_cast<uint32_t>(x) << left);
  return roundingRightShift(doublingHighMultiply(shifted, m.mantissa), right);
}

int32_t qopt::numerics::requantizeDoubleShort(int32_t x,
                                              FixedPointMultiplier m) {
  int s = -m.shift;
  int64_t h = (static_cast<int64_t>(x) * m.mantissa + (int64_t(1) << 30)) >> 31;
  return static_cast<int32_t>((h + (h >> 31) + (int64_t(1) << (s - 1))) >> s);
}

int32_t qopt::numerics::requantizeSingle(int64_t x, FixedPointMultiplier m) {
  __int128 product = static_cast<__int128>(x) * m.mantissa;
  int total = 31 - m.shift;
  return static_cast<int32_t>((product + (__int128(1) << (total - 1))) >>
                              total);
}

int32_t qopt::numerics::reduceMantissaForWide(int32_t mantissa) {
  // Rounding up 0x7fff8000 and more would leave 16 bits.
  return mantissa < 0x7fff0000 ? (mantissa + (1 << 15)) >> 16 : 0x7fff;
}

int32_t qopt::numerics::requantizeWide(int64_t x, FixedPointMultiplier m) {
  int total = 15 - m.shift;
  return static_cast<int32_t>(
      roundingRightShiftUp(x * reduceMantissaForWide(m.mantissa), total));
}

int64_t qopt::numerics::requantizeShift(int64_t x, int shift) {
  if (shift >= 0)
    return static_cast<int64_t>(static_cast<uint64_t>(x) << shift);
  return roundingRightShiftUp(x, std::min(-shift, 63));
}

int32_t qopt::numerics::requantizeFloat(int64_t x, float multiplier,
                                        int32_t zeroPoint, int32_t min,
                                        int32_t max) {
  float scaled = static_cast<float>(x) * multiplier;
  float low = static_cast<float>(static_cast<int64_t>(min) - zeroPoint);
  float high = static_cast<float>(static_cast<int64_t>(max) - zeroPoint);
  float clamped = std::min(std::max(scaled, low), high);
  // The clamp first: the conversion must not see what it cannot hold.
  return static_cast<int32_t>(saturate(
      static_cast<int64_t>(std::nearbyint(clamped)) + zeroPoint, min, max));
}

int64_t qopt::numerics::requantizeReal(int64_t x, double multiplier,
                                       int64_t zeroPoint, int64_t min,
                                       int64_t max) {
  double scaled = static_cast<double>(x) * multiplier;
  // The clamp first, as above; between whole numbers it commutes with rounding.
  double clamped = std::clamp(scaled, static_cast<double>(min - zeroPoint),
                              static_cast<double>(max - zeroPoint));
  return static_cast<int64_t>(std::round(clamped)) + zeroPoint;
}

float qopt::numerics::floatMultiplier(double inputScale, double filterScale,
                                      double outputScale) {
  float product =
      static_cast<float>(inputScale) * static_cast<float>(filterScale);
  return product / static_cast<float>(outputScale);
}

int64_t qopt::numerics::applyMultiplier(int64_t x, FixedPointMultiplier m,
                                        RoundingMode mode) {
  switch (mode) {
  case RoundingMode::Double:
    return requantizeDouble(static_cast<int32_t>(x), m);
  case RoundingMode::Single:
    return requantizeSingle(x, m);
  case RoundingMode::Wide:
    return requantizeWide(x, m);
  case RoundingMode::Shift:
    return requantizeShift(x, m.shift - 1);
  case RoundingMode::Float:
  case RoundingMode::Real:
    break;
  }
  assert(false && "float and real have no fixed-point multiplier");
  return 0;
}

int64_t qopt::numerics::saturateToBits(int64_t x, unsigned bits,
                                       bool isSigned) {
  int64_t span = int64_t(1) << bits;
  return isSigned ? saturate(x, -span / 2, span / 2 - 1)
                  : saturate(x, 0, span - 1);
}
