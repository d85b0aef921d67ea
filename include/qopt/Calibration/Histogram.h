// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A histogram of fixed size for numbers of unknown range. Bins are 2^k wide and
// bin i holds the x with floor(x / 2^k) = i; when a number lies outside, pairs
// of bins are merged, which turns floor(x / 2^k) into floor(x / 2^(k+1))
// exactly. k is therefore the least that fits all numbers, and the histogram
// depends on neither their order nor how they were split into parts.

#ifndef QOPT_CALIBRATION_HISTOGRAM_H
#define QOPT_CALIBRATION_HISTOGRAM_H

#include "llvm/ADT/ArrayRef.h"

#include <cstdint>
#include <vector>

namespace qopt::calibration {

class Histogram {
public:
  /// Bins for negative numbers, and as many for the others. An 8-bit range from
  /// zero to the greatest number has at least 8 bins in each of its steps.
  static constexpr int64_t binsPerSide = 4096;
  /// That of the least float32: every float32 is a multiple of 2^-149.
  static constexpr int leastExponent = -149;

  Histogram() : counts(2 * binsPerSide) {}

  /// Counts numbers that all are finite and in [min, max].
  void add(llvm::ArrayRef<float> values, float min, float max);

  /// Adds the counts of another histogram.
  void add(const Histogram &other);

  /// Widens the bins until both numbers have one.
  void growToHold(double min, double max);

  /// Bins are 2^exponent wide.
  int getExponent() const { return exponent; }
  double getBinWidth() const;

  /// `bin` is in [-binsPerSide, binsPerSide).
  uint64_t getCount(int64_t bin) const { return counts[bin + binsPerSide]; }
  void setCount(int64_t bin, uint64_t count) {
    counts[bin + binsPerSide] = count;
  }
  /// The lower end of a bin.
  double getLowerEnd(int64_t bin) const;

  uint64_t getTotal() const;

  /// For who restores a histogram.
  void setExponent(int value) { exponent = value; }

  bool operator==(const Histogram &other) const {
    return exponent == other.exponent && counts == other.counts;
  }

private:
  void mergePairs();

  int exponent = leastExponent;
  std::vector<uint64_t> counts;
};

} // namespace qopt::calibration

#endif // QOPT_CALIBRATION_HISTOGRAM_H
