// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Mode `real`: its ties, and the fixed-point form, whose proof is checked
// against every accumulator near each step and many others.

#include "Random.h"

#include "qopt/Numerics/RealMultiplier.h"

#include "gtest/gtest.h"

#include <cmath>

using namespace qopt::numerics;
using qopt::numerics::test::Random;

TEST(RequantizeReal, TiesGoAwayFromZero) {
  EXPECT_EQ(requantizeReal(1, 0.5, 0, -128, 127), 1);
  EXPECT_EQ(requantizeReal(-1, 0.5, 0, -128, 127), -1);
  EXPECT_EQ(requantizeReal(-3, 0.5, 10, -128, 127), 8);
  EXPECT_EQ(requantizeReal(5, 0.5, 0, -128, 127), 3);
  EXPECT_EQ(requantizeReal(-1024, 0x1p-11, 0, -128, 127), -1);
  EXPECT_EQ(requantizeReal(-1023, 0x1p-11, 0, -128, 127), 0);
}

TEST(RequantizeReal, ClampsWhatNoIntegerHolds) {
  EXPECT_EQ(requantizeReal(INT64_MAX, 1e30, 3, -128, 127), 127);
  EXPECT_EQ(requantizeReal(INT64_MIN, 1e30, 3, -100, 127), -100);
}

TEST(RequantizeReal, TheProductIsRoundedBeforeTheResult) {
  // 3 times the number below 1/6 is below 1/2 as a real number, but rounds to
  // 1/2: the definition is on float64.
  double belowSixth = 1.0 / 6;
  ASSERT_EQ(3 * belowSixth, 0.5);
  EXPECT_EQ(requantizeReal(3, belowSixth, 0, -128, 127), 1);
}

static int64_t clampedSingle(int64_t x, FixedPointMultiplier m, int64_t low,
                             int64_t high) {
  return saturate(requantizeSingle(x, m), low, high);
}

static void expectEqualAt(int64_t x, double real, FixedPointMultiplier m,
                          int64_t low, int64_t high) {
  if (x < INT32_MIN || x > INT32_MAX)
    return;
  ASSERT_EQ(clampedSingle(x, m, low, high),
            requantizeReal(x, real, 0, low, high))
      << x << " * " << real << " with " << m.mantissa << ", " << m.shift;
}

/// All accumulators within 2 of each step, the ends, and random ones.
static void expectEqual(double real, FixedPointMultiplier m, int64_t low,
                        int64_t high, Random &random) {
  for (int64_t t = low; t <= high + 1; ++t) {
    double step = (static_cast<double>(t) - 0.5) / real;
    if (std::abs(step) < 0x1p33)
      for (int64_t d = -2; d <= 2; ++d)
        expectEqualAt(std::llround(step) + d, real, m, low, high);
  }
  for (int64_t x :
       {INT32_MIN, INT32_MIN + 1, -1, 0, 1, INT32_MAX - 1, INT32_MAX})
    expectEqualAt(x, real, m, low, high);
  for (int i = 0; i < 200; ++i)
    expectEqualAt(random.any32(), real, m, low, high);
}

TEST(FindSingleMultiplier, PowersOfTwoTakeTheNeighbour) {
  Random random;
  for (int s = 1; s <= 20; ++s) {
    double real = std::ldexp(1.0, -s);
    FixedPointMultiplier nearest = *quantizeMultiplier(real);
    // Negative ties go up with the nearest one.
    EXPECT_FALSE(equalsSingle(real, nearest, -128, 127)) << s;
    // A layer with a fused ReLU at zero point -128 has no negative results.
    EXPECT_TRUE(equalsSingle(real, nearest, 0, 255)) << s;
    std::optional<FixedPointMultiplier> found =
        findSingleMultiplier(real, -128, 127);
    ASSERT_TRUE(found) << s;
    EXPECT_EQ(found->mantissa, nearest.mantissa + 1);
    expectEqual(real, *found, -128, 127, random);
  }
}

TEST(FindSingleMultiplier, WhatIsFoundIsEqual) {
  Random random;
  int found = 0, refused = 0;
  for (int i = 0; i < 3000; ++i) {
    double real = static_cast<double>(random.scale()) * random.scale() /
                  static_cast<double>(random.scale());
    int64_t low = random.uniform(-255, 0), high = low + 255;
    std::optional<FixedPointMultiplier> m =
        findSingleMultiplier(real, low, high);
    m ? ++found : ++refused;
    if (m)
      expectEqual(real, *m, low, high, random);
  }
  // Where nothing was found, real multipliers stay: both must occur.
  EXPECT_GT(found, 500);
  EXPECT_GT(refused, 50);
}

TEST(FindSingleMultiplier, RefusesWhatItDoesNotProve) {
  EXPECT_FALSE(findSingleMultiplier(1.5, -128, 127));
  EXPECT_FALSE(findSingleMultiplier(0.01, -32768, 32767));
  EXPECT_FALSE(findSingleMultiplier(0, -128, 127));
  EXPECT_FALSE(findSingleMultiplier(0x1p-41, -128, 127));
  EXPECT_FALSE(findSingleMultiplier(NAN, -128, 127));
  EXPECT_FALSE(findSingleMultiplier(INFINITY, -128, 127));
}
