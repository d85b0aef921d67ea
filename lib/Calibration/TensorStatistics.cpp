// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Observes the values of one tensor.

#include "qopt/Calibration/TensorStatistics.h"

#include <cmath>

using namespace qopt::calibration;

TensorStatistics::TensorStatistics(std::string name, int64_t numChannels)
    : name(std::move(name)) {
  if (numChannels > 0 && numChannels <= maxChannels)
    channels.resize(numChannels);
}

/// One pass that the compiler vectorizes: the bits of floats that are not
/// finite are above those of all others.
static uint64_t countNotFinite(llvm::ArrayRef<float> values) {
  uint64_t count = 0;
  for (float value : values) {
    uint32_t bits;
    std::memcpy(&bits, &value, sizeof(bits));
    count += (bits & 0x7f800000) == 0x7f800000;
  }
  return count;
}

void TensorStatistics::addFinite(llvm::ArrayRef<float> values) {
  Extent sample;
  for (float value : values)
    sample.add(value);
  if (sample.isEmpty())
    return;
  extent.add(sample);
  sumOfMins.add(sample.min);
  sumOfMaxs.add(sample.max);
  ++numExtents;
  histogram.add(values, sample.min, sample.max);
  if (channels.empty())
    return;
  for (const float *row = values.begin(); row != values.end();
       row += channels.size())
    for (size_t c = 0; c < channels.size(); ++c) {
      channels[c].extent.add(row[c]);
      channels[c].sum.add(row[c]);
    }
}

void TensorStatistics::addMixed(llvm::ArrayRef<float> values) {
  std::vector<float> finite;
  Extent sample;
  for (auto [index, value] : llvm::enumerate(values)) {
    if (!std::isfinite(value)) {
      ++(std::isnan(value) ? numNaNs : numInfinities);
      continue;
    }
    finite.push_back(value);
    sample.add(value);
    if (channels.empty())
      continue;
    ChannelStatistics &channel = channels[index % channels.size()];
    channel.extent.add(value);
    channel.sum.add(value);
  }
  if (finite.empty())
    return;
  extent.add(sample);
  sumOfMins.add(sample.min);
  sumOfMaxs.add(sample.max);
  ++numExtents;
  histogram.add(finite, sample.min, sample.max);
}

void TensorStatistics::addSample(llvm::ArrayRef<float> values) {
  assert((channels.empty() || values.size() % channels.size() == 0) &&
         "not a whole number of rows");
  ++numSamples;
  numElements += values.size();
  if (countNotFinite(values) == 0)
    addFinite(values);
  else
    addMixed(values);
}

void TensorStatistics::add(const TensorStatistics &other) {
  assert(name == other.name && channels.size() == other.channels.size() &&
         "another tensor");
  numSamples += other.numSamples;
  numElements += other.numElements;
  numNaNs += other.numNaNs;
  numInfinities += other.numInfinities;
  extent.add(other.extent);
  numExtents += other.numExtents;
  sumOfMins.add(other.sumOfMins);
  sumOfMaxs.add(other.sumOfMaxs);
  histogram.add(other.histogram);
  for (auto [mine, theirs] : llvm::zip(channels, other.channels)) {
    mine.extent.add(theirs.extent);
    mine.sum.add(theirs.sum);
  }
}

bool TensorStatistics::operator==(const TensorStatistics &other) const {
  return name == other.name && numSamples == other.numSamples &&
         numElements == other.numElements && numNaNs == other.numNaNs &&
         numInfinities == other.numInfinities && extent == other.extent &&
         numExtents == other.numExtents && sumOfMins == other.sumOfMins &&
         sumOfMaxs == other.sumOfMaxs && histogram == other.histogram &&
         channels == other.channels;
}
