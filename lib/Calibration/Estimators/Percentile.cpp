// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The range that holds a given share of the values (McKinstry et al. 2018,
// arXiv 1809.04191; Wu et al. 2020, arXiv 2004.09602, section 4.3). Half of
// what is cut off is cut off at either end; the end at 0 of a tensor without
// negative values costs nothing and is left. Symmetric ranges cut magnitudes.

#include "Estimators.h"

#include <algorithm>
#include <cmath>

using namespace qopt::calibration;

/// The value that `rank` of the values lie below, a real number of them.
static double getQuantile(llvm::ArrayRef<Bin> bins, double rank) {
  double below = 0;
  for (const Bin &bin : bins) {
    if (below + bin.count >= rank)
      return bin.low + (bin.high - bin.low) * ((rank - below) / bin.count);
    below += bin.count;
  }
  return bins.back().high;
}

Range qopt::calibration::estimatePercentile(const TensorStatistics &tensor,
                                            const RangeRequest &request,
                                            double percentile) {
  std::vector<Bin> bins = collectBins(tensor);
  double total = 0;
  for (const Bin &bin : bins)
    total += bin.count;
  bool oneSided = tensor.extent.min >= 0 || tensor.extent.max <= 0;
  double cut = total * (1 - percentile / 100);
  if (oneSided) {
    if (tensor.extent.min >= 0)
      return {0, getQuantile(bins, total - cut)};
    return {getQuantile(bins, cut), 0};
  }
  if (!request.symmetric)
    return {std::min(0.0, getQuantile(bins, cut / 2)),
            std::max(0.0, getQuantile(bins, total - cut / 2))};
  // No bin has 0 in its inside.
  for (Bin &bin : bins)
    if (bin.high <= 0)
      bin = {-bin.high, -bin.low, bin.count};
  std::sort(bins.begin(), bins.end(), [](const Bin &a, const Bin &b) {
    return std::make_tuple(a.low, a.high, a.count) <
           std::make_tuple(b.low, b.high, b.count);
  });
  double limit = getQuantile(bins, total - cut);
  return {-limit, limit};
}
