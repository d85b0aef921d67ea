// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The threshold whose quantized distribution tells least apart from the
// observed one (Migacz, "8-bit inference with TensorRT", GTC 2017). Magnitudes
// are counted in bins; for each threshold, what lies above it is added to the
// last bin (P), the bins are merged into as many levels as the quantizer has
// and spread again over the bins that are not empty (Q), and the threshold with
// the least KL(P || Q) wins.

#include "EstimatorKinds.h"

#include <algorithm>
#include <cmath>

using namespace qopt::calibration;

/// Elements by magnitude; zeros, which every range expresses, are left out.
static std::vector<double> getMagnitudes(const TensorStatistics &tensor) {
  constexpr int64_t side = Histogram::sideBins;
  llvm::ArrayRef<uint64_t> counts = tensor.histogram.getCounts();
  std::vector<double> magnitudes(side);
  for (int64_t i = 0; i < side; ++i)
    magnitudes[i] =
        static_cast<double>(counts[side + i]) + counts[side - 1 - i];
  magnitudes[0] -= tensor.zeros;
  return magnitudes;
}

/// KL(P || Q) of the first \p used bins, with the rest added to the last.
static double getDivergence(llvm::ArrayRef<double> bins, size_t used,
                            double outliers, size_t levels) {
  double total = outliers;
  for (size_t i = 0; i < used; ++i)
    total += bins[i];
  double divergence = 0, inside = total - outliers;
  if (inside <= 0)
    return INFINITY;
  for (size_t level = 0; level < levels; ++level) {
    size_t begin = level * used / levels, end = (level + 1) * used / levels;
    double sum = 0;
    size_t filled = 0;
    for (size_t i = begin; i < end; ++i) {
      sum += bins[i];
      filled += bins[i] > 0;
    }
    double q = filled ? sum / filled / inside : 0;
    for (size_t i = begin; i < end; ++i) {
      double p = (bins[i] + (i + 1 == used ? outliers : 0)) / total;
      if (p > 0)
        // An empty last bin that outliers fill is as unlike as it can be.
        divergence += p * std::log(p / std::max(q, 1e-12));
    }
  }
  return divergence;
}

Range qopt::calibration::estimateKLDivergence(const TensorStatistics &tensor,
                                              EstimatorTarget target) {
  std::vector<double> bins = getMagnitudes(tensor);
  size_t last = bins.size();
  while (last > 0 && bins[last - 1] <= 0)
    --last;
  bool oneSided = !target.symmetric && tensor.min >= 0;
  size_t levels = size_t(1) << (oneSided ? target.bits : target.bits - 1);
  if (last <= levels)
    return {tensor.min, tensor.max};
  std::vector<double> above(last + 1, 0.0);
  for (size_t i = last; i-- > 0;)
    above[i] = above[i + 1] + bins[i];
  // A sixteenth of the levels apart: finer steps change nothing.
  size_t step = std::max<size_t>(levels / 16, 1), best = last;
  double least = INFINITY;
  for (size_t used = last; used >= levels; used -= step) {
    double divergence = getDivergence(bins, used, above[used], levels);
    if (divergence < least) {
      least = divergence;
      best = used;
    }
    if (used < levels + step)
      break;
  }
  double threshold = tensor.histogram.getBinWidth() * best;
  return intersect({-threshold, threshold}, tensor);
}
