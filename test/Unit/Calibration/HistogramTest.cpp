// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Bins against floor(x / 2^k) taken one by one; growth in any order.

#include "qopt/Calibration/Histogram.h"

#include "gtest/gtest.h"

#include <algorithm>
#include <cmath>
#include <random>

using qopt::calibration::Histogram;

static Histogram histogramOf(llvm::ArrayRef<float> values, size_t part = 0) {
  Histogram histogram;
  part = part ? part : std::max<size_t>(values.size(), 1);
  for (size_t i = 0; i < values.size(); i += part) {
    llvm::ArrayRef<float> some =
        values.slice(i, std::min(part, values.size() - i));
    auto [min, max] = std::minmax_element(some.begin(), some.end());
    histogram.add(some, *min, *max);
  }
  return histogram;
}

TEST(Histogram, bins_are_floors) {
  std::vector<float> values = {0.0f,  -0.0f,   1.0f,   -1.0f,  0.5f,
                               -0.5f, 1000.0f, 1e-45f, -1e-45f};
  Histogram histogram = histogramOf(values);
  // 1000 / 2^-2 = 4000 is the finest that fits 4096 bins.
  EXPECT_EQ(histogram.getExponent(), -2);
  for (int64_t bin = -Histogram::binsPerSide; bin < Histogram::binsPerSide;
       ++bin) {
    uint64_t expected = 0;
    for (float value : values)
      expected += std::floor(std::ldexp(double(value), 2)) == double(bin);
    EXPECT_EQ(histogram.getCount(bin), expected) << bin;
  }
}

TEST(Histogram, all_zero_and_extremes) {
  Histogram zeros = histogramOf({0.0f, 0.0f, -0.0f});
  EXPECT_EQ(zeros.getExponent(), Histogram::leastExponent);
  EXPECT_EQ(zeros.getCount(0), 3u);
  constexpr float max = std::numeric_limits<float>::max();
  Histogram wide = histogramOf({max, -max, 0.0f, 1e-45f, -1e-45f});
  EXPECT_EQ(wide.getTotal(), 5u);
  EXPECT_EQ(wide.getExponent(), 116);
  EXPECT_EQ(wide.getCount(Histogram::binsPerSide - 1), 1u);
  EXPECT_EQ(wide.getCount(-Histogram::binsPerSide), 1u);
  EXPECT_EQ(wide.getCount(0), 2u);
  EXPECT_EQ(wide.getCount(-1), 1u);
}

TEST(Histogram, lower_end_of_the_negative_side_is_inside) {
  // floor(-1 / 2^-12) = -4096 is the last bin; 1 / 2^-12 = 4096 is none.
  EXPECT_EQ(histogramOf({-1.0f}).getExponent(), -12);
  EXPECT_EQ(histogramOf({1.0f}).getExponent(), -11);
}

TEST(Histogram, any_order_parts_and_merges) {
  std::mt19937 random(3);
  std::normal_distribution<float> normal;
  for (int round = 0; round < 20; ++round) {
    std::vector<float> values(500);
    for (float &value : values)
      value = std::ldexp(normal(random), int(random() % 60) - 30 + round);
    Histogram whole = histogramOf(values);
    std::shuffle(values.begin(), values.end(), random);
    EXPECT_TRUE(histogramOf(values, 1 + random() % 50) == whole);
    llvm::ArrayRef<float> all(values);
    size_t cut = random() % values.size();
    Histogram a = histogramOf(all.take_front(cut));
    Histogram b = histogramOf(all.drop_front(cut));
    Histogram ba = b;
    ba.add(a);
    a.add(b);
    EXPECT_TRUE(a == whole);
    EXPECT_TRUE(ba == whole);
  }
}
