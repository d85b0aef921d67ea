// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Element-wise kernels stay within their rounding of the real result over all
// stored values, and prepare the constants that TFLite prepares.

#include "Random.h"

#include "qopt/Numerics/Elementwise.h"

#include "gtest/gtest.h"

#include <cmath>

using namespace qopt::numerics;
using qopt::numerics::test::Random;

static const StorageRange i8 = StorageRange::ofBits(8, true);
static const StorageRange i16 = StorageRange::ofBits(16, true);

static double real(int32_t q, QuantizationParameters p) {
  return p.scale * static_cast<double>(q - p.zeroPoint);
}

/// The stored result before rounding, clamped.
static double ideal(double value, QuantizationParameters p, StorageRange r) {
  return std::clamp(value / p.scale + static_cast<double>(p.zeroPoint),
                    static_cast<double>(r.min), static_cast<double>(r.max));
}

TEST(Add, PreparesTheCommonScale) {
  auto p = prepareAdd({0.5, 1}, {0.25, 2}, {0.5, 3}, 8, i8);
  ASSERT_TRUE(bool(p));
  // 0.5 / (2 · 0.5), 0.25 / (2 · 0.5), 1 / (2^20 · 0.5)
  EXPECT_EQ(p->lhs, (FixedPointMultiplier{1 << 30, 0}));
  EXPECT_EQ(p->rhs, (FixedPointMultiplier{1 << 30, -1}));
  EXPECT_EQ(p->result, (FixedPointMultiplier{1 << 30, -18}));
  EXPECT_EQ(p->leftShift, 20);
  auto wide = prepareAdd({0.5, 0}, {0.25, 0}, {0.5, 0}, 16, i16);
  EXPECT_EQ(wide->leftShift, 15);
  EXPECT_EQ(wide->result, (FixedPointMultiplier{1 << 30, -13}));
}

TEST(Add, ReasonNamesTheOperand) {
  auto p = prepareAdd({1, 0}, {1, 0}, {1e-20, 0}, 8, i8);
  EXPECT_EQ(p.reason().rfind("result's multiplier ", 0), 0u) << p.reason();
}

TEST(Add, AllPairsOfStoredValues) {
  Random random;
  for (int i = 0; i < 20; ++i) {
    QuantizationParameters a{random.scale(), random.uniform(-128, 127)};
    QuantizationParameters b{a.scale * random.real(0.1, 10),
                             random.uniform(-128, 127)};
    QuantizationParameters y{a.scale + b.scale, random.uniform(-128, 127)};
    auto p = prepareAdd(a, b, y, 8, i8);
    ASSERT_TRUE(bool(p)) << p.reason();
    for (int l = -128; l <= 127; ++l)
      for (int r = -128; r <= 127; ++r) {
        double sum = real(l, a) + real(r, b),
               difference = real(l, a) - real(r, b);
        ASSERT_LE(std::abs(add(l, r, *p) - ideal(sum, y, i8)), 0.501)
            << l << " " << r;
        ASSERT_LE(std::abs(sub(l, r, *p) - ideal(difference, y, i8)), 0.501)
            << l << " " << r;
      }
  }
}

TEST(Add, PowerOfTwoShiftsTheFinerOperand) {
  auto p = preparePowerOfTwoAdd(0x1p-12, 0x1p-15, 0x1p-12, i16);
  ASSERT_TRUE(bool(p));
  EXPECT_EQ(p->lhsRightShift, 0);
  EXPECT_EQ(p->rhsRightShift, 3);
  EXPECT_EQ(addPowerOfTwo(100, 4, *p), 101); // 4/8 rounds away from zero
  EXPECT_EQ(addPowerOfTwo(100, -4, *p), 99);
  EXPECT_EQ(subPowerOfTwo(100, 4, *p), 99);
  EXPECT_EQ(addPowerOfTwo(32767, 32767, *p), 32767);
  EXPECT_EQ(addPowerOfTwo(-32768, -32768, *p), -32768);
  EXPECT_EQ(subPowerOfTwo(32767, -32768, *p), 32767);
}

TEST(Add, PowerOfTwoReasons) {
  EXPECT_EQ(preparePowerOfTwoAdd(0.3, 0.5, 0.5, i16).reason(),
            "scales are not all powers of two");
  EXPECT_EQ(preparePowerOfTwoAdd(0.5, 0.5, 0.25, i16).reason(),
            "one operand must have the result's scale and the other no larger "
            "one, found 2^-1 and 2^-1 for a result of 2^-2");
}

TEST(Mul, AllPairsOfStoredValues) {
  Random random;
  for (int i = 0; i < 20; ++i) {
    QuantizationParameters a{random.scale(), random.uniform(-128, 127)};
    QuantizationParameters b{random.scale(), random.uniform(-128, 127)};
    QuantizationParameters y{a.scale * b.scale * random.real(50, 250),
                             random.uniform(-128, 127)};
    auto p = prepareMul(a, b, y, i8);
    ASSERT_TRUE(bool(p)) << p.reason();
    // The two roundings of `double`: before and after the right shift.
    double bound = 0.501 + std::ldexp(0.5, p->result.shift);
    for (int l = -128; l <= 127; ++l)
      for (int r = -128; r <= 127; ++r)
        ASSERT_LE(
            std::abs(mul(l, r, *p) - ideal(real(l, a) * real(r, b), y, i8)),
            bound)
            << l << " " << r;
  }
}

TEST(Rescale, SameParametersIsTheIdentity) {
  Random random;
  for (int i = 0; i < 100; ++i) {
    QuantizationParameters x{random.scale(), random.uniform(-128, 127)};
    auto p = prepareRelu(x, x, i8);
    ASSERT_TRUE(bool(p));
    for (int q = -128; q <= 127; ++q)
      ASSERT_EQ(rescale(q, *p), q);
  }
}

TEST(Rescale, SignedToUnsignedMovesBy128) {
  auto p =
      prepareRescale({0.1, -3}, {0.1, 125}, StorageRange::ofBits(8, false));
  for (int q = -128; q <= 127; ++q)
    EXPECT_EQ(rescale(q, *p), q + 128);
}

TEST(Rescale, ReluTakesItsRatioInFloat) {
  // Scales whose float32 ratio and double ratio differ.
  QuantizationParameters x{0.1f, 0}, y{0.3f, 0};
  EXPECT_EQ(prepareRelu(x, y, i8)->multiplier,
            *quantizeMultiplier(0.1f / 0.3f));
  EXPECT_EQ(prepareRescale(x, y, i8)->multiplier,
            *quantizeMultiplier(double(0.1f) / double(0.3f)));
}
