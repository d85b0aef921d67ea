// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Ranges of reals to scales and zero points, and single values to stored ones.

#include "qopt/Numerics/QuantizationParameters.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <sstream>

using namespace qopt::numerics;

StorageRange StorageRange::ofBits(unsigned bits, bool isSigned, bool narrow) {
  int64_t span = int64_t(1) << bits;
  StorageRange range = isSigned ? StorageRange{-span / 2, span / 2 - 1}
                                : StorageRange{0, span - 1};
  range.min += narrow;
  return range;
}

Result<QuantizationParameters>
qopt::numerics::parametersFromRange(double min, double max, StorageRange range,
                                    bool symmetric, bool powerOfTwo) {
  if (!std::isfinite(min) || !std::isfinite(max) || min > max) {
    std::ostringstream os;
    os << "range [" << min << ", " << max << "] is not finite and ordered";
    return Reason{os.str()};
  }
  if (range.min >= range.max)
    return Reason{"storage range [" + std::to_string(range.min) + ", " +
                  std::to_string(range.max) + "] holds fewer than two values"};
  min = std::min(min, 0.0);
  max = std::max(max, 0.0);

  QuantizationParameters params;
  auto steps = static_cast<double>(range.max - range.min);
  if (symmetric) {
    // Mid-range, rounded up: 0 for -128..127, 128 for 0..255.
    params.zeroPoint = (range.min + range.max + 1) >> 1;
    double largest = std::max(-min, max);
    params.scale = largest / static_cast<double>(range.max - params.zeroPoint);
  } else {
    params.scale = (max - min) / steps;
  }
  // A subnormal float cannot carry a scale; the constant 0 needs none.
  if (!(params.scale >= std::numeric_limits<float>::min()))
    params.scale = 1.0;
  if (powerOfTwo)
    params.scale = std::exp2(std::ceil(std::log2(params.scale)));
  if (!symmetric)
    params.zeroPoint = static_cast<int64_t>(std::clamp(
        std::round(static_cast<double>(range.min) - min / params.scale),
        static_cast<double>(range.min), static_cast<double>(range.max)));
  return params;
}

/// round(real/scale) in float32 plus the zero point; infinities saturate.
static double roundToStored(float real, QuantizationParameters params) {
  float rounded = std::round(real / static_cast<float>(params.scale));
  return static_cast<double>(rounded) + static_cast<double>(params.zeroPoint);
}

int64_t qopt::numerics::quantizeValue(float real, QuantizationParameters params,
                                      StorageRange range) {
  if (std::isnan(real))
    return params.zeroPoint;
  return static_cast<int64_t>(std::clamp(roundToStored(real, params),
                                         static_cast<double>(range.min),
                                         static_cast<double>(range.max)));
}

float qopt::numerics::dequantizeValue(int64_t stored,
                                      QuantizationParameters params) {
  return static_cast<float>(params.scale) *
         static_cast<float>(stored - params.zeroPoint);
}

StorageRange qopt::numerics::clampRange(double min, double max,
                                        QuantizationParameters params,
                                        StorageRange range) {
  StorageRange result = range;
  if (!std::isinf(min))
    result.min = quantizeValue(static_cast<float>(min), params, range);
  if (!std::isinf(max))
    result.max = quantizeValue(static_cast<float>(max), params, range);
  return result;
}

StorageRange qopt::numerics::activationRange(Activation activation,
                                             QuantizationParameters params,
                                             StorageRange range) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  switch (activation) {
  case Activation::None:
    return range;
  case Activation::Relu:
    return clampRange(0, infinity, params, range);
  case Activation::Relu6:
    return clampRange(0, 6, params, range);
  case Activation::ReluN1To1:
    return clampRange(-1, 1, params, range);
  }
  return range;
}

bool qopt::numerics::isPowerOfTwoScale(double scale, int &exponent) {
  auto x = static_cast<float>(scale);
  float log = std::log(x) * (1.0f / std::log(2.0f));
  float rounded = std::round(log);
  exponent = static_cast<int>(rounded);
  return std::abs(log - rounded) < 1e-3f;
}
