// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Carries, rounding and text of exact sums.

#include "qopt/Calibration/ExactSum.h"

#include "llvm/ADT/APFloat.h"
#include "llvm/ADT/APInt.h"
#include "llvm/ADT/StringExtras.h"

#include <cmath>

using namespace llvm;
using qopt::calibration::ExactSum;

static constexpr int lowestExponent = -149;
static constexpr unsigned chunkBits = 32;

void ExactSum::normalize() {
  int64_t carry = 0;
  for (int i = 0; i + 1 < numChunks; ++i) {
    int64_t value = chunks[i] + carry;
    int64_t rest = value & 0xffffffff;
    // Exact: value - rest is a multiple of 2^32.
    carry = (value - rest) / (int64_t(1) << chunkBits);
    chunks[i] = rest;
  }
  chunks[numChunks - 1] += carry;
  numPending = 0;
}

void ExactSum::add(const ExactSum &other) {
  ExactSum normal = other;
  normal.normalize();
  normalize();
  for (int i = 0; i < numChunks; ++i)
    chunks[i] += normal.chunks[i];
  normalize();
}

bool ExactSum::operator==(const ExactSum &other) const {
  ExactSum a = *this, b = other;
  a.normalize();
  b.normalize();
  return std::equal(std::begin(a.chunks), std::end(a.chunks),
                    std::begin(b.chunks));
}

/// Sign and magnitude, in units of 2^-149.
static APInt toInteger(const int64_t *chunks, int count) {
  unsigned width = count * chunkBits + 64;
  APInt sum(width, 0);
  for (int i = count; i-- > 0;)
    sum = (sum << chunkBits) + APInt(width, chunks[i], /*isSigned=*/true);
  return sum;
}

double ExactSum::toDouble() const {
  ExactSum normal = *this;
  normal.normalize();
  APInt sum = toInteger(normal.chunks, numChunks);
  // An integer of 416 bits fits the exponents of a double, and so does every
  // bit of it after scaling: there is one rounding.
  APFloat rounded(APFloat::IEEEdouble());
  rounded.convertFromAPInt(sum, /*IsSigned=*/true,
                           APFloat::rmNearestTiesToEven);
  return std::ldexp(rounded.convertToDouble(), lowestExponent);
}

std::string ExactSum::print() const {
  ExactSum normal = *this;
  normal.normalize();
  APInt sum = toInteger(normal.chunks, numChunks);
  if (sum.isZero())
    return "0x0p+0";
  bool negative = sum.isNegative();
  APInt magnitude = sum.abs();
  unsigned zeros = magnitude.countr_zero();
  magnitude.lshrInPlace(zeros);
  SmallString<64> digits;
  magnitude.toStringUnsigned(digits, 16);
  int exponent = lowestExponent + static_cast<int>(zeros);
  return (Twine(negative ? "-0x" : "0x") + StringRef(digits).lower() + "p" +
          (exponent < 0 ? "" : "+") + Twine(exponent))
      .str();
}

bool ExactSum::parse(StringRef text, ExactSum &sum) {
  StringRef rest = text;
  bool negative = rest.consume_front("-");
  if (!rest.consume_front("0x"))
    return false;
  auto [digits, exponentText] = rest.split('p');
  int exponent;
  exponentText.consume_front("+");
  constexpr unsigned maxDigits = numChunks * chunkBits / 4;
  if (digits.empty() || digits.size() > maxDigits ||
      !all_of(digits, isHexDigit) || exponentText.getAsInteger(10, exponent) ||
      exponent < lowestExponent ||
      exponent > static_cast<int>(numChunks * chunkBits))
    return false;
  unsigned width = 2 * numChunks * chunkBits + 256;
  APInt magnitude(width, digits, 16);
  magnitude <<= exponent - lowestExponent;
  // Room for the sign and for as many sums again.
  if (magnitude.getActiveBits() > numChunks * chunkBits - 2)
    return false;
  sum = ExactSum();
  for (int i = 0; i < numChunks; ++i) {
    int64_t chunk = magnitude.extractBitsAsZExtValue(chunkBits, i * chunkBits);
    sum.chunks[i] = negative ? -chunk : chunk;
  }
  sum.normalize();
  // One number has one text.
  return sum.print() == text;
}
