// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The rounding modes against ten-line versions of their definitions in 128
// bits, the short form of `double`, and the case that tells the modes apart.

#include "Random.h"

#include "qopt/Numerics/FixedPoint.h"

#include "gtest/gtest.h"

#include <cmath>

using namespace qopt::numerics;
using qopt::numerics::test::Random;

using Wide = __int128;

/// floor(n / 2^bits)
static Wide floorShift(Wide n, int bits) {
  Wide d = Wide(1) << bits;
  Wide q = n / d;
  return n % d < 0 ? q - 1 : q;
}
static Wide nearestTiesUp(Wide n, int bits) {
  return bits == 0 ? n : floorShift(n + (Wide(1) << (bits - 1)), bits);
}
static Wide nearestTiesAway(Wide n, int bits) {
  return n < 0 ? -nearestTiesUp(-n, bits) : nearestTiesUp(n, bits);
}

static int64_t naiveDouble(int32_t x, FixedPointMultiplier m) {
  auto shifted =
      static_cast<int32_t>(static_cast<uint32_t>(x) << std::max(m.shift, 0));
  Wide high = nearestTiesUp(Wide(shifted) * m.mantissa, 31);
  return static_cast<int64_t>(nearestTiesAway(high, std::max(-m.shift, 0)));
}

TEST(DoublingHighMultiply, SaturatesTheSingleCase) {
  constexpr int32_t lowest = std::numeric_limits<int32_t>::min();
  EXPECT_EQ(doublingHighMultiply(lowest, lowest), 2147483647);
  EXPECT_EQ(doublingHighMultiply(lowest, 2147483647), -2147483647);
  EXPECT_EQ(doublingHighMultiply(lowest, 1 << 30), -(1 << 30));
}

TEST(DoublingHighMultiply, TiesGoUp) {
  EXPECT_EQ(doublingHighMultiply(1, 1 << 30), 1);
  EXPECT_EQ(doublingHighMultiply(-1, 1 << 30), 0);
  EXPECT_EQ(doublingHighMultiply(-3, 1 << 30), -1);
}

TEST(RoundingRightShift, TiesGoAwayFromZero) {
  for (int x = -70000; x <= 70000; ++x)
    for (int s = 0; s <= 18; ++s)
      ASSERT_EQ(roundingRightShift(x, s), nearestTiesAway(x, s))
          << x << " " << s;
  EXPECT_EQ(roundingRightShift(3, 1), 2);
  EXPECT_EQ(roundingRightShift(-3, 1), -2);
  EXPECT_EQ(roundingRightShift(std::numeric_limits<int32_t>::min(), 31), -1);
  EXPECT_EQ(roundingRightShift(std::numeric_limits<int32_t>::max(), 31), 1);
  EXPECT_EQ(roundingRightShift(std::numeric_limits<int32_t>::max(), 1),
            1 << 30);
}

TEST(RoundingRightShiftUp, EndsOfTheRange) {
  constexpr int64_t most = std::numeric_limits<int64_t>::max();
  EXPECT_EQ(roundingRightShiftUp(most, 1), int64_t(1) << 62);
  EXPECT_EQ(roundingRightShiftUp(most, 62), 2);
  EXPECT_EQ(roundingRightShiftUp(-3, 1), -1);
  EXPECT_EQ(roundingRightShiftUp(3, 1), 2);
}

TEST(Requantize, DoubleIsItsDefinition) {
  Random random;
  for (int i = 0; i < 500000; ++i) {
    int32_t x = random.any32();
    FixedPointMultiplier m = random.multiplier(-31, 30);
    ASSERT_EQ(requantizeDouble(x, m), naiveDouble(x, m))
        << x << " " << m.mantissa << " " << m.shift;
  }
}

TEST(Requantize, ZeroMultiplierGivesZero) {
  for (int32_t x : {-2147483647 - 1, -1, 0, 1, 2147483647}) {
    EXPECT_EQ(requantizeDouble(x, {0, 0}), 0);
    EXPECT_EQ(requantizeSingle(x, {0, 0}), 0);
    EXPECT_EQ(requantizeWide(x, {0, 0}), 0);
  }
}

TEST(Requantize, ShortFormOfDoubleIsExact) {
  Random random;
  for (int i = 0; i < 2000000; ++i) {
    int32_t x = random.any32();
    FixedPointMultiplier m = random.multiplier(-31, -1);
    ASSERT_EQ(requantizeDoubleShort(x, m), requantizeDouble(x, m))
        << x << " " << m.mantissa << " " << m.shift;
  }
}

TEST(Requantize, ShortFormOfDoubleIsExactAroundTies) {
  // M = 2^-s · 1/2: every other accumulator is a tie of one of the two shifts.
  for (int s = 1; s <= 12; ++s)
    for (int32_t mantissa : {1 << 30, (1 << 30) + 1, 2147483647})
      for (int32_t x = -40000; x <= 40000; ++x)
        ASSERT_EQ(requantizeDoubleShort(x, {mantissa, -s}),
                  requantizeDouble(x, {mantissa, -s}))
            << x << " " << mantissa << " " << -s;
}

TEST(Requantize, SingleIsItsDefinition) {
  Random random;
  for (int i = 0; i < 500000; ++i) {
    int32_t x = random.any32();
    // Results beyond 32 bits are not defined: no left shift of large x.
    FixedPointMultiplier m = random.multiplier(-31, 0);
    ASSERT_EQ(requantizeSingle(x, m), static_cast<int64_t>(nearestTiesUp(
                                          Wide(x) * m.mantissa, 31 - m.shift)))
        << x << " " << m.mantissa << " " << m.shift;
  }
}

TEST(Requantize, WideIsItsDefinition) {
  EXPECT_EQ(reduceMantissaForWide(1 << 30), 1 << 14);
  EXPECT_EQ(reduceMantissaForWide(2147483647), 32767);
  EXPECT_EQ(reduceMantissaForWide(0x7fff0000 - 1), 32767);
  EXPECT_EQ(reduceMantissaForWide(0x40007fff), 0x4000);
  EXPECT_EQ(reduceMantissaForWide(0x40008000), 0x4001);
  Random random;
  for (int i = 0; i < 500000; ++i) {
    int64_t x = random.uniform(-(int64_t(1) << 46), int64_t(1) << 46);
    FixedPointMultiplier m = random.multiplier(-31, -16);
    int64_t reduced = reduceMantissaForWide(m.mantissa);
    ASSERT_EQ(requantizeWide(x, m), static_cast<int64_t>(nearestTiesUp(
                                        Wide(x) * reduced, 15 - m.shift)))
        << x << " " << m.mantissa << " " << m.shift;
  }
}

TEST(Requantize, ShiftRoundsOnce) {
  for (int64_t x = -1000; x <= 1000; ++x)
    for (int s = 0; s <= 8; ++s) {
      ASSERT_EQ(requantizeShift(x, -s),
                static_cast<int64_t>(nearestTiesUp(x, s)));
      ASSERT_EQ(requantizeShift(x, s), x * (1 << s));
      // As a fixed-point multiplier: a mantissa of 2^30 is one half.
      ASSERT_EQ(applyMultiplier(x, {1 << 30, 1 - s}, RoundingMode::Shift),
                requantizeShift(x, -s));
    }
}

TEST(Requantize, FloatRoundsHalfToEvenAndClampsFirst) {
  EXPECT_EQ(requantizeFloat(1, 0.5f, 0, -128, 127), 0);
  EXPECT_EQ(requantizeFloat(3, 0.5f, 0, -128, 127), 2);
  EXPECT_EQ(requantizeFloat(-1, 0.5f, 10, -128, 127), 10);
  EXPECT_EQ(requantizeFloat(1 << 30, 1e9f, 3, -128, 127), 127);
  EXPECT_EQ(requantizeFloat(-(1 << 30), 1e9f, 3, -100, 127), -100);
}

TEST(Requantize, WorkedCase) {
  const double x = 0.05296124517917633, w = 0.024093778803944588,
               y = 0.11484327912330627;
  const int32_t accumulator = 585, zeroPoint = -126;
  FixedPointMultiplier m =
      *quantizeMultiplier(convolutionMultiplier(x, w, y, false));
  EXPECT_EQ(requantizeDouble(accumulator, m) + zeroPoint, -119);
  EXPECT_EQ(requantizeSingle(accumulator, m) + zeroPoint, -119);
  EXPECT_EQ(static_cast<float>(accumulator) * floatMultiplier(x, w, y), 6.5f);
  EXPECT_EQ(requantizeFloat(accumulator, floatMultiplier(x, w, y), zeroPoint,
                            -128, 127),
            -120);
}

TEST(Requantize, ModesAgreeToOneUnit) {
  Random random;
  for (int i = 0; i < 200000; ++i) {
    auto x = static_cast<int32_t>(random.uniform(-(1 << 22), 1 << 22));
    FixedPointMultiplier m = random.multiplier(-15, -6);
    double exact = x * m.toDouble();
    ASSERT_LE(std::abs(requantizeDouble(x, m) - exact), 1.0);
    ASSERT_LE(std::abs(requantizeSingle(x, m) - exact), 0.5);
  }
}
