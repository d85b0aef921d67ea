// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the estimators share: the bins as intervals, and the search over ranges.

#include "Estimators.h"

#include <algorithm>
#include <cmath>

using namespace qopt::calibration;

std::vector<Bin>
qopt::calibration::collectBins(const TensorStatistics &tensor) {
  const Histogram &histogram = tensor.histogram;
  std::vector<Bin> bins;
  for (int64_t i = -Histogram::binsPerSide; i < Histogram::binsPerSide; ++i) {
    uint64_t count = histogram.getCount(i);
    if (count == 0)
      continue;
    bins.push_back(
        {std::max<double>(histogram.getLowerEnd(i), tensor.extent.min),
         std::min<double>(histogram.getLowerEnd(i + 1), tensor.extent.max),
         static_cast<double>(count)});
  }
  return bins;
}

Range qopt::calibration::getObservedRange(const TensorStatistics &tensor,
                                          const RangeRequest &request) {
  Range range{std::min<double>(tensor.extent.min, 0),
              std::max<double>(tensor.extent.max, 0)};
  if (request.symmetric) {
    double limit = std::max(-range.min, range.max);
    range = {-limit, limit};
  }
  return range;
}

Range qopt::calibration::searchRange(Range observed,
                                     const RangeRequest &request,
                                     llvm::function_ref<double(Range)> cost) {
  // An end is its observed value times 2^-e. Below 2^-12 of it there are hardly
  // bins left to tell ranges apart.
  constexpr int numExponents = 24;
  double best = std::numeric_limits<double>::infinity();
  double bestLow = 0, bestHigh = 0;
  auto at = [&](double low, double high) -> Range {
    return {observed.min * std::exp2(-low), observed.max * std::exp2(-high)};
  };
  auto tryEnds = [&](double low, double high) {
    double found = cost(at(low, high));
    if (found < best) {
      best = found;
      bestLow = low;
      bestHigh = high;
    }
  };
  // One number decides where an end is missing or the other one's mirror image.
  bool tied = request.symmetric || observed.min == 0 || observed.max == 0;
  for (int i = 0; i < numExponents; ++i) {
    if (tied) {
      tryEnds(i / 2.0, i / 2.0);
      continue;
    }
    for (int j = 0; j < numExponents; ++j)
      tryEnds(i / 2.0, j / 2.0);
  }
  for (double step = 0.25; step >= 1.0 / 64; step /= 2) {
    double low = bestLow, high = bestHigh;
    for (int i = -1; i <= 1; ++i) {
      if (tied) {
        tryEnds(std::max(low + i * step, 0.0), std::max(low + i * step, 0.0));
        continue;
      }
      for (int j = -1; j <= 1; ++j)
        tryEnds(std::max(low + i * step, 0.0), std::max(high + j * step, 0.0));
    }
  }
  // Among the exponents tried last the cost is flat but for the phase of the
  // grid, which a finer search would only fit to the samples.
  return at(bestLow, bestHigh);
}
