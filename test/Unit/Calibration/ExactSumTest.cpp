// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Sums do not depend on the order, and lose nothing.

#include "qopt/Calibration/ExactSum.h"

#include "gtest/gtest.h"

#include <algorithm>
#include <cmath>
#include <random>

using namespace qopt::calibration;

TEST(ExactSum, LosesNothing) {
  ExactSum sum;
  for (float x : {3.4e38f, 1.0f, 1e-45f, -3.4e38f, -1e-45f})
    sum.add(x);
  EXPECT_EQ(sum.toDouble(), 1.0);
  sum.add(-1.0f);
  EXPECT_EQ(sum, ExactSum());
}

TEST(ExactSum, NegativeAndDenormal) {
  ExactSum sum;
  sum.add(-1e-45f);
  EXPECT_EQ(sum.toDouble(), -std::ldexp(1.0, -149));
  sum.add(-2.5f);
  EXPECT_EQ(sum.toDouble(), -2.5);
  sum.add(0.0f);
  sum.add(-0.0f);
  EXPECT_EQ(sum.toDouble(), -2.5);
}

TEST(ExactSum, AnyOrderAndAnyShards) {
  std::mt19937 engine(7);
  std::vector<float> values(1000);
  for (float &x : values)
    x = std::ldexp(std::uniform_real_distribution<float>(-1, 1)(engine),
                   std::uniform_int_distribution<int>(-140, 120)(engine));
  ExactSum whole;
  for (float x : values)
    whole.add(x);
  std::shuffle(values.begin(), values.end(), engine);
  ExactSum first, second;
  for (size_t i = 0; i < values.size(); ++i)
    (i % 3 ? first : second).add(values[i]);
  second.add(first);
  EXPECT_EQ(second, whole);
}

TEST(ExactSum, Text) {
  ExactSum sum;
  sum.add(-0.1f);
  sum.add(1e30f);
  EXPECT_EQ(ExactSum::parse(sum.toString()), sum);
  EXPECT_FALSE(ExactSum::parse(""));
  EXPECT_FALSE(ExactSum::parse(std::string(96, 'g')));
  EXPECT_FALSE(ExactSum::parse(std::string(95, '0')));
}
