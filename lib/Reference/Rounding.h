// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Exact rounding of quotients, and the product of an integer with a real
// multiplier in each rounding mode. Everything is said with quotients of
// 128-bit integers: no shifts that hide a floor.

#ifndef QOPT_LIB_REFERENCE_ROUNDING_H
#define QOPT_LIB_REFERENCE_ROUNDING_H

#include "Quantities.h"

namespace qopt::reference {

using Wide = __int128;

/// n / d for d > 0, toward negative infinity.
Wide floorQuotient(Wide n, Wide d);
/// n / d for d > 0, to the nearest integer, ties toward positive infinity.
Wide nearestTiesUp(Wide n, Wide d);
/// n / d for d > 0, to the nearest integer, ties away from zero.
Wide nearestTiesAway(Wide n, Wide d);

inline Wide powerOfTwo(int exponent) { return Wide(1) << exponent; }

/// mantissa · 2^exponent / 2^31, the mantissa below 2^31.
struct Multiplier {
  int64_t mantissa = 0;
  int exponent = 0;
};

/// Whether the mode is defined on multipliers with a mantissa of 31 bits.
inline bool isFixedPoint(quant::RoundingMode mode) {
  return mode != quant::RoundingMode::Float &&
         mode != quant::RoundingMode::Real;
}

/// The nearest multiplier with a mantissa of 31 bits, or zero below 2^-32. An
/// error outside the range that fixed point can express.
llvm::Expected<Multiplier> makeMultiplier(mlir::Operation *op, double real);

/// x · m as an integer, in any mode but `float` and `real`.
int64_t multiply(int64_t x, Multiplier m, quant::RoundingMode mode);

/// The float64 nearest to x · m (ties to even), rounded to an integer with ties
/// away from zero; or \p bound, where it is beyond that (in magnitude).
int64_t multiplyInFloat64(int64_t x, double m, int64_t bound);

/// Clamped and with zero point: x · m in the modes `float` and `real`.
int64_t multiplyReal(int64_t x, double m, int64_t zeroPoint, Bounds bounds,
                     quant::RoundingMode mode);

/// The doubling high multiply of `double`: a·b / 2^31, ties up, saturating.
int64_t multiplyHigh(int64_t a, int64_t b);

/// Scaling of accumulators to a result, one multiplier for each channel.
class Requantizer {
public:
  /// \p factors are the accumulators' scales; the result's scale divides them.
  static llvm::Expected<Requantizer>
  get(mlir::Operation *op, llvm::ArrayRef<double> factors, double resultScale,
      int64_t resultZeroPoint, Bounds bounds, quant::RoundingMode mode);

  /// Stored result of an accumulator without zero point.
  int64_t apply(int64_t accumulator, int64_t channel) const;

private:
  llvm::SmallVector<Multiplier> multipliers;
  llvm::SmallVector<double> realMultipliers;
  int64_t zeroPoint = 0;
  Bounds bounds{0, 0};
  quant::RoundingMode mode = quant::RoundingMode::Double;
};

} // namespace qopt::reference

#endif // QOPT_LIB_REFERENCE_ROUNDING_H
