// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Accumulates and merges.

#include "qopt/Calibration/TensorStatistics.h"

#include <algorithm>
#include <cassert>
#include <cmath>

using namespace qopt::calibration;

namespace {
/// Of the values of one sample.
struct Extremes {
  float min = INFINITY, max = -INFINITY;
  uint64_t finite = 0, zeros = 0, nans = 0, infinities = 0;
};
} // namespace

static Extremes getExtremes(llvm::ArrayRef<float> values) {
  Extremes result;
  for (float x : values) {
    bool isFinite = std::abs(x) <= 3.402823466e38f;
    result.min = isFinite && x < result.min ? x : result.min;
    result.max = isFinite && x > result.max ? x : result.max;
    result.finite += isFinite;
    result.zeros += x == 0;
    result.nans += x != x;
  }
  result.infinities = values.size() - result.finite - result.nans;
  return result;
}

/// A sample's sums are taken in one order, so they do not depend on what other
/// samples there are.
static void addChannels(std::vector<ChannelStatistics> &channels,
                        llvm::ArrayRef<float> values, bool isFirst) {
  size_t count = channels.size();
  std::vector<double> sums(count, 0.0);
  std::vector<float> min(count, INFINITY), max(count, -INFINITY);
  for (size_t start = 0; start + count <= values.size(); start += count)
    for (size_t c = 0; c < count; ++c) {
      float x = values[start + c];
      x = std::isfinite(x) ? x : 0.0f;
      sums[c] += x;
      min[c] = std::min(min[c], x);
      max[c] = std::max(max[c], x);
    }
  for (size_t c = 0; c < count; ++c) {
    float limit = std::numeric_limits<float>::max();
    channels[c].sum.add(
        static_cast<float>(std::clamp<double>(sums[c], -limit, limit)));
    channels[c].min = isFirst ? min[c] : std::min(channels[c].min, min[c]);
    channels[c].max = isFirst ? max[c] : std::max(channels[c].max, max[c]);
  }
}

void TensorStatistics::add(llvm::ArrayRef<float> values, int64_t channelCount) {
  Extremes found = getExtremes(values);
  if (samples == 0 && channelCount > 0 && channelCount <= maxChannels)
    channels.resize(channelCount);
  if (!channels.empty() && !values.empty())
    addChannels(channels, values, samples == 0);
  ++samples;
  nans += found.nans;
  infinities += found.infinities;
  if (found.finite == 0)
    return;
  // -0 and 0 are one value, and must be one in the file.
  found.min += 0.0f;
  found.max += 0.0f;
  min = elements ? std::min(min, found.min) : found.min;
  max = elements ? std::max(max, found.max) : found.max;
  elements += found.finite;
  zeros += found.zeros;
  sumOfMinima.add(found.min);
  sumOfMaxima.add(found.max);
  histogram.cover(found.min, found.max);
  histogram.count(values);
}

void TensorStatistics::merge(const TensorStatistics &other) {
  if (other.samples == 0)
    return;
  if (samples == 0) {
    *this = other;
    return;
  }
  assert(channels.size() == other.channels.size() && "another tensor");
  if (other.elements) {
    min = elements ? std::min(min, other.min) : other.min;
    max = elements ? std::max(max, other.max) : other.max;
  }
  samples += other.samples;
  elements += other.elements;
  zeros += other.zeros;
  nans += other.nans;
  infinities += other.infinities;
  sumOfMinima.add(other.sumOfMinima);
  sumOfMaxima.add(other.sumOfMaxima);
  histogram.merge(other.histogram);
  for (size_t c = 0; c < channels.size(); ++c) {
    channels[c].min = std::min(channels[c].min, other.channels[c].min);
    channels[c].max = std::max(channels[c].max, other.channels[c].max);
    channels[c].sum.add(other.channels[c].sum);
  }
}

double TensorStatistics::getChannelMean(size_t channel) const {
  uint64_t all = elements + nans + infinities;
  if (all == 0)
    return 0;
  return channels[channel].sum.toDouble() * channels.size() / all;
}

bool TensorStatistics::operator==(const TensorStatistics &other) const {
  return samples == other.samples && elements == other.elements &&
         zeros == other.zeros && nans == other.nans &&
         infinities == other.infinities && min == other.min &&
         max == other.max && sumOfMinima == other.sumOfMinima &&
         sumOfMaxima == other.sumOfMaxima && histogram == other.histogram &&
         channels == other.channels;
}
