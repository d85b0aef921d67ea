// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Sums for signal to noise ratios, and histograms of values whose range is not
// known before.

#ifndef QOPT_LIB_PIPELINES_NOISEMETER_H
#define QOPT_LIB_PIPELINES_NOISEMETER_H

#include "qopt/Report/Report.h"
#include "llvm/ADT/ArrayRef.h"

#include <array>

namespace qopt {

class NoiseMeter {
public:
  void add(llvm::ArrayRef<float> expected, llvm::ArrayRef<float> found);
  /// In decibel; nothing before anything was added.
  report::SQNR get() const;

private:
  double signal = 0, noise = 0;
  bool isUsed = false;
};

/// Bins of equal width around 0. A value outside makes them twice as wide, so
/// that counts stay whole numbers and all values fit in the end.
class ValueHistogram {
public:
  void add(llvm::ArrayRef<float> values);
  /// Least and greatest value; 0 and 0 without any.
  report::Range getObserved() const;
  /// The bins that hold values, put together to at most `maxBins`.
  report::Histogram get(unsigned maxBins) const;
  uint64_t getCount() const { return count; }

private:
  static constexpr int numBins = 1024, middle = numBins / 2;
  void widen();

  std::array<uint64_t, numBins> bins = {};
  double width = 0;
  double min = 0, max = 0;
  uint64_t count = 0;
};

} // namespace qopt

#endif // QOPT_LIB_PIPELINES_NOISEMETER_H
