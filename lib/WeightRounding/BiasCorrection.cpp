// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// With a = (low - mean) / deviation, b = (high - mean) / deviation, density f
// and distribution F of the standard normal:
//
//   E = low F(a) + high (1 - F(b))
//       + mean (F(b) - F(a)) + deviation (f(a) - f(b))

#include "qopt/WeightRounding/BiasCorrection.h"

#include <algorithm>
#include <cmath>

static double density(double x) {
  return std::exp(-x * x / 2) * 0.3989422804014327;
}

static double distribution(double x) {
  return std::erfc(-x * 0.7071067811865476) / 2;
}

double qopt::rounding::getClampedNormalMean(double mean, double deviation,
                                            double low, double high) {
  if (!(deviation > 0))
    return std::clamp(mean, low, high);
  double a = (low - mean) / deviation, b = (high - mean) / deviation;
  double below = std::isinf(low) ? 0 : low * distribution(a);
  double above = std::isinf(high) ? 0 : high * distribution(-b);
  return below + above + mean * (distribution(b) - distribution(a)) +
         deviation * (density(a) - density(b));
}
