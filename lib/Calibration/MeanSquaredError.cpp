// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The range with the smallest expected squared error of quantization (Nagel et
// al. 2021, arXiv 2106.08295, section 3.1). Both ends are searched in turn
// until neither moves; a bin's elements are taken to lie at its middle where
// bins are narrower than a step, and spread evenly over the step where they are
// not.

#include "EstimatorKinds.h"

#include <algorithm>
#include <cmath>

using namespace qopt::calibration;

namespace {

/// Elements that are not zero, by value; zeros cost nothing in any range.
struct Mass {
  double value, count;
};

class Objective {
public:
  Objective(const TensorStatistics &tensor, EstimatorTarget target)
      : width(tensor.histogram.getBinWidth()),
        steps(std::ldexp(1.0, target.bits) - (target.symmetric ? 2 : 1)),
        symmetric(target.symmetric) {
    for (auto [bin, count] : llvm::enumerate(tensor.histogram.getCounts())) {
      double elements = static_cast<double>(count);
      if (static_cast<int64_t>(bin) == Histogram::sideBins)
        elements -= tensor.zeros;
      if (elements > 0)
        masses.push_back(
            {tensor.histogram.getBinStart(bin) + width / 2, elements});
    }
  }

  /// Sum of the squared errors, at most about \p bound if it returns less.
  double getError(Range range, double bound) const {
    double low = std::min(range.min, 0.0), high = std::max(range.max, 0.0);
    if (symmetric) {
      high = std::max(-low, high);
      low = -high;
    }
    double step = (high - low) / steps;
    if (step <= 0)
      return INFINITY;
    // As the quantizer does: zero is a level.
    double zero = std::round(-low / step);
    low = -zero * step;
    high = low + steps * step;
    bool fine = width < step;
    double error = 0, inverse = 1 / step;
    for (const Mass &mass : masses) {
      double x = mass.value, difference;
      if (x < low)
        difference = (low - x) * (low - x) + width * width / 12;
      else if (x > high)
        difference = (x - high) * (x - high) + width * width / 12;
      else if (fine) {
        double rounded = std::nearbyint(x * inverse) * step;
        difference = (x - rounded) * (x - rounded) + width * width / 12;
      } else {
        difference = step * step / 12;
      }
      error += mass.count * difference;
      if (error > bound)
        break;
    }
    return error;
  }

private:
  double width, steps;
  bool symmetric;
  std::vector<Mass> masses;
};

} // namespace

Range qopt::calibration::estimateMeanSquaredError(
    const TensorStatistics &tensor, EstimatorTarget target) {
  Objective objective(tensor, target);
  Range all{std::min<double>(tensor.min, 0), std::max<double>(tensor.max, 0)};
  Range best = all;
  double least = objective.getError(all, INFINITY);
  auto tryRange = [&](Range range) {
    double error = objective.getError(range, least);
    if (error < least) {
      least = error;
      best = range;
    }
  };
  constexpr int candidates = 200;
  // Both ends together first; then each alone, until nothing improves.
  for (int i = 1; i < candidates; ++i) {
    double part = 1 - double(i) / candidates;
    tryRange({all.min * part, all.max * part});
  }
  for (int round = 0; round < 4; ++round) {
    Range before = best;
    for (int i = 0; i < candidates; ++i)
      tryRange({before.min, all.max * (1 - double(i) / candidates)});
    double high = best.max;
    for (int i = 0; i < candidates; ++i)
      tryRange({all.min * (1 - double(i) / candidates), high});
    if (best.min == before.min && best.max == before.max)
      break;
  }
  return intersect(best, tensor);
}
