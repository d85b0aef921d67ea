// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The addition by two multiplications against TFLite's, on all pairs of bytes.

#include "qopt/Numerics/ScaledSum.h"

#include "qopt/Numerics/Elementwise.h"

#include "gtest/gtest.h"

#include <cmath>
#include <random>

using namespace qopt::numerics;

namespace {
struct Case {
  QuantizationParameters lhs, rhs, result;
  int32_t min = -128, max = 127;
  bool isSub = false;
};
} // namespace

static std::optional<ScaledSum> find(const Case &c, const AddParameters &p) {
  SumOperand lhs =
      makeSumOperand(-128, 127, p.lhsZeroPoint, p.leftShift, p.lhs);
  SumOperand rhs =
      makeSumOperand(-128, 127, p.rhsZeroPoint, p.leftShift, p.rhs);
  if (c.isSub)
    for (int32_t &term : rhs.terms)
      term = -term;
  return findScaledSum(lhs, rhs, {p.result, p.resultZeroPoint, p.min, p.max});
}

/// Whether there is a form; if so it equals the definition, pair by pair, in 32
/// bits.
static bool check(const Case &c) {
  Result<AddParameters> p =
      prepareAdd(c.lhs, c.rhs, c.result, 8, {c.min, c.max});
  EXPECT_TRUE(static_cast<bool>(p));
  std::optional<ScaledSum> sum = find(c, *p);
  if (!sum)
    return false;
  for (int32_t a = -128; a < 128; ++a)
    for (int32_t b = -128; b < 128; ++b) {
      int64_t t = int64_t(a) * sum->lhs + int64_t(b) * sum->rhs + sum->offset;
      EXPECT_LT(std::abs(t), INT32_MAX);
      int32_t y =
          static_cast<int32_t>(saturate(addScaled(a, b, *sum), c.min, c.max));
      int32_t expected = c.isSub ? sub(a, b, *p) : add(a, b, *p);
      if (y != expected) {
        ADD_FAILURE() << a << " and " << b << " give " << y << ", expected "
                      << expected;
        return true;
      }
    }
  return true;
}

TEST(ScaledSum, RandomScales) {
  std::mt19937 random(1);
  std::uniform_real_distribution<double> exponents(-6, 0);
  std::uniform_int_distribution<int32_t> zeroPoints(-128, 127);
  int found = 0, tried = 60;
  for (int i = 0; i < tried; ++i) {
    Case c;
    c.lhs = {std::exp2(exponents(random)), zeroPoints(random)};
    c.rhs = {std::exp2(exponents(random)), zeroPoints(random)};
    c.result = {std::exp2(exponents(random) + 1), zeroPoints(random)};
    c.isSub = i % 3 == 2;
    if (i % 4 == 1)
      c.min = static_cast<int32_t>(c.result.zeroPoint);
    found += check(c);
  }
  // A search that finds none would prove nothing.
  EXPECT_GT(found * 10, tried * 9) << found << " of " << tried;
}

// One in two sums is a tie, and so is one in four.
TEST(ScaledSum, Ties) {
  for (double scale : {1.0, 2.0, 4.0, 0.5}) {
    Case c;
    c.lhs = {0.5, 3};
    c.rhs = {0.25, -7};
    c.result = {scale, -20};
    EXPECT_TRUE(check(c)) << scale;
    c.isSub = true;
    EXPECT_TRUE(check(c)) << scale;
    // Above zero nothing has to be lowered.
    c.isSub = false;
    c.min = -20;
    EXPECT_TRUE(check(c)) << scale;
  }
}

// The comparison of pairs is what decides: one result that no plane gives.
TEST(ScaledSum, RefusesWhatIsNoSum) {
  Result<AddParameters> p =
      prepareAdd({0.5, 0}, {0.3, 5}, {0.7, 1}, 8, {-128, 127});
  ASSERT_TRUE(static_cast<bool>(p));
  SumOperand lhs = makeSumOperand(-128, 127, 0, p->leftShift, p->lhs);
  SumOperand rhs = makeSumOperand(-128, 127, 5, p->leftShift, p->rhs);
  SumResult result{p->result, 1, -128, 127};
  ASSERT_TRUE(findScaledSum(lhs, rhs, result));
  lhs.terms[100] += 1 << 20;
  EXPECT_FALSE(findScaledSum(lhs, rhs, result));
}
