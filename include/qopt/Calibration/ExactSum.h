// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A sum of float32 numbers without any rounding, so that it does not depend on
// the order in which they came or on how they were split over machines (a
// superaccumulator: Kulisch, "Computer Arithmetic and Validity", 2008).

#ifndef QOPT_CALIBRATION_EXACTSUM_H
#define QOPT_CALIBRATION_EXACTSUM_H

#include "llvm/ADT/StringRef.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>

namespace qopt::calibration {

/// A fixed-point number of 384 bits, two's complement, in units of 2^-149 (the
/// least positive float32). Holds 2^100 summands of any size.
class ExactSum {
public:
  /// Adds a finite number.
  void add(float value);
  void add(const ExactSum &other);

  /// The nearest double, up to its last place.
  double toDouble() const;

  /// All digits in hexadecimal, and back; nothing for other text.
  std::string toString() const;
  static std::optional<ExactSum> parse(llvm::StringRef text);

  bool operator==(const ExactSum &other) const { return limbs == other.limbs; }

private:
  void negate();

  static constexpr size_t limbCount = 6;
  /// Least significant first.
  std::array<uint64_t, limbCount> limbs{};
};

} // namespace qopt::calibration

#endif // QOPT_CALIBRATION_EXACTSUM_H
