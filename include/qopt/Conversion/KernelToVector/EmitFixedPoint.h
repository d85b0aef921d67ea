// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Emission of fixed-point arithmetic: what qopt::numerics computes on one
// number, as vector code with equal results on every target and for every
// input, INT32_MIN and left shifts that wrap included.

#ifndef QOPT_CONVERSION_KERNELTOVECTOR_EMITFIXEDPOINT_H
#define QOPT_CONVERSION_KERNELTOVECTOR_EMITFIXEDPOINT_H

#include "qopt/Conversion/KernelToVector/VectorEmitter.h"
#include "qopt/Numerics/FixedPoint.h"

namespace qopt::emit {

/// What is known about the shifts of a multiplier before the code runs
/// (positive shifts to the left). A narrower range gives shorter code.
struct ShiftRange {
  int32_t min = -31;
  int32_t max = 30;
};

/// A fixed-point multiplier in the form in which the multiplication needs it.
/// Its values do not depend on the accumulator: prepare it outside of the loop
/// over pixels.
struct PreparedMultiplier {
  numerics::RoundingMode mode = numerics::RoundingMode::Double;
  /// i32 lanes; for `wide` reduced to 16 bits.
  Value mantissa;
  /// Left shift of the accumulator, null where there is none.
  Value left;
  /// What the right shift takes, in the element type and sense that the mode
  /// and the target need; null where there is none.
  Value right;
  /// Lanes (i1, on AArch64 an i32 mask) with a right shift of at least 1; null
  /// if all have one.
  Value shifted;
  /// Negative results may be any negative number or zero: a clamp follows that
  /// makes them all the same, and ties of negative numbers need no care.
  bool isClampedBelow = false;

  explicit operator bool() const { return mantissa || left || right; }
};

/// \p mantissa and \p shift are i32 scalars or vectors. \p accumulator is the
/// element type of what will be multiplied: i32, or i64 for `wide`.
PreparedMultiplier prepareMultiplier(VectorEmitter &e,
                                     numerics::RoundingMode mode,
                                     Value mantissa, Value shift,
                                     ShiftRange range = {});
/// The same for a constant; \p type is i32 or a vector of it.
PreparedMultiplier prepareMultiplier(VectorEmitter &e,
                                     numerics::RoundingMode mode, Type type,
                                     int32_t mantissa, int32_t shift);

/// x · M as i32, rounded as the mode says. Not for the `float` mode. If x,
/// shifted to the left as the multiplier says, is known to lie within ±2^30,
/// \p bounded spares an instruction.
Value emitMultiply(VectorEmitter &e, Value x, const PreparedMultiplier &m,
                   bool bounded = false);

/// High half of 2·x·m, ties toward +infinity; not for INT32_MIN twice.
Value emitDoublingHighMultiply(VectorEmitter &e, Value x, Value m);

/// x / 2^exponent for a constant exponent in [0, 31] (i32) or [0, 63] (i64),
/// ties away from zero. \p bounded says that |x| < 2^30 (i32), or 2^62.
Value emitRoundingRightShift(VectorEmitter &e, Value x, int exponent,
                             bool bounded = false);

/// The `float` mode: clamp(float(x)·multiplier) rounded half to even, plus the
/// zero point. The product is one IEEE operation that nothing may contract.
Value emitRequantizeFloat(VectorEmitter &e, Value x, Value multiplier,
                          int32_t zeroPoint, int32_t min, int32_t max);

} // namespace qopt::emit

#endif // QOPT_CONVERSION_KERNELTOVECTOR_EMITFIXEDPOINT_H
