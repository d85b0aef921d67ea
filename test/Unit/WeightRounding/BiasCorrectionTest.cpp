// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The mean of a clamped normal against numerical integration.

#include "qopt/WeightRounding/BiasCorrection.h"

#include "gtest/gtest.h"

#include <algorithm>
#include <cmath>
#include <vector>

using namespace qopt::rounding;

static double integrate(double mean, double deviation, double low,
                        double high) {
  double sum = 0, step = 1e-3;
  for (double z = -9; z < 9; z += step) {
    double x = mean + deviation * (z + step / 2);
    sum += std::clamp(x, low, high) *
           std::exp(-(z + step / 2) * (z + step / 2) / 2) * step;
  }
  return sum / std::sqrt(2 * 3.14159265358979);
}

TEST(BiasCorrectionTest, MeanOfAClampedNormal) {
  int tried = 0;
  for (double mean : {-3.0, -0.2, 0.0, 1.5, 7.0})
    for (double deviation : {0.01, 0.5, 2.0})
      for (auto [low, high] :
           {std::pair<double, double>(0, INFINITY), {0, 6}, {-1, 1}}) {
        EXPECT_NEAR(getClampedNormalMean(mean, deviation, low, high),
                    integrate(mean, deviation, low, high), 1e-5)
            << mean << " " << deviation << " " << low << " " << high;
        ++tried;
      }
  EXPECT_EQ(tried, 45);
  EXPECT_EQ(getClampedNormalMean(2, 1, -INFINITY, INFINITY), 2);
  EXPECT_EQ(getClampedNormalMean(-2, 0, 0, 6), 0);
}

TEST(BiasCorrectionTest, TakesTheShiftBack) {
  std::vector<double> original{0.3, -0.7}, quantized{0.25, -0.75};
  std::vector<double> means{2, 4};
  EXPECT_NEAR(getBiasCorrection(original, quantized, means), 0.3, 1e-12);
}
