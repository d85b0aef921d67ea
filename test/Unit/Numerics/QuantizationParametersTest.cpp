// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Ranges to parameters, single values, activation bounds.

#include "Random.h"

#include "qopt/Numerics/QuantizationParameters.h"

#include "gtest/gtest.h"

#include <cmath>

using namespace qopt::numerics;

static const StorageRange i8 = StorageRange::ofBits(8, true);
static const StorageRange u8 = StorageRange::ofBits(8, false);

TEST(StorageRange, OfBits) {
  EXPECT_EQ(i8, (StorageRange{-128, 127}));
  EXPECT_EQ(StorageRange::ofBits(8, true, true), (StorageRange{-127, 127}));
  EXPECT_EQ(u8, (StorageRange{0, 255}));
  EXPECT_EQ(StorageRange::ofBits(4, true), (StorageRange{-8, 7}));
  EXPECT_EQ(StorageRange::ofBits(32, true),
            (StorageRange{-2147483648LL, 2147483647}));
}

TEST(ParametersFromRange, AsymmetricHoldsZero) {
  auto p = parametersFromRange(-1, 1.55, i8);
  ASSERT_TRUE(bool(p));
  EXPECT_DOUBLE_EQ(p->scale, 0.01);
  EXPECT_EQ(p->zeroPoint, -28);
  // A range on one side of zero is widened to it.
  p = parametersFromRange(1, 2.55, u8);
  EXPECT_DOUBLE_EQ(p->scale, 0.01);
  EXPECT_EQ(p->zeroPoint, 0);
  p = parametersFromRange(-2.55, -1, u8);
  EXPECT_EQ(p->zeroPoint, 255);
}

TEST(ParametersFromRange, Symmetric) {
  auto p = parametersFromRange(-1.27, 1, i8, /*symmetric=*/true);
  EXPECT_DOUBLE_EQ(p->scale, 0.01);
  EXPECT_EQ(p->zeroPoint, 0);
  p = parametersFromRange(-1.27, 1, u8, /*symmetric=*/true);
  EXPECT_EQ(p->zeroPoint, 128);
  EXPECT_DOUBLE_EQ(p->scale, 0.01);
}

TEST(ParametersFromRange, PowerOfTwoRoundsUp) {
  auto p = parametersFromRange(0, 255, u8, false, /*powerOfTwo=*/true);
  EXPECT_EQ(p->scale, 1.0);
  p = parametersFromRange(0, 256, u8, false, /*powerOfTwo=*/true);
  EXPECT_EQ(p->scale, 2.0);
}

TEST(ParametersFromRange, ConstantsGetAPositiveScale) {
  auto p = parametersFromRange(0, 0, i8);
  EXPECT_EQ(p->scale, 1.0);
  EXPECT_GE(p->zeroPoint, -128);
  p = parametersFromRange(0, 1e-45, i8);
  EXPECT_GT(p->scale, 0.0);
}

TEST(ParametersFromRange, Reasons) {
  EXPECT_EQ(parametersFromRange(NAN, 1, i8).reason(),
            "range [nan, 1] is not finite and ordered");
  EXPECT_EQ(parametersFromRange(2, 1, i8).reason(),
            "range [2, 1] is not finite and ordered");
  EXPECT_EQ(parametersFromRange(0, INFINITY, i8).reason(),
            "range [0, inf] is not finite and ordered");
  EXPECT_EQ(parametersFromRange(0, 1, {3, 3}).reason(),
            "storage range [3, 3] holds fewer than two values");
}

TEST(ParametersFromRange, ZeroIsExactAndEndsFit) {
  test::Random random;
  for (int i = 0; i < 100000; ++i) {
    double a = random.real(-10, 10), b = random.real(-10, 10);
    auto p = parametersFromRange(std::min(a, b), std::max(a, b), i8);
    ASSERT_TRUE(bool(p));
    ASSERT_GE(p->zeroPoint, i8.min);
    ASSERT_LE(p->zeroPoint, i8.max);
    ASSERT_EQ(dequantizeValue(quantizeValue(0, *p, i8), *p), 0.0f);
    // An end is off by half a step of rounding at most.
    float top = static_cast<float>(std::max(a, b));
    if (top > 0) {
      ASSERT_LE(std::abs(dequantizeValue(quantizeValue(top, *p, i8), *p) - top),
                p->scale * 1.001)
          << a << " " << b;
    }
  }
}

TEST(QuantizeValue, TiesGoAwayFromZeroAndEndsSaturate) {
  QuantizationParameters p{0.5, -3};
  EXPECT_EQ(quantizeValue(0.25f, p, i8), -2);
  EXPECT_EQ(quantizeValue(-0.25f, p, i8), -4);
  EXPECT_EQ(quantizeValue(1e30f, p, i8), 127);
  EXPECT_EQ(quantizeValue(-INFINITY, p, i8), -128);
  EXPECT_EQ(quantizeValue(NAN, p, i8), -3);
}

TEST(QuantizeValue, RoundTripOfEveryStoredValue) {
  test::Random random;
  for (int i = 0; i < 200; ++i) {
    QuantizationParameters p{random.scale(), random.uniform(-128, 127)};
    for (int64_t q = -128; q <= 127; ++q)
      ASSERT_EQ(quantizeValue(dequantizeValue(q, p), p, i8), q) << p.scale;
  }
}

TEST(ActivationRange, OfAllActivations) {
  QuantizationParameters p{0.1, -10};
  EXPECT_EQ(activationRange(Activation::None, p, i8), i8);
  EXPECT_EQ(activationRange(Activation::Relu, p, i8), (StorageRange{-10, 127}));
  EXPECT_EQ(activationRange(Activation::Relu6, p, i8), (StorageRange{-10, 50}));
  EXPECT_EQ(activationRange(Activation::ReluN1To1, p, i8),
            (StorageRange{-20, 0}));
  // 6 lies beyond the storage range.
  EXPECT_EQ(activationRange(Activation::Relu6, {0.01, -128}, i8),
            (StorageRange{-128, 127}));
}

TEST(ClampRange, InfiniteEndsAreTheStorageRange) {
  EXPECT_EQ(clampRange(-INFINITY, INFINITY, {0.1, 0}, u8), u8);
  EXPECT_EQ(clampRange(-1, INFINITY, {0.1, 20}, u8), (StorageRange{10, 255}));
}

TEST(PowerOfTwoScale, Tolerance) {
  int exponent = 0;
  EXPECT_TRUE(isPowerOfTwoScale(0x1p-15, exponent));
  EXPECT_EQ(exponent, -15);
  EXPECT_TRUE(isPowerOfTwoScale(0x1p-15 * 1.0005, exponent));
  EXPECT_FALSE(isPowerOfTwoScale(0x1p-15 * 1.001, exponent));
  EXPECT_FALSE(isPowerOfTwoScale(0.3, exponent));
}
