// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Counting and growing. Numbers are scaled in double precision, where dividing
// a float32 by 2^k is exact for every k that occurs.

#include "qopt/Calibration/Histogram.h"

#include <algorithm>
#include <cmath>
#include <numeric>

using qopt::calibration::Histogram;

double Histogram::getBinWidth() const { return std::ldexp(1.0, exponent); }

double Histogram::getLowerEnd(int64_t bin) const {
  return std::ldexp(static_cast<double>(bin), exponent);
}

uint64_t Histogram::getTotal() const {
  return std::accumulate(counts.begin(), counts.end(), uint64_t(0));
}

/// Bin j of the wider histogram holds bins 2j and 2j + 1 of this one.
void Histogram::mergePairs() {
  // From 0 away, in either direction, so that nothing is read after it was
  // written.
  for (int64_t j = 0; j < binsPerSide; ++j) {
    bool inside = 2 * j + 1 < binsPerSide;
    setCount(j, inside ? getCount(2 * j) + getCount(2 * j + 1) : 0);
  }
  for (int64_t j = -1; j >= -binsPerSide; --j) {
    bool inside = 2 * j >= -binsPerSide;
    setCount(j, inside ? getCount(2 * j) + getCount(2 * j + 1) : 0);
  }
  ++exponent;
}

void Histogram::growToHold(double min, double max) {
  auto fits = [&](int k) {
    return std::floor(std::ldexp(min, -k)) >= -binsPerSide &&
           std::floor(std::ldexp(max, -k)) < binsPerSide;
  };
  int k = exponent;
  while (!fits(k))
    ++k;
  // After 13 merges all is in two bins, and stays there.
  while (exponent != k)
    mergePairs();
}

void Histogram::add(llvm::ArrayRef<float> values, float min, float max) {
  if (values.empty())
    return;
  growToHold(min, max);
  double scale = std::ldexp(1.0, -exponent);
  uint64_t *zero = counts.data() + binsPerSide;
  // Truncation is floor for numbers that are not negative.
  if (min >= 0) {
    for (float value : values)
      ++zero[static_cast<int32_t>(static_cast<double>(value) * scale)];
    return;
  }
  for (float value : values) {
    double scaled = static_cast<double>(value) * scale;
    auto bin = static_cast<int32_t>(scaled);
    bin -= scaled < bin;
    ++zero[bin];
  }
}

void Histogram::add(const Histogram &other) {
  const Histogram *addend = &other;
  Histogram wider;
  if (other.exponent < exponent) {
    wider = other;
    while (wider.exponent < exponent)
      wider.mergePairs();
    addend = &wider;
  }
  while (exponent < addend->exponent)
    mergePairs();
  std::transform(counts.begin(), counts.end(), addend->counts.begin(),
                 counts.begin(), std::plus<uint64_t>());
}
