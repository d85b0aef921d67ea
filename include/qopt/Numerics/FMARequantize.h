// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Requantization of mode `double` as one float32 multiply-add that rounds
// toward zero, where that is exact:
//
//   y = trunc(fma_toward_zero(float(x), scale, ±offset))
//
// Why it can be: the integer step is a monotone function of the accumulator x
// with at most 255 steps, and so is this one. Two monotone functions are equal
// if they step at the same places, so equality is proved by two points a step:
// the first accumulator that reaches a result, and the one before it. Rounding
// toward zero keeps the comparison with a whole number exact, so the points can
// be checked in double precision without emulating the instruction.

#ifndef QOPT_NUMERICS_FMAREQUANTIZE_H
#define QOPT_NUMERICS_FMAREQUANTIZE_H

#include "qopt/Numerics/FixedPoint.h"

#include <optional>

namespace qopt::numerics {

struct FMARequantize {
  float scale = 0;
  float offset = 0;
};

/// A scale and an offset for which the float form, clamped to [low, high],
/// equals requantizeDouble(x, m) clamped to it for every x. Results are without
/// zero point: low <= 0 <= high. With low = 0 negative results do not matter
/// and the offset is always added; otherwise it takes the sign of x. Nothing if
/// the search finds none, or if m is out of its scope (a right shift of 1 to 22
/// and a mantissa of at least 2^30).
std::optional<FMARequantize> findFMARequantize(FixedPointMultiplier m,
                                               int32_t low, int32_t high);

/// The float form without clamp: what the instructions compute as long as the
/// result is below 2^24 in magnitude.
int64_t requantizeFMA(int32_t x, FMARequantize f, bool isSigned);

} // namespace qopt::numerics

#endif // QOPT_NUMERICS_FMAREQUANTIZE_H
