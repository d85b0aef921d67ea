// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The float form of a requantize against the integer form, at and around every
// step and on random accumulators.

#include "qopt/Numerics/FMARequantize.h"

#include "gtest/gtest.h"

#include <random>

using namespace qopt::numerics;

namespace {
class FMARequantizeSweep : public testing::Test {
protected:
  int64_t integer(int32_t x) {
    return std::clamp<int64_t>(requantizeDouble(x, m), low, high);
  }
  int64_t real(int32_t x) {
    return std::clamp<int64_t>(requantizeFMA(x, f, low < 0), low, high);
  }
  void expectEqual(int64_t x) {
    if (x < INT32_MIN || x > INT32_MAX)
      return;
    ASSERT_EQ(integer(x), real(x)) << "accumulator " << x << ", mantissa "
                                   << m.mantissa << ", shift " << m.shift;
  }
  /// Both sides of every step of the integer form, found by bisection.
  void expectEqualAroundSteps() {
    for (int64_t t = low + 1; t <= high; ++t) {
      int64_t below = INT32_MIN, above = INT32_MAX;
      while (above - below > 1) {
        int64_t middle = (above + below) / 2;
        (integer(middle) >= t ? above : below) = middle;
      }
      for (int64_t x = below - 2; x <= above + 2; ++x)
        expectEqual(x);
    }
  }

  FixedPointMultiplier m;
  FMARequantize f;
  int32_t low = 0, high = 255;
};
} // namespace

TEST_F(FMARequantizeSweep, EqualsTheIntegerForm) {
  std::mt19937 random(1);
  std::uniform_int_distribution<int32_t> mantissas(1 << 30, INT32_MAX);
  std::uniform_int_distribution<int32_t> any(INT32_MIN, INT32_MAX);
  int found = 0, tried = 0;
  for (int exponent = 1; exponent <= 14; ++exponent)
    for (int i = 0; i < 12; ++i) {
      m = {mantissas(random), -exponent};
      low = i % 2 ? -100 - i : 0;
      high = i % 3 ? 255 + low : 127;
      ++tried;
      std::optional<FMARequantize> result = findFMARequantize(m, low, high);
      if (!result)
        continue;
      ++found;
      f = *result;
      expectEqualAroundSteps();
      for (int64_t x : {INT32_MIN, INT32_MIN + 1, -1, 0, 1, INT32_MAX})
        expectEqual(x);
      for (int j = 0; j < 2000; ++j) {
        expectEqual(any(random));
        expectEqual(any(random) >> (31 - exponent > 8 ? 23 - exponent : 0));
      }
    }
  // Most channels of real models have a solution; a search that finds none
  // would prove nothing.
  EXPECT_GT(found * 10, tried * 7) << found << " of " << tried;
}

TEST_F(FMARequantizeSweep, PowersOfTwo) {
  for (int exponent = 1; exponent <= 12; ++exponent) {
    m = {1 << 30, -exponent};
    low = -128;
    high = 127;
    std::optional<FMARequantize> result = findFMARequantize(m, low, high);
    if (!result)
      continue;
    f = *result;
    expectEqualAroundSteps();
  }
}

TEST(FMARequantize, DeclinesWhatItCannotDo) {
  EXPECT_FALSE(findFMARequantize({1 << 30, 0}, 0, 255));
  EXPECT_FALSE(findFMARequantize({1 << 30, 3}, 0, 255));
  EXPECT_FALSE(findFMARequantize({1 << 30, -23}, 0, 255));
  EXPECT_FALSE(findFMARequantize({0, -5}, 0, 255));
  EXPECT_FALSE(findFMARequantize({1 << 30, -5}, 1, 255));
  EXPECT_FALSE(findFMARequantize({1 << 30, -5}, -32768, 32767));
}
