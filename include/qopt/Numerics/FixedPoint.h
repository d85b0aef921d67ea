// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Fixed-point multipliers and the six rounding modes of a requantize.
//
// A real multiplier M > 0 becomes M = mantissa · 2^shift / 2^31 with a mantissa
// in [2^30, 2^31), and every mode but `Float` and `Real` scales an accumulator
// with integers only. The modes differ in the last bit, so a mode is part of
// what a model means: nothing here chooses one.

#ifndef QOPT_NUMERICS_FIXEDPOINT_H
#define QOPT_NUMERICS_FIXEDPOINT_H

#include "qopt/Numerics/Result.h"

#include <algorithm>
#include <cstdint>

namespace qopt::numerics {

/// The same six as `#quant.rounding`, in the same order.
enum class RoundingMode { Double, Single, Wide, Float, Shift, Real };

/// value = mantissa · 2^shift / 2^31; a positive shift is a left shift.
struct FixedPointMultiplier {
  int32_t mantissa = 0;
  int32_t shift = 0;

  double toDouble() const;
  bool operator==(const FixedPointMultiplier &other) const {
    return mantissa == other.mantissa && shift == other.shift;
  }
  bool operator!=(const FixedPointMultiplier &other) const {
    return !(*this == other);
  }
};

/// Nearest multiplier to `real`. Below 2^-32 the result is {0, 0}: every bit of
/// a 32-bit accumulator would be shifted out. There is no result when `real` is
/// not finite, not positive, or needs a shift of more than 30.
Result<FixedPointMultiplier> quantizeMultiplier(double real);

/// As above, with the further bound that `wide` requantization needs: there the
/// shift must lie in [-31, 7] so that 48 bits of accumulator fit.
Result<FixedPointMultiplier> quantizeMultiplierWide(double real);

/// The scale of an accumulator against its output, S_x·S_w/S_y.
/// \p f32Product rounds S_x·S_w to float32 first, as TFLite's per-tensor
/// convolution and fully connected kernels do.
double convolutionMultiplier(double inputScale, double filterScale,
                             double outputScale, bool f32Product);

/// High 32 bits of 2·a·b, ties toward +infinity; INT32_MIN² saturates.
int32_t doublingHighMultiply(int32_t a, int32_t b);

/// x / 2^exponent for exponent in [0, 31], ties away from zero.
int32_t roundingRightShift(int32_t x, int exponent);

/// x / 2^exponent for exponent in [0, 62], ties toward +infinity.
int64_t roundingRightShiftUp(int64_t x, int exponent);

/// `double`: left shift by max(shift, 0) (two's complement wrap), doubling high
/// multiply, rounding right shift by max(-shift, 0).
int32_t requantizeDouble(int32_t x, FixedPointMultiplier m);

/// The exact short form of `double` for a mantissa > 0 and 1 <= s = -shift:
///   h = (x·m + 2^30) >> 31;  y = (h + (h >> 31) + 2^(s-1)) >> s
/// Proof: the doubling high multiply is floor((x·m + 2^30) / 2^31), and as
/// m < 2^31, h lies within ±2^31 and never saturates. The rounding shift, ties
/// away from zero, of h >= 0 is floor((h + 2^(s-1)) / 2^s); of h < 0 it is
/// -floor((-h + 2^(s-1)) / 2^s) = ceil((h - 2^(s-1)) / 2^s)
///                              = floor((h - 1 + 2^(s-1)) / 2^s).
/// The sums need 33 bits when |h| is near 2^31: callers that have only 32 must
/// know |h| < 2^31 - 2^(s-1).
int32_t requantizeDoubleShort(int32_t x, FixedPointMultiplier m);

/// `single`: (x·mantissa + 2^(30-shift)) >> (31-shift), in wide integers.
int32_t requantizeSingle(int64_t x, FixedPointMultiplier m);

/// The 16-bit mantissa that `wide` multiplies by.
int32_t reduceMantissaForWide(int32_t mantissa);

/// `wide`: (x·reduced + 2^(14-shift)) >> (15-shift), 64-bit accumulator.
int32_t requantizeWide(int64_t x, FixedPointMultiplier m);

/// `shift`: M = 2^shift exactly; left shift, or one right shift with ties
/// toward +infinity.
int64_t requantizeShift(int64_t x, int shift);

/// `float`: round half to even of clamp(float(x)·multiplier) plus zero point.
/// \p multiplier is S_x·S_w/S_y computed in float32 in that order; the clamp
/// is on real values, [min - zeroPoint, max - zeroPoint].
int32_t requantizeFloat(int64_t x, float multiplier, int32_t zeroPoint,
                        int32_t min, int32_t max);

/// `real`: the product of x and the multiplier, each a float64, rounded to the
/// nearest integer, ties away from zero; plus zero point, clamped.
int64_t requantizeReal(int64_t x, double multiplier, int64_t zeroPoint,
                       int64_t min, int64_t max);

/// M as `float` computes it.
float floatMultiplier(double inputScale, double filterScale,
                      double outputScale);

/// The integer modes under one name: scaled value without zero point or clamp.
/// `Shift` uses the exponent of \p m, whose mantissa must be 2^30 (M = 2^(shift
/// - 1)). Must not be called for `Float` and `Real`.
int64_t applyMultiplier(int64_t x, FixedPointMultiplier m, RoundingMode mode);

/// Clamps to [min, max].
inline int64_t saturate(int64_t x, int64_t min, int64_t max) {
  return std::clamp(x, min, max);
}

/// Clamps to the values of an integer type of \p bits (at most 32).
int64_t saturateToBits(int64_t x, unsigned bits, bool isSigned);

} // namespace qopt::numerics

#endif // QOPT_NUMERICS_FIXEDPOINT_H
