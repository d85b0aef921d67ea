// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Tables of activation functions against the functions.

#include "Random.h"

#include "qopt/Numerics/LookupTable.h"

#include "gtest/gtest.h"

#include <cmath>

using namespace qopt::numerics;
using qopt::numerics::test::Random;

TEST(Tabulate8, IndexIsStoredValueLessMinimum) {
  auto identity = [](float x) { return x; };
  Table8 table = tabulate8({0.5, 3}, {0.5, 3}, true, identity);
  for (int i = 0; i < 256; ++i)
    EXPECT_EQ(table[i], i - 128);
  table = tabulate8({0.5, 3}, {0.5, 3}, false, identity);
  for (int i = 0; i < 256; ++i)
    EXPECT_EQ(table[i], i);
}

TEST(Tabulate8, SaturatesWhatTheResultCannotHold) {
  Table8 table = tabulate8({1, 0}, {1e-9, 0}, true, [](float x) { return x; });
  EXPECT_EQ(table[0], -128);
  EXPECT_EQ(table[255], 127);
}

TEST(LogisticTable8, EqualsTheFunction) {
  Random random;
  for (int i = 0; i < 200; ++i) {
    QuantizationParameters x{random.scale(), random.uniform(-128, 127)};
    Table8 table = logisticTable8(x, {1.0 / 256, -128}, true);
    for (int q = -128; q <= 127; ++q) {
      double exact = 256 / (1 + std::exp(-x.scale * (q - x.zeroPoint)));
      ASSERT_NEAR(table[q + 128] + 128, std::min(exact, 255.0), 0.5001);
    }
  }
}

TEST(SigmoidTable16, KnownEntries) {
  const auto &table = sigmoidTable16();
  // sigmoid(i/24)·2^16 raised by half the interpolation error, by hand.
  EXPECT_EQ(table[0], 32768);
  EXPECT_EQ(table[1], 33451);
  EXPECT_EQ(table[24], 47911);
  EXPECT_EQ(table[255], 65535);
  for (int i = 1; i < 256; ++i)
    EXPECT_GE(table[i], table[i - 1]);
}

TEST(Logistic16, CloseToTheFunctionForAllInputs) {
  for (double scale : {0x1p-12, 0.0001, 0.00025, 0.001, 3.0 / 32768}) {
    auto p = prepareLogistic16(scale);
    ASSERT_TRUE(bool(p)) << p.reason();
    for (int q = -32768; q <= 32767; ++q) {
      double exact = 32768 / (1 + std::exp(-static_cast<float>(scale) * q));
      ASSERT_NEAR(logistic16(static_cast<int16_t>(q), *p),
                  std::min(exact, 32767.0), 3.0)
          << scale << " " << q;
    }
  }
}

TEST(Logistic16, Constants) {
  EXPECT_EQ(prepareLogistic16(0x1p-12)->multiplier, 3);
  EXPECT_EQ(prepareLogistic16(0x1p-12)->rightShift, 0);
  auto p = prepareLogistic16(0x1p-13); // 1.5 · 2^14
  EXPECT_EQ(p->multiplier, 24576);
  EXPECT_EQ(p->rightShift, 14);
  EXPECT_FALSE(bool(prepareLogistic16(100)));
}

TEST(Interpolate16, HitsTheSamples) {
  auto table = tabulate16({1.0 / 32768, 0}, {1.0 / 32768, 0},
                          [](double x) { return x; });
  for (int q = -32768; q <= 32767; q += 128)
    EXPECT_NEAR(interpolate16(static_cast<int16_t>(q), table), q, 1);
  EXPECT_NEAR(interpolate16(32767, table), 32767, 1);
}
