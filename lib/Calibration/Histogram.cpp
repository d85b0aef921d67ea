// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Counting, widening, merging.

#include "qopt/Calibration/Histogram.h"

#include <algorithm>
#include <cmath>

using namespace qopt::calibration;

double Histogram::getBinWidth() const { return std::ldexp(1.0, exponent); }

double Histogram::getBinStart(int64_t bin) const {
  return std::ldexp(static_cast<double>(bin - sideBins), exponent);
}

/// Whether [-sideBins, sideBins)·2^exponent holds both ends.
static bool holds(int exponent, float min, float max) {
  double low = std::ldexp(-static_cast<double>(Histogram::sideBins), exponent);
  return min >= low && max < -low;
}

void Histogram::cover(float min, float max) {
  int wanted = exponent;
  while (wanted < maxExponent && !holds(wanted, min, max))
    ++wanted;
  widen(wanted);
}

void Histogram::widen(int newExponent) {
  int steps = newExponent - exponent;
  if (steps <= 0)
    return;
  std::vector<uint64_t> merged(2 * sideBins, 0);
  for (int64_t bin = 0; bin < 2 * sideBins; ++bin) {
    if (counts[bin] == 0)
      continue;
    // floor of a floor: an arithmetic shift.
    int64_t place = bin - sideBins;
    place = steps > 60 ? (place < 0 ? -1 : 0) : place >> steps;
    merged[place + sideBins] += counts[bin];
  }
  counts = std::move(merged);
  exponent = newExponent;
}

void Histogram::count(llvm::ArrayRef<float> values) {
  // A double holds the product of any float and 2^149, so the floor is exact.
  const double inverse = std::ldexp(1.0, -exponent);
  constexpr size_t block = 256;
  int32_t places[block];
  for (size_t start = 0; start < values.size(); start += block) {
    size_t size = std::min(block, values.size() - start);
    for (size_t i = 0; i < size; ++i) {
      double place = std::floor(values[start + i] * inverse) + sideBins;
      // False for NaN, too.
      bool inside = place >= 0 && place < 2 * sideBins;
      places[i] = static_cast<int32_t>(inside ? place : -1);
    }
    for (size_t i = 0; i < size; ++i)
      if (places[i] >= 0)
        ++counts[places[i]];
  }
}

void Histogram::merge(const Histogram &other) {
  Histogram converted = other;
  converted.widen(exponent);
  widen(converted.exponent);
  for (int64_t bin = 0; bin < 2 * sideBins; ++bin)
    counts[bin] += converted.counts[bin];
}
