// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Binds the types of the dialect to the functions of Numerics.

#include "ChannelArithmetic.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"
#include <cmath>

using namespace mlir;
using namespace qopt;
using namespace qopt::quant;

std::optional<ChannelParameters> ChannelParameters::get(QuantizedType type) {
  ChannelParameters parameters;
  if (auto uniform = dyn_cast<UniformQuantizedType>(type)) {
    parameters.scales = {uniform.getScale()};
    parameters.zeroPoints = {uniform.getZeroPoint()};
    return parameters;
  }
  if (auto perAxis = dyn_cast<UniformQuantizedPerAxisType>(type)) {
    llvm::append_range(parameters.scales, perAxis.getScales());
    llvm::append_range(parameters.zeroPoints, perAxis.getZeroPoints());
    parameters.axis = perAxis.getQuantizedDimension();
    return parameters;
  }
  return std::nullopt;
}

std::optional<CommonChannels>
qopt::quant::getCommonChannels(ArrayRef<const ChannelParameters *> parameters) {
  CommonChannels common;
  for (const ChannelParameters *each : parameters) {
    if (!each->getAxis())
      continue;
    if (common.axis &&
        (*common.axis != *each->getAxis() || common.count != each->size()))
      return std::nullopt;
    common.axis = each->getAxis();
    common.count = each->size();
  }
  return common;
}

numerics::StorageRange qopt::quant::getStorageRange(QuantizedType type) {
  return {type.getStorageTypeMin(), type.getStorageTypeMax()};
}

numerics::RoundingMode qopt::quant::toNumerics(RoundingMode mode) {
  switch (mode) {
  case RoundingMode::Double:
    return numerics::RoundingMode::Double;
  case RoundingMode::Single:
    return numerics::RoundingMode::Single;
  case RoundingMode::Wide:
    return numerics::RoundingMode::Wide;
  case RoundingMode::Float:
    return numerics::RoundingMode::Float;
  case RoundingMode::Shift:
    return numerics::RoundingMode::Shift;
  case RoundingMode::Real:
    return numerics::RoundingMode::Real;
  }
  llvm_unreachable("unknown rounding mode");
}

numerics::Result<numerics::FixedPointMultiplier>
qopt::quant::quantizeChannelMultiplier(double real, RoundingMode mode) {
  assert(mode != RoundingMode::Float && mode != RoundingMode::Real &&
         "has no fixed-point form");
  if (mode == RoundingMode::Wide)
    return numerics::quantizeMultiplierWide(real);
  auto multiplier = numerics::quantizeMultiplier(real);
  if (mode != RoundingMode::Shift || !multiplier)
    return multiplier;
  // 2^30 is the mantissa of a power of two, but others may round to it.
  constexpr int32_t one = 1 << 30;
  if (multiplier->mantissa == 0 ||
      (multiplier->mantissa == one && multiplier->toDouble() == real))
    return multiplier;
  numerics::Reason reason;
  llvm::raw_string_ostream(reason.text)
      << "multiplier " << llvm::format("%.17g", real)
      << " is not a power of two, which rounding 'shift' needs";
  return reason;
}

std::optional<ChannelRequantize>
ChannelRequantize::get(numerics::QuantizationParameters input,
                       numerics::QuantizationParameters result,
                       RoundingMode mode, numerics::StorageRange clamp) {
  ChannelRequantize function;
  function.mode = mode;
  function.inputZeroPoint = input.zeroPoint;
  function.resultZeroPoint = result.zeroPoint;
  function.clamp = clamp;
  if (mode == RoundingMode::Float) {
    function.floatMultiplier = numerics::floatMultiplier(
        input.scale, /*filterScale=*/1.0, result.scale);
    return function;
  }
  if (mode == RoundingMode::Real) {
    function.realMultiplier = input.scale / result.scale;
    return function;
  }
  auto multiplier = quantizeChannelMultiplier(input.scale / result.scale, mode);
  if (!multiplier)
    return std::nullopt;
  function.multiplier = *multiplier;
  return function;
}

int64_t ChannelRequantize::operator()(int64_t stored) const {
  int64_t difference = stored - inputZeroPoint;
  if (mode == RoundingMode::Float)
    return numerics::requantizeFloat(difference, floatMultiplier,
                                     resultZeroPoint, clamp.min, clamp.max);
  if (mode == RoundingMode::Real)
    return numerics::requantizeReal(difference, realMultiplier, resultZeroPoint,
                                    clamp.min, clamp.max);
  return numerics::saturate(
      numerics::applyMultiplier(difference, multiplier, toNumerics(mode)) +
          resultZeroPoint,
      clamp.min, clamp.max);
}

int64_t qopt::quant::quantizeChannel(float real,
                                     numerics::QuantizationParameters result,
                                     numerics::StorageRange range,
                                     RoundingMode mode) {
  if (mode != RoundingMode::Float)
    return numerics::quantizeValue(real, result, range);
  float quotient = real / static_cast<float>(result.scale);
  if (std::isnan(quotient))
    return result.zeroPoint;
  // The clamp first: the conversion must not see what it cannot hold.
  float rounded = std::nearbyint(quotient);
  float low = static_cast<float>(range.min - result.zeroPoint);
  float high = static_cast<float>(range.max - result.zeroPoint);
  return static_cast<int64_t>(std::clamp(rounded, low, high)) +
         result.zeroPoint;
}
