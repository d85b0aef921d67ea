// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Softmax in TFLite's integer semantics.
//
// 8 bit: with d = max(x) - x in 0..255, the exponential is a function of d
// alone, so it is a table of 256 entries, exact by construction. Per row:
//   sum = Σ expAccumulator[d];  r = softmaxReciprocal(sum)
//   y = saturate(roundingRightShift(doublingHighMultiply(r.mantissa, exp[d]),
//                                   r.bitsOverUnit + 31 - 8) + qmin)
// 16 bit: exp and 1/(1+x) are interpolated tables of 513 entries.

#ifndef QOPT_NUMERICS_SOFTMAX_H
#define QOPT_NUMERICS_SOFTMAX_H

#include "qopt/Numerics/FixedPoint.h"

#include <array>
#include <cstdint>
#include <vector>

namespace qopt::numerics {

/// exp(a) in Q0.31 for a <= 0 given in Q5.26 (2^-26 units), by quarter
/// remainders and a fourth-order Taylor polynomial.
int32_t expOfNegativeQ5(int32_t a);

/// 1/(1+a) in Q0.31 for a in [0, 1) in Q0.31: three Newton-Raphson steps.
int32_t reciprocalOfOnePlus(int32_t a);

struct Softmax8Parameters {
  FixedPointMultiplier inputBeta;
  /// Differences below this (a negative number) count as exp = 0.
  int32_t diffMin = 0;
  /// By d = max - x: exp in Q0.31, and the same rounded to Q12.19 for the sum.
  std::array<int32_t, 256> exp{};
  std::array<int32_t, 256> expAccumulator{};
};

Result<Softmax8Parameters> prepareSoftmax8(double beta, double inputScale);

struct SoftmaxReciprocal {
  int32_t mantissa = 0;     ///< Q0.31
  int32_t bitsOverUnit = 0; ///< how far the sum lies above 1
};

/// 1/sum for a sum of at least one entry in Q12.19.
SoftmaxReciprocal softmaxReciprocal(int32_t sum);

/// One row. \p min is -128 (signed) or 0; \p x and \p y hold stored values.
void softmaxRow8(const int32_t *x, int32_t *y, int64_t depth, int32_t min,
                 const Softmax8Parameters &p);

struct Softmax16Parameters {
  /// Scales a difference so that -65535..0 stands for -10..0 (`double` mode).
  FixedPointMultiplier inputBeta;
  std::array<int16_t, 513> exp{};
  std::array<int16_t, 513> oneOverOnePlusX{};
};

Result<Softmax16Parameters> prepareSoftmax16(double beta, double inputScale);
void softmaxRow16(const int32_t *x, int32_t *y, int64_t depth,
                  const Softmax16Parameters &p);

/// ONNX Runtime's exponentials of the differences 0...255 of stored 8-bit values
/// to the maximum of a row of `depth`, with a factor that uses the range of
/// float32 but leaves exp(5) of it for the row's sum.
std::array<float, 256> softmaxExponentials(float scale, int64_t depth);

} // namespace qopt::numerics

#endif // QOPT_NUMERICS_SOFTMAX_H
