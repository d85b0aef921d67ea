// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The search for scale and offset. With e the right shift, m the mantissa and
// h = floor((x·m + 2^30) / 2^31), the rounding shift of mode `double` gives,
// for t >= 1,
//   y >= t   iff  h >= t·2^e - 2^(e-1)
//            iff  x >= ceil(((t·2^e - 2^(e-1))·2^31 - 2^30) / m)
//   y <= -t  iff  h <= (1-t)·2^e - 2^(e-1) - [ties go away from zero: equality
//                 belongs to -t]  iff  x·m < ((1-t)·2^e - 2^(e-1) + 1)·2^31 -
//                 2^30
// and mode `single`, which rounds x·m / 2^(31+e) once,
//   y >= t   iff  x >= ceil((2t - 1)·2^(30+e) / m)
//   y <= -t  iff  -x > floor((2t - 1)·2^(30+e) / m)   [ties go up]
// The float form reaches ±t iff |float(x)|·scale + offset >= t. For a given
// scale every step bounds the offset from both sides; the search takes scales
// around the real one until a float32 lies between all bounds.

#include "qopt/Numerics/FMARequantize.h"

#include <cmath>
#include <limits>

namespace qopt::numerics {
namespace {

/// Smallest magnitudes of positive and negative accumulators that reach a
/// result of magnitude t; more than 2^31 if none does. The high product is at
/// most 2^31 in magnitude, so larger ones are not looked for.
struct Thresholds {
  static constexpr int64_t kMost = int64_t(1) << 31;
  int64_t mantissa;
  int exponent;
  RoundingMode rounding;

  /// (2t - 1)·2^(30+e), or nothing if no accumulator reaches it.
  std::optional<int64_t> halfway(int64_t t) const {
    if (2 * t - 1 > (mantissa << 31) >> (30 + exponent))
      return std::nullopt;
    return (2 * t - 1) << (30 + exponent);
  }
  int64_t positive(int64_t t) const {
    if (rounding == RoundingMode::Single) {
      std::optional<int64_t> least = halfway(t);
      return least ? (*least + mantissa - 1) / mantissa : 2 * kMost;
    }
    int64_t h = (t << exponent) - (int64_t(1) << (exponent - 1));
    if (h > kMost)
      return 2 * kMost;
    int64_t least = (h << 31) - (int64_t(1) << 30);
    return (least + mantissa - 1) / mantissa;
  }
  int64_t negative(int64_t t) const {
    if (rounding == RoundingMode::Single) {
      std::optional<int64_t> least = halfway(t);
      return least ? *least / mantissa + 1 : 2 * kMost;
    }
    int64_t h =
        ((1 - t) * (int64_t(1) << exponent)) - (int64_t(1) << (exponent - 1));
    if (h < -kMost)
      return 2 * kMost;
    // x·m <= most, which is negative: |x| >= ceil(-most / m).
    int64_t most = (h + 1) * (int64_t(1) << 31) - (int64_t(1) << 30) - 1;
    return (-most + mantissa - 1) / mantissa;
  }
};

/// Accumulators of one sign, by magnitude; none if most < least.
struct Magnitudes {
  int64_t least, most;

  static Magnitudes positive(RequantizeScope scope) {
    return {std::max<int64_t>(scope.min, 0), scope.max};
  }
  static Magnitudes negative(RequantizeScope scope) {
    return {std::max<int64_t>(-scope.max, 0), -scope.min};
  }
  /// The two points that decide about a step whose upper side begins with
  /// `first`: the largest magnitude below it and the smallest one that is not;
  /// nothing where none occurs.
  std::optional<int64_t> below(int64_t first) const {
    int64_t point = std::min(first - 1, most);
    return point >= least ? std::optional(point) : std::nullopt;
  }
  std::optional<int64_t> above(int64_t first) const {
    int64_t point = std::max(first, least);
    return point <= most ? std::optional(point) : std::nullopt;
  }
};

/// The least sum that rounds to the whole number t or above: t itself toward
/// zero; to nearest the middle between t and the float below it, since that tie
/// goes to t, whose last bit is 0.
static double leastReaching(int64_t t, bool toNearest) {
  if (!toNearest)
    return static_cast<double>(t);
  return t - std::ldexp(1.0, std::ilogb(t - 0.5) - 24);
}

/// Bounds of the offset: low <= offset < high.
struct Bounds {
  bool toNearest;
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();

  /// Magnitude `first` is the first one to reach t. Returns whether a larger t
  /// may matter.
  bool add(int64_t t, int64_t first, Magnitudes magnitudes, double scale) {
    auto rest = [&](int64_t x) {
      // 24 by 24 bits: exact, and so is the difference to t nearby.
      return leastReaching(t, toNearest) -
             static_cast<double>(static_cast<float>(x)) * scale;
    };
    if (std::optional<int64_t> point = magnitudes.below(first))
      high = std::min(high, rest(*point));
    std::optional<int64_t> point = magnitudes.above(first);
    if (point)
      low = std::max(low, rest(*point));
    return point && low < high;
  }
};

} // namespace

/// The smallest float that is not below `value`.
static float roundUp(double value) {
  float nearest = static_cast<float>(value);
  return nearest < value
             ? std::nextafter(nearest, std::numeric_limits<float>::infinity())
             : nearest;
}

static bool isInScope(FixedPointMultiplier m, RequantizeScope scope) {
  int exponent = -m.shift;
  return exponent >= 1 && exponent <= 31 && m.mantissa > 0 && scope.low <= 0 &&
         scope.high >= 0 && scope.low >= -256 && scope.high <= 256 &&
         scope.min <= scope.max &&
         (scope.rounding == RoundingMode::Double ||
          scope.rounding == RoundingMode::Single);
}

std::optional<FMARequantize> findFMARequantize(FixedPointMultiplier m,
                                               RequantizeScope scope) {
  // A channel that is always zero.
  if (m.mantissa == 0)
    return FMARequantize{};
  if (!isInScope(m, scope))
    return std::nullopt;
  int exponent = -m.shift;
  Thresholds thresholds{m.mantissa, exponent, scope.rounding};
  float center = static_cast<float>(std::ldexp(m.mantissa, -31 - exponent));
  // 0, +1, -1, +2, … units in the last place.
  for (int attempt = 0; attempt <= 64; ++attempt) {
    float scale = center;
    for (int i = 0; i < (attempt + 1) / 2; ++i)
      scale = std::nextafter(scale, attempt % 2 ? 1.0f : 0.0f);
    Bounds bounds{scope.toNearest};
    for (int64_t t = 1; t <= scope.high; ++t)
      if (!bounds.add(t, thresholds.positive(t), Magnitudes::positive(scope),
                      scale))
        break;
    for (int64_t t = 1; t <= -scope.low && bounds.low < bounds.high; ++t)
      if (!bounds.add(t, thresholds.negative(t), Magnitudes::negative(scope),
                      scale))
        break;
    if (!(bounds.low < bounds.high))
      continue;
    // No offset has to be negative: nothing is reached from 0.
    float offset = roundUp(std::max(bounds.low, 0.0));
    if (offset < bounds.high && offset < 1)
      return FMARequantize{scale, offset, /*rest=*/0, scope.toNearest};
  }
  return std::nullopt;
}

/// What is truncated. Truncating the sum is truncating it after rounding toward
/// zero. Where the sum of doubles is not exact it is far from any whole number.
static double evaluate(int64_t x, float offset, FMARequantize f) {
  float real = static_cast<float>(x);
  return static_cast<double>(real) * static_cast<double>(f.scale) +
         std::fma(real, f.rest, offset);
}

/// Whether the form with two terms steps where the integer form does: at both
/// points of every step, for magnitudes of one sign.
template <typename Threshold>
static bool stepsAlike(FMARequantize f, int64_t last, Magnitudes magnitudes,
                       Threshold threshold) {
  for (int64_t t = 1; t <= last; ++t) {
    int64_t first = threshold(t);
    double least = leastReaching(t, f.toNearest);
    std::optional<int64_t> below = magnitudes.below(first);
    if (below && evaluate(*below, f.offset, f) >= least)
      return false;
    std::optional<int64_t> above = magnitudes.above(first);
    if (!above)
      return true;
    if (evaluate(*above, f.offset, f) < least)
      return false;
  }
  return true;
}

std::optional<FMARequantize> findSplitFMARequantize(FixedPointMultiplier m,
                                                    RequantizeScope scope) {
  if (!isInScope(m, scope))
    return std::nullopt;
  int exponent = -m.shift;
  Thresholds thresholds{m.mantissa, exponent, scope.rounding};
  // The mantissa has 31 bits: 24 in the first term, rounded down, and the
  // others in the second. The offset of the real step function is 1/2, with
  // mode `double` 1/2 + 2^-(e+1); nearby floats make up for the roundings.
  FMARequantize f;
  f.toNearest = scope.toNearest;
  int32_t upper = m.mantissa & ~127, lower = m.mantissa & 127;
  f.scale = static_cast<float>(std::ldexp(upper, -31 - exponent));
  f.rest = static_cast<float>(std::ldexp(lower, -31 - exponent));
  bool isDouble = scope.rounding == RoundingMode::Double;
  float offset =
      static_cast<float>(0.5 + (isDouble ? std::ldexp(0.5, -exponent) : 0.0));
  for (int attempt = 0; attempt <= 64; ++attempt) {
    f.offset = offset;
    for (int i = 0; i < (attempt + 1) / 2; ++i)
      f.offset = std::nextafter(f.offset, attempt % 2 ? 1.0f : 0.0f);
    if (stepsAlike(f, scope.high, Magnitudes::positive(scope),
                   [&](int64_t t) { return thresholds.positive(t); }) &&
        stepsAlike(f, -scope.low, Magnitudes::negative(scope),
                   [&](int64_t t) { return thresholds.negative(t); }))
      return f;
  }
  return std::nullopt;
}

int64_t requantizeFMA(int32_t x, FMARequantize f, bool isSigned) {
  float offset = isSigned && x < 0 ? -f.offset : f.offset;
  if (!f.toNearest)
    return static_cast<int64_t>(std::trunc(evaluate(x, offset, f)));
  float real = static_cast<float>(x);
  return static_cast<int64_t>(
      std::trunc(std::fma(real, f.scale, std::fma(real, f.rest, offset))));
}

} // namespace qopt::numerics
