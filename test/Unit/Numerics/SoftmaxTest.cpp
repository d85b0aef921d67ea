// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Fixed-point exponential, reciprocal and softmax against the real functions.

#include "Random.h"

#include "qopt/Numerics/Softmax.h"

#include "gtest/gtest.h"

#include <cmath>
#include <numeric>

using namespace qopt::numerics;
using qopt::numerics::test::Random;

TEST(ExpOfNegative, CloseToExp) {
  EXPECT_EQ(expOfNegativeQ5(0), 2147483647);
  for (int64_t a = -(int64_t(1) << 31); a < 0; a += 99991) {
    double exact = std::exp(std::ldexp(static_cast<double>(a), -26));
    double found = std::ldexp(expOfNegativeQ5(static_cast<int32_t>(a)), -31);
    ASSERT_NEAR(found, exact, 3e-7) << a;
  }
}

TEST(ExpOfNegative, FallsMonotonically) {
  int32_t last = expOfNegativeQ5(0);
  for (int32_t a = -(1 << 20); a > -(1 << 30); a -= 1 << 20) {
    int32_t next = expOfNegativeQ5(a);
    ASSERT_LE(next, last) << a;
    last = next;
  }
}

TEST(ReciprocalOfOnePlus, CloseToTheReal) {
  for (int64_t a = 0; a < int64_t(1) << 31; a += 65537) {
    double exact = 1 / (1 + std::ldexp(static_cast<double>(a), -31));
    double found =
        std::ldexp(reciprocalOfOnePlus(static_cast<int32_t>(a)), -31);
    ASSERT_NEAR(found, exact, 1e-8) << a;
  }
}

TEST(SoftmaxReciprocal, OfPowersOfTwo) {
  // A sum of 1 (2^19) and of 4.
  EXPECT_EQ(softmaxReciprocal(1 << 19).bitsOverUnit, 0);
  EXPECT_EQ(softmaxReciprocal(1 << 21).bitsOverUnit, 2);
  EXPECT_NEAR(softmaxReciprocal(3 << 19).mantissa / 2147483648.0, 2.0 / 3,
              1e-8);
}

static std::vector<double> realSoftmax(const std::vector<int32_t> &x,
                                       double scale) {
  int32_t largest = *std::max_element(x.begin(), x.end());
  std::vector<double> y;
  for (int32_t v : x)
    y.push_back(std::exp(scale * (v - largest)));
  double sum = std::accumulate(y.begin(), y.end(), 0.0);
  for (double &v : y)
    v /= sum;
  return y;
}

TEST(Softmax8, WithinAUnitOfTheReal) {
  Random random;
  for (int i = 0; i < 500; ++i) {
    double scale = std::exp2(random.real(-10, 2));
    auto p = prepareSoftmax8(1.0, scale);
    ASSERT_TRUE(bool(p)) << p.reason();
    std::vector<int32_t> x(random.uniform(1, 300)), y(x.size());
    for (int32_t &v : x)
      v = static_cast<int32_t>(random.uniform(-128, 127));
    softmaxRow8(x.data(), y.data(), x.size(), -128, *p);
    std::vector<double> exact = realSoftmax(x, scale);
    for (size_t c = 0; c < x.size(); ++c)
      ASSERT_NEAR(y[c] + 128, std::min(exact[c] * 256, 255.0), 1.0)
          << "scale " << scale << " depth " << x.size();
  }
}

TEST(Softmax8, UnsignedIsTheSameBytesShifted) {
  Random random;
  auto p = prepareSoftmax8(0.7, 0.1);
  std::vector<int32_t> x(50), u(50), y(50), v(50);
  for (size_t c = 0; c < x.size(); ++c) {
    x[c] = static_cast<int32_t>(random.uniform(-128, 127));
    u[c] = x[c] + 128;
  }
  softmaxRow8(x.data(), y.data(), 50, -128, *p);
  softmaxRow8(u.data(), v.data(), 50, 0, *p);
  for (size_t c = 0; c < x.size(); ++c)
    EXPECT_EQ(y[c] + 128, v[c]);
}

TEST(Softmax8, TableStopsAtTheInputRadius) {
  auto p = prepareSoftmax8(1.0, 1.0);
  EXPECT_EQ(p->inputBeta, (FixedPointMultiplier{1 << 30, 27}));
  EXPECT_EQ(p->diffMin, -15);
  EXPECT_EQ(p->exp[0], 2147483647);
  EXPECT_GT(p->exp[15], 0);
  EXPECT_EQ(p->exp[16], 0);
}

TEST(Softmax8, HugeScaleIsCapped) {
  auto p = prepareSoftmax8(1.0, 1e9);
  ASSERT_TRUE(bool(p)) << p.reason();
  EXPECT_EQ(p->inputBeta, (FixedPointMultiplier{2147483647, 31}));
  EXPECT_EQ(p->diffMin, 0);
}

TEST(Softmax8, FlatIsAnError) {
  EXPECT_FALSE(bool(prepareSoftmax8(1.0, 1e-9)));
  EXPECT_FALSE(bool(prepareSoftmax8(0.0, 1.0)));
  EXPECT_FALSE(bool(prepareSoftmax8(NAN, 1.0)));
}

TEST(Softmax16, WithinATableStepOfTheReal) {
  Random random;
  for (int i = 0; i < 200; ++i) {
    double scale = std::exp2(random.real(-14, -9));
    auto p = prepareSoftmax16(1.0, scale);
    ASSERT_TRUE(bool(p)) << p.reason();
    std::vector<int32_t> x(random.uniform(1, 100)), y(x.size());
    for (int32_t &v : x)
      v = static_cast<int32_t>(random.uniform(-32768, 32767));
    softmaxRow16(x.data(), y.data(), x.size(), *p);
    std::vector<double> exact = realSoftmax(x, scale);
    for (size_t c = 0; c < x.size(); ++c)
      // Differences beyond -10 count as exp(-10), about 1.5 units each.
      ASSERT_NEAR(y[c], exact[c] * 32768, 24 + 1.5 * x.size()) << scale;
  }
}
