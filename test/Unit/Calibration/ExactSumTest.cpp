// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Sums that cancel, denormals, the largest numbers, any order.

#include "qopt/Calibration/ExactSum.h"

#include "gtest/gtest.h"

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

using qopt::calibration::ExactSum;

static ExactSum sumOf(const std::vector<float> &values) {
  ExactSum sum;
  for (float value : values)
    sum.add(value);
  return sum;
}

TEST(ExactSum, empty_is_zero) {
  EXPECT_EQ(ExactSum().toDouble(), 0.0);
  EXPECT_EQ(ExactSum().print(), "0x0p+0");
}

TEST(ExactSum, extremes_do_not_swallow_denormals) {
  constexpr float max = std::numeric_limits<float>::max();
  constexpr float tiny = std::numeric_limits<float>::denorm_min();
  ExactSum sum = sumOf({max, tiny, max, -max, tiny, -max});
  EXPECT_EQ(sum.toDouble(), 2 * double(tiny));
  EXPECT_EQ(sum.print(), "0x1p-148");
  EXPECT_EQ(sumOf({tiny}).print(), "0x1p-149");
  EXPECT_EQ(sumOf({max}).toDouble(), double(max));
  EXPECT_EQ(sumOf({-max, -max, -max}).toDouble(), -3 * double(max));
}

TEST(ExactSum, negative_zero_counts_nothing) {
  EXPECT_TRUE(sumOf({-0.0f}) == ExactSum());
}

TEST(ExactSum, any_order_and_any_parts) {
  std::mt19937 random(7);
  std::vector<float> values(3000);
  for (float &value : values) {
    uint32_t bits;
    do {
      bits = random();
      std::memcpy(&value, &bits, 4);
    } while (!std::isfinite(value));
  }
  ExactSum whole = sumOf(values);
  for (int round = 0; round < 10; ++round) {
    std::shuffle(values.begin(), values.end(), random);
    EXPECT_TRUE(sumOf(values) == whole);
    size_t cut = random() % values.size();
    ExactSum parts = sumOf({values.begin() + cut, values.end()});
    parts.add(sumOf({values.begin(), values.begin() + cut}));
    EXPECT_EQ(parts.print(), whole.print());
  }
}

TEST(ExactSum, agrees_with_integers) {
  std::mt19937 random(8);
  ExactSum sum;
  int64_t expected = 0;
  for (int i = 0; i < 100000; ++i) {
    int32_t value = int32_t(random() % (1 << 24)) - (1 << 23);
    expected += value;
    sum.add(static_cast<float>(value));
  }
  EXPECT_EQ(sum.toDouble(), static_cast<double>(expected));
}

TEST(ExactSum, text_round_trips) {
  for (float value : {1.0f, -1.0f, 0.1f, -3e38f, 1e-45f, 28.0f, -0.875f}) {
    ExactSum sum = sumOf({value, value, value}), read;
    EXPECT_TRUE(ExactSum::parse(sum.print(), read)) << sum.print();
    EXPECT_TRUE(read == sum) << sum.print();
  }
  EXPECT_EQ(sumOf({-0.875f}).print(), "-0x7p-3");
}

TEST(ExactSum, other_text_is_refused) {
  ExactSum sum;
  for (const char *text :
       {"", "0x", "1", "0x1", "0x1p", "0xgp+0", "0x2p+0", "0x1p0", "0x1p-150",
        "0x1p+999", "0x1p+352", "-0x0p+0", "0x01p+0", "0x1p+0 ", "--0x1p+0",
        "0x-1p+0", "0x1p++0"})
    EXPECT_FALSE(ExactSum::parse(text, sum)) << text;
  EXPECT_FALSE(ExactSum::parse("0x" + std::string(500, 'f') + "p+0", sum));
}
