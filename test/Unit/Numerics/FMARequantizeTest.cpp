// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The float form of a requantize against the integer form, at and around every
// step and on random accumulators.

#include "qopt/Numerics/FMARequantize.h"

#include "gtest/gtest.h"

#include <random>
#include <utility>

using namespace qopt::numerics;

namespace {
using Mode = std::pair<RoundingMode, bool>;

class FMARequantizeSweep : public testing::TestWithParam<Mode> {
protected:
  int64_t integer(int32_t x) {
    return std::clamp<int64_t>(GetParam().first == RoundingMode::Double
                                   ? requantizeDouble(x, m)
                                   : requantizeSingle(x, m),
                               low, high);
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

  RequantizeScope getScope(int64_t min = INT32_MIN, int64_t max = INT32_MAX) {
    return {low, high, min, max, GetParam().first, GetParam().second};
  }

  FixedPointMultiplier m;
  FMARequantize f;
  int32_t low = 0, high = 255;
};
} // namespace

TEST_P(FMARequantizeSweep, EqualsTheIntegerForm) {
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
      std::optional<FMARequantize> result = findFMARequantize(m, getScope());
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

// Multipliers that one term does not serve, on all accumulators of 24 bits that
// matter and on larger ones.
TEST_P(FMARequantizeSweep, SecondTerm) {
  std::mt19937 random(2);
  std::uniform_int_distribution<int32_t> mantissas(1 << 30, INT32_MAX);
  std::uniform_int_distribution<int32_t> any(INT32_MIN, INT32_MAX);
  int refused = 0, found = 0;
  for (int exponent : {3, 9, 12, 13, 14, 15})
    for (int i = 0; i < 40; ++i) {
      m = {mantissas(random), -exponent};
      low = i % 2 ? -128 : 0;
      high = i % 2 ? 127 : 255;
      refused += !findFMARequantize(m, getScope());
      std::optional<FMARequantize> result =
          findSplitFMARequantize(m, getScope());
      if (!result)
        continue;
      ++found;
      f = *result;
      EXPECT_GE(f.rest, 0.0f);
      expectEqualAroundSteps();
      for (int j = 0; j < 2000; ++j)
        expectEqual(any(random) >> (31 - exponent > 8 ? 23 - exponent : 0));
    }
  EXPECT_GT(refused, 20);
  // A sum rounded to nearest loses much of what the second term adds.
  EXPECT_GT(found, GetParam().second ? 60 : 230);
}

// A channel whose multiplier is tiny because its weights are zero: nothing but
// the bias occurs.
TEST_P(FMARequantizeSweep, FewAccumulators) {
  low = -128;
  high = 127;
  for (int exponent : {22, 24, 27, 31}) {
    m = {1832153497, -exponent};
    std::optional<FMARequantize> result =
        findFMARequantize(m, getScope(-70000, 300000));
    ASSERT_TRUE(result) << exponent;
    f = *result;
    for (int64_t x = -70000; x <= 300000; x += 17)
      expectEqual(x);
  }
  m = {0, 0};
  f = *findFMARequantize(m, getScope());
  for (int64_t x : {INT32_MIN, -5, 0, 5, INT32_MAX})
    expectEqual(x);
  // Nothing but a large bias, of either sign.
  for (int64_t bias : {-1900000000, -300000, 1900000000})
    for (int exponent : {9, 24, 27, 30}) {
      m = {1832153497, -exponent};
      f = *findFMARequantize(m, getScope(bias - 9, bias + 9));
      for (int64_t x = bias - 9; x <= bias + 9; ++x)
        expectEqual(x);
    }
  // The scope is what was proved: beyond it the forms may differ.
  m = {1832153497, -9};
  std::optional<FMARequantize> result = findFMARequantize(m, getScope(-3, 3));
  ASSERT_TRUE(result);
  f = *result;
  for (int64_t x = -3; x <= 3; ++x)
    expectEqual(x);
}

TEST_P(FMARequantizeSweep, PowersOfTwo) {
  for (int exponent = 1; exponent <= 12; ++exponent) {
    m = {1 << 30, -exponent};
    low = -128;
    high = 127;
    std::optional<FMARequantize> result = findFMARequantize(m, getScope());
    if (!result)
      continue;
    f = *result;
    expectEqualAroundSteps();
  }
}

TEST(FMARequantize, DeclinesWhatItCannotDo) {
  EXPECT_FALSE(findFMARequantize({1 << 30, 0}, {0, 255}));
  EXPECT_FALSE(findFMARequantize({1 << 30, 3}, {0, 255}));
  EXPECT_FALSE(findFMARequantize({1 << 30, -32}, {0, 255}));
  EXPECT_FALSE(findFMARequantize({1 << 30, -5}, {0, 255, 100, 1}));
  EXPECT_FALSE(findFMARequantize({1 << 30, -5}, {1, 255}));
  EXPECT_FALSE(findFMARequantize({1 << 30, -5}, {-32768, 32767}));
}

// The search for rounding to nearest must not be that for rounding toward zero:
// its steps lie half a unit lower, and the proof has to see it.
TEST(FMARequantize, RoundingMatters) {
  std::mt19937 random(3);
  std::uniform_int_distribution<int32_t> mantissas(1 << 30, INT32_MAX);
  int differ = 0;
  for (int i = 0; i < 300; ++i) {
    FixedPointMultiplier m = {mantissas(random), -14};
    RequantizeScope scope{0, 255};
    std::optional<FMARequantize> towardZero = findFMARequantize(m, scope);
    scope.toNearest = true;
    std::optional<FMARequantize> nearest = findFMARequantize(m, scope);
    differ += towardZero.has_value() != nearest.has_value() ||
              (nearest && nearest->offset != towardZero->offset);
  }
  EXPECT_GT(differ, 0);
}

INSTANTIATE_TEST_SUITE_P(Modes, FMARequantizeSweep,
                         testing::Values(Mode(RoundingMode::Double, false),
                                         Mode(RoundingMode::Single, false),
                                         Mode(RoundingMode::Double, true),
                                         Mode(RoundingMode::Single, true)));
