// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Real multipliers to fixed point: exact cases, both ends, reasons.

#include "Random.h"

#include "qopt/Numerics/FixedPoint.h"

#include "gtest/gtest.h"

#include <cmath>

using namespace qopt::numerics;

static FixedPointMultiplier get(double real) {
  Result<FixedPointMultiplier> m = quantizeMultiplier(real);
  EXPECT_TRUE(bool(m)) << real << ": " << m.reason();
  return m ? *m : FixedPointMultiplier{};
}

static FixedPointMultiplier pair(int64_t mantissa, int shift) {
  return {static_cast<int32_t>(mantissa), shift};
}

TEST(QuantizeMultiplier, PowersOfTwo) {
  EXPECT_EQ(get(0.5), pair(1 << 30, 0));
  EXPECT_EQ(get(1.0), pair(1 << 30, 1));
  EXPECT_EQ(get(0.25), pair(1 << 30, -1));
  for (int e = -32; e <= 29; ++e)
    EXPECT_EQ(get(std::ldexp(1.0, e)), pair(1 << 30, e + 1)) << e;
}

TEST(QuantizeMultiplier, JustUnderAPowerOfTwoWraps) {
  // The mantissa rounds to 2^31 and is halved.
  EXPECT_EQ(get(std::nextafter(1.0, 0.0)), pair(1 << 30, 1));
  EXPECT_EQ(get(1.0 - std::ldexp(1.0, -33)), pair(1 << 30, 1));
  // One unit of the mantissa lower it does not.
  EXPECT_EQ(get(1.0 - std::ldexp(1.0, -31)), pair(2147483647, 0));
}

TEST(QuantizeMultiplier, LowerEndFlushesToZero) {
  EXPECT_EQ(get(std::ldexp(1.0, -32)), pair(1 << 30, -31));
  EXPECT_EQ(get(std::ldexp(0.999, -32)), pair(0, 0));
  EXPECT_EQ(get(std::nextafter(std::ldexp(1.0, -32), 0.0)), pair(1 << 30, -31));
  EXPECT_EQ(get(std::numeric_limits<double>::min()), pair(0, 0));
  EXPECT_EQ(get(std::numeric_limits<double>::denorm_min()), pair(0, 0));
}

TEST(QuantizeMultiplier, UpperEndIsAnError) {
  EXPECT_EQ(get(std::ldexp(0.999, 30)).shift, 30);
  EXPECT_EQ(get(std::ldexp(1.0, 29)), pair(1 << 30, 30));
  Result<FixedPointMultiplier> m = quantizeMultiplier(std::ldexp(1.0, 30));
  EXPECT_FALSE(bool(m));
  EXPECT_EQ(m.reason(), "multiplier 1073741824 needs a left shift of 31, fixed "
                        "point allows at most 30");
}

TEST(QuantizeMultiplier, NotAMultiplier) {
  EXPECT_EQ(quantizeMultiplier(0.0).reason(), "multiplier 0 is not positive");
  EXPECT_EQ(quantizeMultiplier(-1.5).reason(),
            "multiplier -1.5 is not positive");
  EXPECT_EQ(quantizeMultiplier(INFINITY).reason(),
            "multiplier inf is not finite");
  EXPECT_EQ(quantizeMultiplier(NAN).reason(), "multiplier nan is not finite");
}

TEST(QuantizeMultiplier, WideAllowsLess) {
  EXPECT_TRUE(bool(quantizeMultiplierWide(127.0)));
  EXPECT_EQ(quantizeMultiplierWide(128.0).reason(),
            "multiplier 128 needs a left shift of 8, the wide rounding mode "
            "allows at most 7");
}

TEST(QuantizeMultiplier, NearestOfAll) {
  test::Random random;
  for (int i = 0; i < 200000; ++i) {
    double real = std::exp2(random.real(-32, 29.9));
    FixedPointMultiplier m = get(real);
    ASSERT_GE(m.mantissa, 1 << 30) << real;
    // Within half a unit of the mantissa.
    double unit = std::ldexp(1.0, m.shift - 31);
    ASSERT_LE(std::abs(m.toDouble() - real), unit / 2) << real;
  }
}

TEST(ConvolutionMultiplier, FloatProductDiffersFromDouble) {
  float x = 0.1f, w = 0.3f, y = 0.7f;
  EXPECT_EQ(convolutionMultiplier(x, w, y, false), double(x) * double(w) / y);
  EXPECT_EQ(convolutionMultiplier(x, w, y, true), double(x * w) / y);
  EXPECT_NE(convolutionMultiplier(x, w, y, true),
            convolutionMultiplier(x, w, y, false));
}

TEST(Saturate, Bits) {
  EXPECT_EQ(saturateToBits(128, 8, true), 127);
  EXPECT_EQ(saturateToBits(-129, 8, true), -128);
  EXPECT_EQ(saturateToBits(-1, 8, false), 0);
  EXPECT_EQ(saturateToBits(256, 8, false), 255);
  EXPECT_EQ(saturateToBits(int64_t(1) << 40, 32, true), 2147483647);
  EXPECT_EQ(saturateToBits(-(int64_t(1) << 40), 32, true), -2147483648LL);
}
