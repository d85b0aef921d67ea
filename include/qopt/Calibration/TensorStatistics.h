// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What is kept of the values that a float tensor took: a summary of fixed size
// that can be merged with others in any order. NaNs and infinities are counted
// and otherwise left out.

#ifndef QOPT_CALIBRATION_TENSORSTATISTICS_H
#define QOPT_CALIBRATION_TENSORSTATISTICS_H

#include "qopt/Calibration/ExactSum.h"
#include "qopt/Calibration/Histogram.h"

#include <limits>
#include <string>

namespace qopt::calibration {

/// Of the finite values; empty while min > max. Zeros count as +0.
struct Extent {
  float min = std::numeric_limits<float>::infinity();
  float max = -std::numeric_limits<float>::infinity();

  bool isEmpty() const { return min > max; }
  void add(float value) {
    // Adding +0 makes +0 of -0, which would depend on the order.
    value += 0.0f;
    min = value < min ? value : min;
    max = value > max ? value : max;
  }
  void add(const Extent &other) {
    min = other.min < min ? other.min : min;
    max = other.max > max ? other.max : max;
  }
  bool operator==(const Extent &other) const {
    return min == other.min && max == other.max;
  }
};

/// Of one index of the last dimension.
struct ChannelStatistics {
  Extent extent;
  ExactSum sum;

  bool operator==(const ChannelStatistics &other) const {
    return extent == other.extent && sum == other.sum;
  }
};

class TensorStatistics {
public:
  /// With more channels than this only the whole tensor is observed.
  static constexpr int64_t maxChannels = 4096;

  TensorStatistics() = default;
  /// For a tensor whose last dimension has `numChannels` (0 for a scalar).
  TensorStatistics(std::string name, int64_t numChannels);

  /// Adds what the tensor holds after one run of the model.
  void addSample(llvm::ArrayRef<float> values);

  /// Adds the observations of the same tensor elsewhere.
  void add(const TensorStatistics &other);

  /// Samples whose values were all NaN or infinite have no extent.
  double getMeanMin() const { return sumOfMins.toDouble() / numExtents; }
  double getMeanMax() const { return sumOfMaxs.toDouble() / numExtents; }

  bool operator==(const TensorStatistics &other) const;

  std::string name;
  uint64_t numSamples = 0;
  uint64_t numElements = 0;
  uint64_t numNaNs = 0;
  uint64_t numInfinities = 0;
  Extent extent;
  /// Over those samples that have finite values.
  uint64_t numExtents = 0;
  ExactSum sumOfMins, sumOfMaxs;
  Histogram histogram;
  /// Empty for a scalar, and where there are too many.
  std::vector<ChannelStatistics> channels;

private:
  /// All values are finite, row after row of channels.
  void addFinite(llvm::ArrayRef<float> values);
  /// The slow way: leaves out what is not finite.
  void addMixed(llvm::ArrayRef<float> values);
};

} // namespace qopt::calibration

#endif // QOPT_CALIBRATION_TENSORSTATISTICS_H
