// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What is remembered of all values that a tensor took: of a fixed size,
// whatever the number of samples, and the same whatever their order.

#ifndef QOPT_CALIBRATION_TENSORSTATISTICS_H
#define QOPT_CALIBRATION_TENSORSTATISTICS_H

#include "qopt/Calibration/ExactSum.h"
#include "qopt/Calibration/Histogram.h"

#include "llvm/ADT/ArrayRef.h"

#include <vector>

namespace qopt::calibration {

/// Of one channel, the last axis of the tensor.
struct ChannelStatistics {
  float min = 0, max = 0;
  /// Of the channel's sums of single samples, each rounded to float32.
  ExactSum sum;

  bool operator==(const ChannelStatistics &other) const {
    return min == other.min && max == other.max && sum == other.sum;
  }
};

struct TensorStatistics {
  /// Tensors with more channels keep none.
  static constexpr int64_t maxChannels = 4096;

  uint64_t samples = 0;
  /// Finite ones; `zeros` counts those that are exactly 0.
  uint64_t elements = 0, zeros = 0;
  uint64_t nans = 0, infinities = 0;
  /// Of the finite elements; 0 if there are none.
  float min = 0, max = 0;
  /// Of the extremes of single samples.
  ExactSum sumOfMinima, sumOfMaxima;
  Histogram histogram;
  std::vector<ChannelStatistics> channels;

  /// Adds what one sample makes of the tensor; \p channelCount is the size of
  /// the last axis, and stays the same.
  void add(llvm::ArrayRef<float> values, int64_t channelCount);
  /// As if the other's samples had been added here. The channels' counts are
  /// equal, or one side has no samples.
  void merge(const TensorStatistics &other);

  /// Mean of a channel over all samples.
  double getChannelMean(size_t channel) const;

  bool operator==(const TensorStatistics &other) const;
};

} // namespace qopt::calibration

#endif // QOPT_CALIBRATION_TENSORSTATISTICS_H
