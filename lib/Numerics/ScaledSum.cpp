// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The search for factors and offset, and the comparison of all pairs.

#include "qopt/Numerics/ScaledSum.h"

#include "qopt/Numerics/Elementwise.h"

#include <cmath>
#include <limits>

namespace qopt::numerics {
namespace {

/// How far from the real factors the search looks, in units of the last place.
constexpr int kReach = 3;

/// The results that the form has to reproduce, pair by pair.
class Pairs {
public:
  Pairs(const SumOperand &lhs, const SumOperand &rhs, const SumResult &result)
      : lhs(lhs), rhs(rhs), result(result) {
    expected.reserve(lhs.terms.size() * rhs.terms.size());
    for (int32_t a : lhs.terms)
      for (int32_t b : rhs.terms)
        expected.push_back(static_cast<int32_t>(
            saturate(int64_t(requantizeDouble(a + b, result.multiplier)) +
                         result.zeroPoint,
                     result.min, result.max)));
  }

  std::optional<int32_t> findOffset(const ScaledSum &sum) const;
  bool agree(const ScaledSum &sum) const;
  bool fits(const ScaledSum &sum) const;

private:
  const SumOperand &lhs, &rhs;
  const SumResult &result;
  std::vector<int32_t> expected;
};

} // namespace

SumOperand makeSumOperand(int32_t first, int32_t last, int32_t zeroPoint,
                          int32_t leftShift, FixedPointMultiplier m) {
  SumOperand operand{first, zeroPoint, {}};
  for (int32_t stored = first; stored <= last; ++stored)
    operand.terms.push_back(rescaleAddOperand(stored, zeroPoint, leftShift, m));
  return operand;
}

int32_t addScaled(int32_t a, int32_t b, const ScaledSum &sum) {
  int64_t t = int64_t(a) * sum.lhs + int64_t(b) * sum.rhs + sum.offset;
  return static_cast<int32_t>(t >> sum.shift);
}

/// An offset that serves all pairs, for these factors.
std::optional<int32_t> Pairs::findOffset(const ScaledSum &sum) const {
  int64_t low = std::numeric_limits<int32_t>::min();
  int64_t high = std::numeric_limits<int32_t>::max();
  size_t index = 0;
  for (size_t i = 0; i < lhs.terms.size(); ++i) {
    int64_t row =
        (lhs.first + int64_t(i)) * sum.lhs + int64_t(rhs.first) * sum.rhs;
    for (size_t j = 0; j < rhs.terms.size(); ++j, row += sum.rhs) {
      int64_t y = expected[index++];
      // y·2^shift <= row + offset < (y + 1)·2^shift; the clamp takes what is
      // beyond its ends.
      if (y > result.min)
        low = std::max(low, y * (int64_t(1) << sum.shift) - row);
      if (y < result.max)
        high = std::min(high, (y + 1) * (int64_t(1) << sum.shift) - 1 - row);
    }
    if (low > high)
      return std::nullopt;
  }
  return static_cast<int32_t>(low + (high - low) / 2);
}

/// Whether the form gives what is expected, for every pair.
bool Pairs::agree(const ScaledSum &sum) const {
  size_t index = 0;
  for (size_t i = 0; i < lhs.terms.size(); ++i)
    for (size_t j = 0; j < rhs.terms.size(); ++j) {
      int64_t y = addScaled(lhs.first + static_cast<int32_t>(i),
                            rhs.first + static_cast<int32_t>(j), sum);
      if (saturate(y, result.min, result.max) != expected[index++])
        return false;
    }
  return true;
}

/// Whether no sum leaves 32 bits.
bool Pairs::fits(const ScaledSum &sum) const {
  auto magnitude = [](const SumOperand &operand, int32_t factor) {
    int64_t last = operand.first + int64_t(operand.terms.size()) - 1;
    return std::max(std::abs(int64_t(operand.first)), std::abs(last)) *
           std::abs(int64_t(factor));
  };
  return magnitude(lhs, sum.lhs) + magnitude(rhs, sum.rhs) +
             std::abs(int64_t(sum.offset)) <
         std::numeric_limits<int32_t>::max();
}

/// The real factor of an operand: its slope on the scale of the result.
static double getFactor(const SumOperand &operand, double multiplier) {
  if (operand.terms.size() < 2)
    return 0;
  return (double(operand.terms.back()) - operand.terms.front()) /
         double(operand.terms.size() - 1) * multiplier;
}

/// 0, 1, -1, 2, -2, …
static int alternate(int i) { return i % 2 ? (i + 1) / 2 : -(i / 2); }

std::optional<ScaledSum> findScaledSum(const SumOperand &lhs,
                                       const SumOperand &rhs,
                                       const SumResult &result) {
  double multiplier = result.multiplier.toDouble();
  double a = getFactor(lhs, multiplier), b = getFactor(rhs, multiplier);
  if (lhs.terms.empty() || rhs.terms.empty() || !(std::abs(a) < 256) ||
      !(std::abs(b) < 256))
    return std::nullopt;
  double constant =
      result.zeroPoint + 0.5 - a * lhs.zeroPoint - b * rhs.zeroPoint;
  Pairs pairs(lhs, rhs, result);
  // The most bits that fit; fewer are less precise, so only one shift is tried.
  ScaledSum center;
  auto fitsShift = [&](int32_t shift) {
    auto scale = [&](double value) { return std::ldexp(value, shift); };
    constexpr double most = 1 << 30;
    if (std::max({std::abs(scale(a)), std::abs(scale(b)),
                  std::abs(scale(constant))}) > most)
      return false;
    center.shift = shift;
    center.lhs = static_cast<int32_t>(std::lround(scale(a)));
    center.rhs = static_cast<int32_t>(std::lround(scale(b)));
    center.offset = static_cast<int32_t>(std::lround(scale(constant)));
    return pairs.fits(center);
  };
  int32_t shift = 28;
  while (shift > 8 && !fitsShift(shift))
    --shift;
  if (shift == 8)
    return std::nullopt;
  for (int i = 0; i <= 2 * kReach; ++i)
    for (int j = 0; j <= 2 * kReach; ++j) {
      ScaledSum sum = center;
      sum.lhs += alternate(i);
      sum.rhs += alternate(j);
      std::optional<int32_t> offset = pairs.findOffset(sum);
      if (!offset)
        continue;
      sum.offset = *offset;
      if (pairs.fits(sum) && pairs.agree(sum))
        return sum;
    }
  return std::nullopt;
}

} // namespace qopt::numerics
