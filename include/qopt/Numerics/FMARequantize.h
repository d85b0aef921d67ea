// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Requantization of mode `double` or `single` as one float32 multiply-add that
// rounds toward zero, where that is exact:
//
//   y = trunc(fma_toward_zero(float(x), scale, ±offset))
//
// Why it can be: the integer step is a monotone function of the accumulator x
// with at most 255 steps, and so is this one. Two monotone functions are equal
// if they step at the same places, so equality is proved by two points a step:
// the first accumulator that reaches a result, and the one before it. Rounding
// toward zero keeps the comparison with a whole number exact, so the points can
// be checked in double precision without emulating the instruction.
//
// A few multipliers have no such scale. With a second term for what the first
// leaves of the real one,
//
//   y = trunc(fma_toward_zero(float(x), scale, fma(float(x), rest, ±offset)))
//
// nearly all that are left do; the inner multiply-add rounds to nearest.
//
// Where instructions do not carry a rounding mode, the outer multiply-add may
// round to nearest, too: it reaches a whole number t from half a unit in the
// last place below t on, so only the comparison moves.

#ifndef QOPT_NUMERICS_FMAREQUANTIZE_H
#define QOPT_NUMERICS_FMAREQUANTIZE_H

#include "qopt/Numerics/FixedPoint.h"

#include <cstdint>
#include <optional>

namespace qopt::numerics {

struct FMARequantize {
  float scale = 0;
  float offset = 0;
  /// The second term, not negative; 0 in the form with one.
  float rest = 0;
  /// The outer multiply-add rounds to nearest instead of toward zero.
  bool toNearest = false;
};

/// What the float form has to be right about.
struct RequantizeScope {
  /// The clamp, without zero point: low <= 0 <= high. With low = 0 negative
  /// results do not matter and the offset is always added; otherwise it takes
  /// the sign of x.
  int32_t low, high;
  /// The accumulators that occur.
  int64_t min = INT32_MIN, max = INT32_MAX;
  /// Double or Single.
  RoundingMode rounding = RoundingMode::Double;
  /// How the float form rounds its multiply-add.
  bool toNearest = false;
};

/// A scale and an offset for which the float form, clamped, equals
/// requantizeDouble(x, m) or requantizeSingle(x, m), clamped, for every x of
/// the scope. Nothing if the search finds none, or if m is neither 0 nor shifts
/// to the right.
std::optional<FMARequantize> findFMARequantize(FixedPointMultiplier m,
                                               RequantizeScope scope);

/// The same with a second term.
std::optional<FMARequantize> findSplitFMARequantize(FixedPointMultiplier m,
                                                    RequantizeScope scope);

/// The float form without clamp: what the instructions compute as long as the
/// result is below 2^24 in magnitude.
int64_t requantizeFMA(int32_t x, FMARequantize f, bool isSigned);

} // namespace qopt::numerics

#endif // QOPT_NUMERICS_FMAREQUANTIZE_H
