// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Bins that widen.

#include "qopt/Calibration/Histogram.h"

#include "gtest/gtest.h"

#include <cmath>
#include <numeric>

using namespace qopt::calibration;

static Histogram countAll(std::vector<float> values) {
  Histogram histogram;
  for (float x : values) {
    histogram.cover(x, x);
    histogram.count(x);
  }
  return histogram;
}

TEST(Histogram, EveryValueIsInItsBin) {
  std::vector<float> values = {0.0f,   1.0f,   -1.0f,   0.3f,   -0.3f,  100.0f,
                               -99.9f, 1e-30f, -1e-30f, 1e-45f, -1e-45f};
  for (float x : values) {
    Histogram histogram;
    histogram.cover(-100, 100);
    histogram.count(x);
    auto bin = std::find(histogram.getCounts().begin(),
                         histogram.getCounts().end(), 1u) -
               histogram.getCounts().begin();
    EXPECT_LE(histogram.getBinStart(bin), x);
    EXPECT_GT(histogram.getBinStart(bin) + histogram.getBinWidth(), x) << x;
  }
}

TEST(Histogram, WideningForgetsTheOrder) {
  std::vector<float> values = {1e-45f,  -3e-40f, 0.7f,     -0.7f,   1000.5f,
                               -1e-20f, 5.0f,    -3.4e38f, 3.4e38f, 0.0f};
  Histogram forward = countAll(values);
  std::reverse(values.begin(), values.end());
  EXPECT_EQ(forward, countAll(values));
  llvm::ArrayRef<uint64_t> counts = forward.getCounts();
  EXPECT_EQ(std::accumulate(counts.begin(), counts.end(), uint64_t(0)), 10u);
  EXPECT_EQ(forward.getExponent(), Histogram::maxExponent);
}

TEST(Histogram, UsesAtLeastHalfOfItsBins) {
  for (float x : {1e-40f, 1e-3f, 1.0f, 12345.0f, 1e30f}) {
    Histogram histogram = countAll({x});
    EXPECT_GE(x / histogram.getBinWidth(), Histogram::sideBins / 2);
    EXPECT_LT(x / histogram.getBinWidth(), Histogram::sideBins);
  }
}

TEST(Histogram, SkipsWhatHasNoBin) {
  Histogram histogram;
  histogram.cover(-1, 1);
  histogram.count({NAN, INFINITY, -INFINITY, 2.0f, -2.1f, -1.0f});
  llvm::ArrayRef<uint64_t> counts = histogram.getCounts();
  EXPECT_EQ(std::accumulate(counts.begin(), counts.end(), uint64_t(0)), 1u);
}
