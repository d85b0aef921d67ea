// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// See NoiseMeter.h.

#include "NoiseMeter.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"

#include <cmath>
#include <limits>

using namespace llvm;
using namespace qopt;

void NoiseMeter::add(ArrayRef<float> expected, ArrayRef<float> found) {
  isUsed = true;
  for (auto [y, x] : zip(expected, found)) {
    double difference = double(y) - x;
    signal += double(y) * y;
    noise += difference * difference;
  }
}

report::SQNR NoiseMeter::get() const {
  if (!isUsed)
    return std::nullopt;
  if (noise == 0)
    return std::numeric_limits<double>::infinity();
  return 10 * std::log10(signal / noise);
}

/// Bins 2i and 2i + 1, counted from the middle, become bin i.
void ValueHistogram::widen() {
  std::array<uint64_t, numBins> wide = {};
  for (int i = 0; i < numBins; ++i)
    wide[middle + (i - middle >= 0 ? (i - middle) / 2
                                   : (i - middle - 1) / 2)] += bins[i];
  bins = wide;
  width *= 2;
}

void ValueHistogram::add(ArrayRef<float> values) {
  for (float value : values) {
    if (!std::isfinite(value))
      continue;
    min = count ? std::min<double>(min, value) : value;
    max = count ? std::max<double>(max, value) : value;
    ++count;
    // Widths are powers of two: halving and doubling are exact.
    if (width == 0 && value != 0)
      width = std::exp2(std::ilogb(value) - 8);
    if (width == 0) {
      ++bins[middle]; // zeros before the first other value
      continue;
    }
    double place = std::floor(value / width);
    while (place < -middle || place >= middle) {
      widen();
      place = std::floor(value / width);
    }
    ++bins[middle + int(place)];
  }
}

report::Range ValueHistogram::getObserved() const { return {min, max}; }

report::Histogram ValueHistogram::get(unsigned maxBins) const {
  int first = 0, last = numBins - 1;
  while (first < last && bins[first] == 0)
    ++first;
  while (last > first && bins[last] == 0)
    --last;
  report::Histogram result;
  if (count == 0)
    return result;
  double unit = width == 0 ? 1 : width;
  int group = divideCeil(last - first + 1, maxBins);
  for (int i = first; i <= last; i += group) {
    uint64_t sum = 0;
    for (int k = i; k < std::min(i + group, int(numBins)); ++k)
      sum += bins[k];
    result.counts.push_back(sum);
  }
  double low = (first - middle) * unit;
  result.range = {low, low + double(result.counts.size()) * group * unit};
  return result;
}
