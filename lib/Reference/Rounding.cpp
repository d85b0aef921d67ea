// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The rounding modes, from their definitions.

#include "Rounding.h"

#include "llvm/Support/ErrorHandling.h"

#include <cmath>

using namespace mlir;
using namespace qopt;
using namespace qopt::reference;
using quant::RoundingMode;

Wide reference::floorQuotient(Wide n, Wide d) {
  Wide q = n / d;
  return n % d < 0 ? q - 1 : q;
}

Wide reference::nearestTiesUp(Wide n, Wide d) {
  return floorQuotient(2 * n + d, 2 * d);
}

Wide reference::nearestTiesAway(Wide n, Wide d) {
  return n < 0 ? -nearestTiesUp(-n, d) : nearestTiesUp(n, d);
}

llvm::Expected<Multiplier> reference::makeMultiplier(Operation *op,
                                                     double real) {
  if (!std::isfinite(real) || real <= 0)
    return makeError(op, "multiplier " + llvm::Twine(std::to_string(real)) +
                             " is not finite and positive");
  // real = fraction · 2^exponent with the fraction in [1/2, 1).
  int exponent;
  double fraction = std::frexp(real, &exponent);
  auto mantissa = static_cast<int64_t>(std::round(fraction * 2147483648.0));
  if (mantissa == 2147483648) {
    mantissa = 1073741824;
    exponent += 1;
  }
  if (exponent < -31)
    return Multiplier{0, 0};
  if (exponent > 30)
    return makeError(op, "multiplier " + llvm::Twine(std::to_string(real)) +
                             " exceeds 2^30");
  return Multiplier{mantissa, exponent};
}

/// The value of the low 32 bits, signed: what a 32-bit register keeps.
static int64_t wrapTo32(Wide x) {
  Wide low = x - floorQuotient(x, powerOfTwo(32)) * powerOfTwo(32);
  return static_cast<int64_t>(low < powerOfTwo(31) ? low
                                                   : low - powerOfTwo(32));
}

int64_t reference::multiplyHigh(int64_t a, int64_t b) {
  Wide high = nearestTiesUp(Wide(a) * b, powerOfTwo(31));
  return static_cast<int64_t>(std::min<Wide>(high, powerOfTwo(31) - 1));
}

int64_t reference::multiply(int64_t x, Multiplier m, RoundingMode mode) {
  switch (mode) {
  case RoundingMode::Double: {
    int64_t shifted = wrapTo32(Wide(x) * powerOfTwo(std::max(m.exponent, 0)));
    return static_cast<int64_t>(
        nearestTiesAway(multiplyHigh(shifted, m.mantissa),
                        powerOfTwo(std::max(-m.exponent, 0))));
  }
  case RoundingMode::Single:
    return wrapTo32(
        nearestTiesUp(Wide(x) * m.mantissa, powerOfTwo(31 - m.exponent)));
  case RoundingMode::Wide: {
    int64_t reduced = std::min<int64_t>(
        static_cast<int64_t>(nearestTiesUp(m.mantissa, powerOfTwo(16))),
        0x7fff);
    return wrapTo32(
        nearestTiesUp(Wide(x) * reduced, powerOfTwo(15 - m.exponent)));
  }
  case RoundingMode::Shift: {
    // The mantissa of a power of two is 2^30: the value is 2^(exponent - 1).
    int exponent = m.exponent - 1;
    return static_cast<int64_t>(
        nearestTiesUp(Wide(x) * powerOfTwo(std::max(exponent, 0)),
                      powerOfTwo(std::max(-exponent, 0))));
  }
  case RoundingMode::Float:
  case RoundingMode::Real:
    break;
  }
  llvm_unreachable("float and real have no fixed-point multiplier");
}

/// Rounds n · 2^exponent, n >= 0, to 53 bits: what a float64 keeps.
static void roundToFloat64(Wide &n, int &exponent) {
  int excess = 0;
  while (n >= powerOfTwo(53 + excess))
    ++excess;
  if (excess == 0)
    return;
  Wide unit = powerOfTwo(excess);
  Wide q = nearestTiesUp(n, unit);
  bool isTie = 2 * (n % unit) == unit;
  n = isTie && q % 2 ? q - 1 : q;
  exponent += excess;
}

int64_t reference::multiplyInFloat64(int64_t x, double m, int64_t bound) {
  // |x| as a float64: 53 bits of it.
  Wide n = x < 0 ? -Wide(x) : Wide(x);
  int exponent = 0;
  roundToFloat64(n, exponent);
  // m = mantissa · 2^(power - 53), exactly.
  int power;
  double fraction = std::frexp(m, &power);
  n *= static_cast<int64_t>(std::ldexp(fraction, 53));
  exponent += power - 53;
  roundToFloat64(n, exponent);
  // n · 2^exponent to the nearest integer; n has at most 53 bits.
  Wide magnitude;
  if (exponent <= -60)
    magnitude = 0;
  else if (exponent <= 0)
    magnitude = nearestTiesAway(n, powerOfTwo(-exponent));
  else
    magnitude = n == 0          ? Wide(0)
                : exponent > 64 ? Wide(bound)
                                : n * powerOfTwo(exponent);
  auto clamped = static_cast<int64_t>(std::min<Wide>(magnitude, bound));
  return x < 0 ? -clamped : clamped;
}

int64_t reference::multiplyReal(int64_t x, double m, int64_t zeroPoint,
                                Bounds bounds, RoundingMode mode) {
  if (mode == RoundingMode::Real)
    return bounds.clamp(multiplyInFloat64(x, m, int64_t(1) << 40) + zeroPoint);
  float low = static_cast<float>(bounds.min - zeroPoint);
  float high = static_cast<float>(bounds.max - zeroPoint);
  float scaled = static_cast<float>(x) * static_cast<float>(m);
  float clamped = std::min(std::max(scaled, low), high);
  return bounds.clamp(static_cast<int64_t>(std::nearbyint(clamped)) +
                      zeroPoint);
}

llvm::Expected<Requantizer> Requantizer::get(Operation *op,
                                             llvm::ArrayRef<double> factors,
                                             double resultScale,
                                             int64_t resultZeroPoint,
                                             Bounds bounds, RoundingMode mode) {
  Requantizer r;
  r.mode = mode;
  r.bounds = bounds;
  r.zeroPoint = resultZeroPoint;
  for (double factor : factors) {
    if (mode == RoundingMode::Float) {
      r.realMultipliers.push_back(static_cast<float>(factor) /
                                  static_cast<float>(resultScale));
      continue;
    }
    if (mode == RoundingMode::Real) {
      r.realMultipliers.push_back(factor / resultScale);
      continue;
    }
    llvm::Expected<Multiplier> m = makeMultiplier(op, factor / resultScale);
    if (!m)
      return m.takeError();
    if (mode == RoundingMode::Wide && m->exponent > 7)
      return makeError(op, "multiplier " + llvm::Twine(std::to_string(factor)) +
                               " exceeds 2^7, the most that wide allows");
    if (mode == RoundingMode::Shift && m->mantissa != 1073741824)
      return makeError(op, "multiplier " + llvm::Twine(std::to_string(factor)) +
                               " is not a power of two");
    r.multipliers.push_back(*m);
  }
  return r;
}

int64_t Requantizer::apply(int64_t accumulator, int64_t channel) const {
  if (!realMultipliers.empty())
    return multiplyReal(
        accumulator, realMultipliers[realMultipliers.size() == 1 ? 0 : channel],
        zeroPoint, bounds, mode);
  Multiplier m = multipliers[multipliers.size() == 1 ? 0 : channel];
  return bounds.clamp(multiply(accumulator, m, mode) + zeroPoint);
}
