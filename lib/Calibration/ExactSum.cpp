// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Exact sums of float32 numbers.

#include "qopt/Calibration/ExactSum.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MathExtras.h"

#include <cmath>

using namespace qopt::calibration;

void ExactSum::add(float value) {
  if (value == 0)
    return;
  // value = mantissa · 2^(position - 149)
  uint32_t bits = llvm::bit_cast<uint32_t>(value);
  uint32_t exponent = bits >> 23 & 0xff;
  uint64_t mantissa = bits & 0x7fffff;
  unsigned position = 0;
  if (exponent != 0) {
    mantissa |= 0x800000;
    position = exponent - 1;
  }
  ExactSum term;
  unsigned limb = position / 64, shift = position % 64;
  term.limbs[limb] = mantissa << shift;
  if (shift != 0)
    term.limbs[limb + 1] = mantissa >> (64 - shift);
  if (bits >> 31)
    term.negate();
  add(term);
}

void ExactSum::negate() {
  uint64_t carry = 1;
  for (uint64_t &digit : limbs) {
    digit = ~digit + carry;
    carry = carry && digit == 0;
  }
}

void ExactSum::add(const ExactSum &other) {
  uint64_t carry = 0;
  for (size_t i = 0; i < limbCount; ++i) {
    uint64_t sum = limbs[i] + carry;
    carry = sum < carry;
    limbs[i] = sum + other.limbs[i];
    carry += limbs[i] < sum;
  }
}

double ExactSum::toDouble() const {
  bool isNegative = limbs.back() >> 63;
  ExactSum magnitude = *this;
  if (isNegative)
    magnitude.negate();
  size_t top = limbCount - 1;
  while (top > 0 && magnitude.limbs[top] == 0)
    --top;
  auto part = [&](size_t limb) {
    return std::ldexp(static_cast<double>(magnitude.limbs[limb]),
                      static_cast<int>(64 * limb) - 149);
  };
  double value = part(top) + (top > 0 ? part(top - 1) : 0);
  return isNegative ? -value : value;
}

std::string ExactSum::toString() const {
  std::string text;
  for (size_t i = limbCount; i-- > 0;) {
    std::string digits = llvm::utohexstr(limbs[i], /*LowerCase=*/true);
    text += std::string(16 - digits.size(), '0') + digits;
  }
  return text;
}

std::optional<ExactSum> ExactSum::parse(llvm::StringRef text) {
  if (text.size() != 16 * limbCount)
    return std::nullopt;
  ExactSum sum;
  for (size_t i = limbCount; i-- > 0; text = text.drop_front(16))
    if (text.take_front(16).getAsInteger(16, sum.limbs[i]))
      return std::nullopt;
  return sum;
}
