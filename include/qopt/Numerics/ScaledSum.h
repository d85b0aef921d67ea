// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// TFLite's addition of quantized bytes by two multiplications, where that is
// exact:
//
//   y = (a·lhs + b·rhs + offset) >> shift
//
// TFLite rounds each operand to a common scale, adds, and rounds twice more to
// the scale of the result. What it computes is a function of 256 by 256 values,
// so equality is proved by comparing all pairs, after the clamp that follows.
// For given factors every pair bounds the offset from both sides; the search
// takes factors around the real ones until an offset satisfies all pairs.
//
// Ties need not be rare: scales whose ratio is a power of two have many. Mode
// `double` takes them away from zero, and so do factors that are a little
// larger than the real ones.

#ifndef QOPT_NUMERICS_SCALEDSUM_H
#define QOPT_NUMERICS_SCALEDSUM_H

#include "qopt/Numerics/FixedPoint.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace qopt::numerics {

struct ScaledSum {
  int32_t lhs = 0, rhs = 0, offset = 0, shift = 0;
};

/// One operand: what its values, which follow each other from `first` on,
/// become on the common scale, where the zero point becomes 0.
struct SumOperand {
  int32_t first = 0;
  int32_t zeroPoint = 0;
  std::vector<int32_t> terms;
};

/// The operand of an addition with these values.
SumOperand makeSumOperand(int32_t first, int32_t last, int32_t zeroPoint,
                          int32_t leftShift, FixedPointMultiplier m);

/// What is to be computed: clamp(requantizeDouble(term + term, m) + zeroPoint).
struct SumResult {
  FixedPointMultiplier multiplier;
  int32_t zeroPoint = 0;
  int32_t min = -128, max = 127;
};

/// Factors for which the form, clamped, gives the same for all pairs of values.
/// Nothing if the search finds none.
std::optional<ScaledSum> findScaledSum(const SumOperand &lhs,
                                       const SumOperand &rhs,
                                       const SumResult &result);

/// The form without clamp.
int32_t addScaled(int32_t a, int32_t b, const ScaledSum &sum);

} // namespace qopt::numerics

#endif // QOPT_NUMERICS_SCALEDSUM_H
