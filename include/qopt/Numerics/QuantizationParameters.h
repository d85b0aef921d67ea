// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Scales and zero points: from a range of reals, of single values, and the
// stored bounds of an activation function.

#ifndef QOPT_NUMERICS_QUANTIZATIONPARAMETERS_H
#define QOPT_NUMERICS_QUANTIZATIONPARAMETERS_H

#include "qopt/Numerics/Result.h"

#include <cstdint>

namespace qopt::numerics {

/// The stored values a type can take, both ends included.
struct StorageRange {
  int64_t min = -128;
  int64_t max = 127;

  static StorageRange ofBits(unsigned bits, bool isSigned, bool narrow = false);
  bool operator==(const StorageRange &other) const {
    return min == other.min && max == other.max;
  }
};

/// real = scale · (stored - zeroPoint)
struct QuantizationParameters {
  double scale = 1.0;
  int64_t zeroPoint = 0;
};

/// Parameters for reals in [min, max], widened to hold 0.
/// `symmetric` centres the range on 0 (zero point 0, or mid-range when
/// unsigned); `powerOfTwo` rounds log2 of the scale up. A range of nothing but
/// zero gets scale 1. No result for NaN, infinities or min > max.
Result<QuantizationParameters> parametersFromRange(double min, double max,
                                                   StorageRange range,
                                                   bool symmetric = false,
                                                   bool powerOfTwo = false);

/// Stored value of a real: round half away from zero of real/scale in float32
/// (TFLite's AffineQuantize), plus zero point, clamped. NaN stores the zero
/// point: what the C++ conversion gives there is not defined.
int64_t quantizeValue(float real, QuantizationParameters params,
                      StorageRange range);

/// scale · (stored - zeroPoint), the product taken in float32.
float dequantizeValue(int64_t stored, QuantizationParameters params);

enum class Activation { None, Relu, Relu6, ReluN1To1 };

/// Stored bounds of an activation fused into an operator: 0, 6, -1 and 1 are
/// quantized with float32 division and round half away from zero
/// (TFLite's CalculateActivationRangeQuantized), then cut to the storage range.
StorageRange activationRange(Activation activation,
                             QuantizationParameters params, StorageRange range);

/// Stored bounds of a clamp to the reals [min, max] (infinite ends allowed), by
/// the same rule.
StorageRange clampRange(double min, double max, QuantizationParameters params,
                        StorageRange range);

/// True when log2(scale) is within 1/1000 of an integer, and that integer:
/// TFLite's test for its power-of-two int16 kernels, in float32.
bool isPowerOfTwoScale(double scale, int &exponent);

} // namespace qopt::numerics

#endif // QOPT_NUMERICS_QUANTIZATIONPARAMETERS_H
