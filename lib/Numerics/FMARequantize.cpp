// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The search for scale and offset. With e the right shift, m the mantissa and
// h = floor((x·m + 2^30) / 2^31), the rounding shift of mode `double` gives,
// for t >= 1,
//   y >= t   iff  h >= t·2^e - 2^(e-1)
//            iff  x >= ceil(((t·2^e - 2^(e-1))·2^31 - 2^30) / m)
//   y <= -t  iff  h <= (1-t)·2^e - 2^(e-1) - [ties go away from zero: equality
//                 belongs to -t]  iff  x·m < ((1-t)·2^e - 2^(e-1) + 1)·2^31 - 2^30
// The float form reaches ±t iff |float(x)|·scale + offset >= t. For a given
// scale every step bounds the offset from both sides; the search takes scales
// around the real one until a float32 lies between all bounds.

#include "qopt/Numerics/FMARequantize.h"

#include <cmath>
#include <limits>

namespace qopt::numerics {
namespace {

/// Smallest magnitudes of positive and negative accumulators that reach a
/// result of magnitude t; more than 2^31 if none does.
struct Thresholds {
  int64_t mantissa;
  int exponent;

  int64_t positive(int64_t t) const {
    int64_t h = (t << exponent) - (int64_t(1) << (exponent - 1));
    int64_t least = (h << 31) - (int64_t(1) << 30);
    return (least + mantissa - 1) / mantissa;
  }
  int64_t negative(int64_t t) const {
    int64_t h = ((1 - t) * (int64_t(1) << exponent)) -
                (int64_t(1) << (exponent - 1));
    // x·m <= most, which is negative: |x| >= ceil(-most / m).
    int64_t most = (h + 1) * (int64_t(1) << 31) - (int64_t(1) << 30) - 1;
    return (-most + mantissa - 1) / mantissa;
  }
};

/// Bounds of the offset: low <= offset < high.
struct Bounds {
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();

  /// Magnitude `first` is the first one to reach t; `most` is the largest.
  /// Returns whether any accumulator reaches t.
  bool add(int64_t t, int64_t first, int64_t most, double scale) {
    auto product = [&](int64_t x) {
      // 24 by 24 bits: exact, and so is the difference to t nearby.
      return static_cast<double>(static_cast<float>(x)) * scale;
    };
    high = std::min(high, t - product(std::min(first - 1, most)));
    if (first > most)
      return false;
    low = std::max(low, t - product(first));
    return low < high;
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

std::optional<FMARequantize> findFMARequantize(FixedPointMultiplier m,
                                               int32_t low, int32_t high) {
  int exponent = -m.shift;
  bool inScope = exponent >= 1 && exponent <= 22 &&
                 m.mantissa >= (1 << 30) && low <= 0 && high >= 0 &&
                 low >= -256 && high <= 256;
  if (!inScope)
    return std::nullopt;
  Thresholds thresholds{m.mantissa, exponent};
  float center = static_cast<float>(std::ldexp(m.mantissa, -31 - exponent));
  // 0, +1, -1, +2, … units in the last place.
  for (int attempt = 0; attempt <= 64; ++attempt) {
    float scale = center;
    for (int i = 0; i < (attempt + 1) / 2; ++i)
      scale = std::nextafter(scale, attempt % 2 ? 1.0f : 0.0f);
    Bounds bounds;
    for (int64_t t = 1; t <= high; ++t)
      if (!bounds.add(t, thresholds.positive(t), INT32_MAX, scale))
        break;
    for (int64_t t = 1; t <= -low && bounds.low < bounds.high; ++t)
      if (!bounds.add(t, thresholds.negative(t), int64_t(1) << 31, scale))
        break;
    if (!(bounds.low < bounds.high))
      continue;
    // Without any bound from below (nothing is ever reached) 0 serves.
    float offset = std::isinf(bounds.low) ? 0.0f : roundUp(bounds.low);
    if (offset < bounds.high && offset >= 0 && offset < 1)
      return FMARequantize{scale, offset};
  }
  return std::nullopt;
}

int64_t requantizeFMA(int32_t x, FMARequantize f, bool isSigned) {
  double product =
      static_cast<double>(static_cast<float>(x)) * static_cast<double>(f.scale);
  double offset = isSigned && x < 0 ? -f.offset : f.offset;
  // Truncating the sum is truncating it after rounding toward zero. Where the
  // sum of doubles is not exact it is far from any whole number.
  return static_cast<int64_t>(std::trunc(product + offset));
}

} // namespace qopt::numerics
