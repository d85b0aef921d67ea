// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Element-wise kernels: where a scale ratio is taken in float32 and where in
// double is part of the result's last bit, and follows TFLite.

#include "qopt/Numerics/Elementwise.h"

#include <algorithm>
#include <cmath>

using namespace qopt::numerics;

static int32_t clampTo(int64_t x, int32_t min, int32_t max) {
  return static_cast<int32_t>(saturate(x, min, max));
}

/// Prefixes the reason of a failed multiplier with the operand it belongs to.
static Reason about(const char *what,
                    const Result<FixedPointMultiplier> &failed) {
  return Reason{std::string(what) + " " + failed.reason()};
}

Result<AddParameters> qopt::numerics::prepareAdd(QuantizationParameters lhs,
                                                 QuantizationParameters rhs,
                                                 QuantizationParameters result,
                                                 unsigned bits,
                                                 StorageRange clamp) {
  AddParameters p;
  p.leftShift = bits > 8 ? 15 : 20;
  p.lhsZeroPoint = static_cast<int32_t>(lhs.zeroPoint);
  p.rhsZeroPoint = static_cast<int32_t>(rhs.zeroPoint);
  p.resultZeroPoint = static_cast<int32_t>(result.zeroPoint);
  p.min = static_cast<int32_t>(clamp.min);
  p.max = static_cast<int32_t>(clamp.max);

  auto lhsScale = static_cast<float>(lhs.scale);
  auto rhsScale = static_cast<float>(rhs.scale);
  double twiceMax = 2 * std::max(lhsScale, rhsScale);
  double resultUnit = std::ldexp(static_cast<float>(result.scale), p.leftShift);
  Result<FixedPointMultiplier> m = quantizeMultiplier(lhsScale / twiceMax);
  if (!m)
    return about("left operand's", m);
  p.lhs = *m;
  m = quantizeMultiplier(rhsScale / twiceMax);
  if (!m)
    return about("right operand's", m);
  p.rhs = *m;
  m = quantizeMultiplier(twiceMax / resultUnit);
  if (!m)
    return about("result's", m);
  p.result = *m;
  return p;
}

int32_t qopt::numerics::rescaleAddOperand(int32_t stored, int32_t zeroPoint,
                                          int32_t leftShift,
                                          FixedPointMultiplier m) {
  return requantizeDouble((stored - zeroPoint) * (1 << leftShift), m);
}

int32_t qopt::numerics::add(int32_t lhs, int32_t rhs, const AddParameters &p) {
  int32_t sum = rescaleAddOperand(lhs, p.lhsZeroPoint, p.leftShift, p.lhs) +
                rescaleAddOperand(rhs, p.rhsZeroPoint, p.leftShift, p.rhs);
  return clampTo(int64_t(requantizeDouble(sum, p.result)) + p.resultZeroPoint,
                 p.min, p.max);
}

int32_t qopt::numerics::sub(int32_t lhs, int32_t rhs, const AddParameters &p) {
  int32_t sum = rescaleAddOperand(lhs, p.lhsZeroPoint, p.leftShift, p.lhs) -
                rescaleAddOperand(rhs, p.rhsZeroPoint, p.leftShift, p.rhs);
  return clampTo(int64_t(requantizeDouble(sum, p.result)) + p.resultZeroPoint,
                 p.min, p.max);
}

Result<PowerOfTwoAddParameters>
qopt::numerics::preparePowerOfTwoAdd(double lhsScale, double rhsScale,
                                     double resultScale, StorageRange clamp) {
  int lhs, rhs, result;
  if (!isPowerOfTwoScale(lhsScale, lhs) || !isPowerOfTwoScale(rhsScale, rhs) ||
      !isPowerOfTwoScale(resultScale, result))
    return Reason{"scales are not all powers of two"};
  PowerOfTwoAddParameters p;
  p.lhsRightShift = result - lhs;
  p.rhsRightShift = result - rhs;
  if (p.lhsRightShift < 0 || p.rhsRightShift < 0 ||
      (p.lhsRightShift != 0 && p.rhsRightShift != 0))
    return Reason{"one operand must have the result's scale and the other no "
                  "larger one, found 2^" +
                  std::to_string(lhs) + " and 2^" + std::to_string(rhs) +
                  " for a result of 2^" + std::to_string(result)};
  p.min = static_cast<int32_t>(clamp.min);
  p.max = static_cast<int32_t>(clamp.max);
  return p;
}

int32_t qopt::numerics::addPowerOfTwo(int32_t lhs, int32_t rhs,
                                      const PowerOfTwoAddParameters &p) {
  int64_t sum =
      int64_t(roundingRightShift(lhs, std::min(p.lhsRightShift, 31))) +
      roundingRightShift(rhs, std::min(p.rhsRightShift, 31));
  return clampTo(saturateToBits(sum, 16, true), p.min, p.max);
}

int32_t qopt::numerics::subPowerOfTwo(int32_t lhs, int32_t rhs,
                                      const PowerOfTwoAddParameters &p) {
  return addPowerOfTwo(lhs, -rhs, p);
}

Result<MulParameters> qopt::numerics::prepareMul(QuantizationParameters lhs,
                                                 QuantizationParameters rhs,
                                                 QuantizationParameters result,
                                                 StorageRange clamp) {
  Result<FixedPointMultiplier> m =
      quantizeMultiplier(floatMultiplier(lhs.scale, rhs.scale, result.scale));
  if (!m)
    return Reason{m.reason()};
  MulParameters p;
  p.lhsZeroPoint = static_cast<int32_t>(lhs.zeroPoint);
  p.rhsZeroPoint = static_cast<int32_t>(rhs.zeroPoint);
  p.resultZeroPoint = static_cast<int32_t>(result.zeroPoint);
  p.result = *m;
  p.min = static_cast<int32_t>(clamp.min);
  p.max = static_cast<int32_t>(clamp.max);
  return p;
}

int32_t qopt::numerics::mul(int32_t lhs, int32_t rhs, const MulParameters &p) {
  int32_t product = (lhs - p.lhsZeroPoint) * (rhs - p.rhsZeroPoint);
  return clampTo(int64_t(requantizeDouble(product, p.result)) +
                     p.resultZeroPoint,
                 p.min, p.max);
}

static Result<RescaleParameters> prepareRatio(double ratio,
                                              QuantizationParameters input,
                                              QuantizationParameters result,
                                              StorageRange clamp) {
  Result<FixedPointMultiplier> m = quantizeMultiplier(ratio);
  if (!m)
    return Reason{m.reason()};
  RescaleParameters p;
  p.inputZeroPoint = static_cast<int32_t>(input.zeroPoint);
  p.resultZeroPoint = static_cast<int32_t>(result.zeroPoint);
  p.multiplier = *m;
  p.min = static_cast<int32_t>(clamp.min);
  p.max = static_cast<int32_t>(clamp.max);
  return p;
}

Result<RescaleParameters>
qopt::numerics::prepareRescale(QuantizationParameters input,
                               QuantizationParameters result,
                               StorageRange clamp) {
  return prepareRatio(input.scale / result.scale, input, result, clamp);
}

Result<RescaleParameters>
qopt::numerics::prepareRelu(QuantizationParameters input,
                            QuantizationParameters result, StorageRange clamp) {
  float ratio =
      static_cast<float>(input.scale) / static_cast<float>(result.scale);
  return prepareRatio(ratio, input, result, clamp);
}

int32_t qopt::numerics::rescale(int32_t stored, const RescaleParameters &p) {
  return clampTo(
      int64_t(requantizeDouble(stored - p.inputZeroPoint, p.multiplier)) +
          p.resultZeroPoint,
      p.min, p.max);
}
