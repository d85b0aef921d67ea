// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Constants of TFLite's quantized element-wise kernels, and the kernels on one
// element, which the emitted code must equal.

#ifndef QOPT_NUMERICS_ELEMENTWISE_H
#define QOPT_NUMERICS_ELEMENTWISE_H

#include "qopt/Numerics/FixedPoint.h"
#include "qopt/Numerics/QuantizationParameters.h"

namespace qopt::numerics {

/// add and sub: both operands are brought to the common scale
/// 2·max(S_a, S_b) with `leftShift` fractional bits (20; 15 for 16-bit
/// storage), added, and requantized; every step in `double` mode.
struct AddParameters {
  int32_t leftShift = 20;
  int32_t lhsZeroPoint = 0, rhsZeroPoint = 0, resultZeroPoint = 0;
  FixedPointMultiplier lhs, rhs, result;
  int32_t min = -128, max = 127;
};

/// \p clamp is the result's activation range in stored values, \p bits the
/// storage width (8 or 16).
Result<AddParameters> prepareAdd(QuantizationParameters lhs,
                                 QuantizationParameters rhs,
                                 QuantizationParameters result, unsigned bits,
                                 StorageRange clamp);

/// An operand on the common scale: for 8-bit storage a function of 256 values.
int32_t rescaleAddOperand(int32_t stored, int32_t zeroPoint, int32_t leftShift,
                          FixedPointMultiplier m);
int32_t add(int32_t lhs, int32_t rhs, const AddParameters &p);
int32_t sub(int32_t lhs, int32_t rhs, const AddParameters &p);

/// TFLite's int16 add and sub for power-of-two scales: one operand is shifted
/// right (ties away from zero), the sum saturates to 16 bits.
struct PowerOfTwoAddParameters {
  int32_t lhsRightShift = 0, rhsRightShift = 0;
  int32_t min = -32768, max = 32767;
};

Result<PowerOfTwoAddParameters> preparePowerOfTwoAdd(double lhsScale,
                                                     double rhsScale,
                                                     double resultScale,
                                                     StorageRange clamp);
int32_t addPowerOfTwo(int32_t lhs, int32_t rhs,
                      const PowerOfTwoAddParameters &p);
int32_t subPowerOfTwo(int32_t lhs, int32_t rhs,
                      const PowerOfTwoAddParameters &p);

/// mul: (a - Z_a)(b - Z_b) requantized in `double` mode by S_a·S_b/S_y, which
/// is computed in float32.
struct MulParameters {
  int32_t lhsZeroPoint = 0, rhsZeroPoint = 0, resultZeroPoint = 0;
  FixedPointMultiplier result;
  int32_t min = -128, max = 127;
};

Result<MulParameters> prepareMul(QuantizationParameters lhs,
                                 QuantizationParameters rhs,
                                 QuantizationParameters result,
                                 StorageRange clamp);
int32_t mul(int32_t lhs, int32_t rhs, const MulParameters &p);

/// One value from one quantized type to another (`double` mode): quantize ops
/// between integer types (ratio of scales in double), relu and its kin that
/// change the scale (ratio in float32), dequantize-free concatenation.
struct RescaleParameters {
  int32_t inputZeroPoint = 0, resultZeroPoint = 0;
  FixedPointMultiplier multiplier;
  int32_t min = -128, max = 127;
};

Result<RescaleParameters> prepareRescale(QuantizationParameters input,
                                         QuantizationParameters result,
                                         StorageRange clamp);
Result<RescaleParameters> prepareRelu(QuantizationParameters input,
                                      QuantizationParameters result,
                                      StorageRange clamp);
int32_t rescale(int32_t stored, const RescaleParameters &p);

} // namespace qopt::numerics

#endif // QOPT_NUMERICS_ELEMENTWISE_H
