// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Averages against real quotients, resize taps at the borders.

#include "Random.h"

#include "qopt/Numerics/Pooling.h"

#include "gtest/gtest.h"

#include <cmath>

using namespace qopt::numerics;
using qopt::numerics::test::Random;

TEST(AverageOfWindow, RoundsHalfAwayFromZero) {
  for (int count = 1; count <= 50; ++count)
    for (int sum = -700; sum <= 700; ++sum)
      ASSERT_EQ(averageOfWindow(sum, count),
                static_cast<int>(std::round(static_cast<double>(sum) / count)))
          << sum << " / " << count;
}

TEST(Mean, StaysWithinItsRounding) {
  Random random;
  StorageRange i8 = StorageRange::ofBits(8, true);
  for (int64_t count : {1, 2, 3, 7, 48, 49, 64, 1000, 50176}) {
    for (int i = 0; i < 2000; ++i) {
      QuantizationParameters x{random.scale(), random.uniform(-128, 127)};
      QuantizationParameters y{x.scale * random.real(0.3, 3),
                               random.uniform(-128, 127)};
      auto p = prepareMean(x, y, count, i8);
      ASSERT_TRUE(bool(p)) << p.reason();
      // Half a unit by the second rounding, and half of one before the right
      // shift by the first.
      double bound = 0.502 + std::ldexp(0.5, std::min(p->multiplier.shift, 0));
      auto sum =
          static_cast<int32_t>(random.uniform(-128 * count, 127 * count));
      double exact = (static_cast<double>(sum) -
                      static_cast<double>(x.zeroPoint * count)) *
                         x.scale / (y.scale * static_cast<double>(count)) +
                     static_cast<double>(y.zeroPoint);
      ASSERT_LE(std::abs(mean(sum, *p) - std::clamp(exact, -128.0, 127.0)),
                bound)
          << sum << " of " << count;
    }
  }
}

TEST(Mean, Constants) {
  // 1/49: the mantissa is shifted by floor(log2 49) = 5 and divided.
  auto p = prepareMean({0.5, 0}, {0.5, 0}, 49, StorageRange::ofBits(8, true));
  EXPECT_EQ(p->multiplier.mantissa, (int64_t(1) << 35) / 49);
  EXPECT_EQ(p->multiplier.shift, 1 - 5);
  EXPECT_EQ(prepareMean({1, 0}, {1, 0}, 0, {}).reason(),
            "mean over 0 elements");
}

TEST(ResizeTaps, StayInsideTheImage) {
  for (bool align : {false, true})
    for (bool half : {false, true}) {
      if (align && half)
        continue;
      for (int64_t in : {1, 2, 3, 7, 16})
        for (int64_t out : {1, 2, 3, 5, 8, 33}) {
          auto integer = resizeTapsInteger(in, out, align, half);
          auto real = resizeTapsFloat(in, out, align, half);
          ASSERT_EQ(integer.size(), static_cast<size_t>(out));
          for (int64_t i = 0; i < out; ++i)
            for (const ResizeTap &tap : {integer[i], real[i]}) {
              ASSERT_GE(tap.lower, 0);
              ASSERT_LT(tap.upper, in);
              ASSERT_LE(tap.upper - tap.lower, 1);
            }
        }
    }
}

TEST(ResizeTaps, SameSizeIsTheIdentity) {
  for (const ResizeTap &tap : resizeTapsInteger(8, 8, false, true))
    EXPECT_EQ(tap.weight, 0);
  for (const ResizeTap &tap : resizeTapsFloat(8, 8, false, true))
    EXPECT_EQ(tap.floatWeight, 0);
}

TEST(ResizeElement, RoundsHalfAwayFromZero) {
  ResizeTap middle{0, 1, 512, 0.5f}, start{0, 1, 0, 0};
  EXPECT_EQ(resizeElement(1, 2, 1, 2, start, middle), 2); // 1.5
  EXPECT_EQ(resizeElement(-1, -2, -1, -2, start, middle), -2);
  EXPECT_EQ(resizeElement(10, 20, 30, 40, middle, middle), 25);
  EXPECT_EQ(resizeElement(10, 20, 30, 40, middle, start), 20); // rows
}
