// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Sums of float32 numbers without rounding (Kulisch's long accumulator, laid
// out as in Neal 2015, arXiv 1505.05571, "small superaccumulator"): the result
// does not depend on the order of the numbers nor on how they were split into
// parts.

#ifndef QOPT_CALIBRATION_EXACTSUM_H
#define QOPT_CALIBRATION_EXACTSUM_H

#include "llvm/ADT/StringRef.h"

#include <cstdint>
#include <cstring>
#include <string>

namespace qopt::calibration {

/// Holds sums of up to 2^62 finite numbers.
class ExactSum {
public:
  /// Adds a finite number.
  void add(float value) {
    if (numPending == maxPending)
      normalize();
    ++numPending;
    uint32_t bits;
    std::memcpy(&bits, &value, sizeof(bits));
    uint32_t exponent = (bits >> 23) & 0xff;
    uint64_t mantissa = bits & 0x7fffff;
    // The value is mantissa * 2^(position - 149).
    uint32_t position = exponent ? exponent - 1 : 0;
    mantissa |= uint64_t(exponent != 0) << 23;
    uint64_t shifted = mantissa << (position % 32);
    int64_t sign = -int64_t(bits >> 31); // 0 or -1
    int64_t low = shifted & 0xffffffff, high = shifted >> 32;
    chunks[position / 32] += (low ^ sign) - sign;
    chunks[position / 32 + 1] += (high ^ sign) - sign;
  }

  /// Adds another sum.
  void add(const ExactSum &other);

  /// The double that is next to the sum.
  double toDouble() const;

  /// The exact sum as a hexadecimal float, "-0x1cp-3"; "0x0p+0" for zero.
  std::string print() const;

  /// Reads what print() wrote, and nothing else.
  static bool parse(llvm::StringRef text, ExactSum &sum);

  bool operator==(const ExactSum &other) const;

private:
  /// The multiples of 2^-149 are spread over chunks of 32 bits, lowest first;
  /// each may overflow by the upper half of its 64 bits before normalize().
  static constexpr int numChunks = 11;
  static constexpr uint32_t maxPending = uint32_t(1) << 30;

  /// Brings all but the topmost chunk into [0, 2^32).
  void normalize();

  int64_t chunks[numChunks] = {};
  uint32_t numPending = 0;
};

} // namespace qopt::calibration

#endif // QOPT_CALIBRATION_EXACTSUM_H
