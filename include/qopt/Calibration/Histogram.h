// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Counts of values in bins whose width is a power of two. The width grows with
// the largest magnitude seen: bins then merge in pairs, so the histogram of
// some values is the same in whatever order, and over however many machines,
// they were counted.

#ifndef QOPT_CALIBRATION_HISTOGRAM_H
#define QOPT_CALIBRATION_HISTOGRAM_H

#include "llvm/ADT/ArrayRef.h"

#include <cstdint>
#include <vector>

namespace qopt::calibration {

class Histogram {
public:
  /// Bins on each side of zero.
  static constexpr int64_t sideBins = 4096;
  /// The narrowest bins are as wide as the least positive float32.
  static constexpr int minExponent = -149;
  /// The widest hold every finite float32.
  static constexpr int maxExponent = 116;

  /// Bin i counts the values in [(i - sideBins)·2^exponent,
  /// (i - sideBins + 1)·2^exponent).
  Histogram() : counts(2 * sideBins, 0) {}
  Histogram(int exponent, std::vector<uint64_t> counts)
      : exponent(exponent), counts(std::move(counts)) {}

  /// Widens the bins until all of [min, max] has one.
  void cover(float min, float max);
  /// Counts finite values that are covered; skips others.
  void count(llvm::ArrayRef<float> values);
  void merge(const Histogram &other);

  int getExponent() const { return exponent; }
  double getBinWidth() const;
  /// The least value of a bin.
  double getBinStart(int64_t bin) const;
  llvm::ArrayRef<uint64_t> getCounts() const { return counts; }

  bool operator==(const Histogram &other) const {
    return exponent == other.exponent && counts == other.counts;
  }

private:
  void widen(int newExponent);

  int exponent = minExponent;
  std::vector<uint64_t> counts;
};

} // namespace qopt::calibration

#endif // QOPT_CALIBRATION_HISTOGRAM_H
