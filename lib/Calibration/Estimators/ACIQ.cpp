// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Analytical clipping (Banner et al. 2018, arXiv 1810.05723): values are taken
// for Laplace or normal ones, for which the clipping with the least mean
// squared error follows from one moment. For M bits and t = clipping /
// deviation:
//
//   Laplace: the cut-off costs 2 b^2 exp(-t), rounding (t b)^2 / (3 * 4^M);
//            the least sum is at 3 * 4^M * exp(-t) = t
//   normal:  at 4 (phi(t) - t Q(t)) = 2 t / (3 * 4^M), phi the density and Q
//            the upper tail of the standard normal distribution
//
// Behind a ReLU all steps are spent on one half: that is M + 1 bits, and the
// deviation is that of the values above 0 from 0.

#include "Estimators.h"

#include <algorithm>
#include <cmath>

using namespace qopt::calibration;

/// The zero of a function that falls, in [0, 64].
static double findZero(llvm::function_ref<double(double)> function) {
  double low = 0, high = 64;
  for (int i = 0; i < 100; ++i) {
    double middle = (low + high) / 2;
    (function(middle) > 0 ? low : high) = middle;
  }
  return low;
}

static double getLaplaceClipping(unsigned bits) {
  double levels = 3 * std::ldexp(1.0, 2 * bits);
  return findZero([&](double t) { return levels * std::exp(-t) - t; });
}

static double getNormalClipping(unsigned bits) {
  double levels = 3 * std::ldexp(1.0, 2 * bits);
  constexpr double pi = 3.14159265358979323846;
  return findZero([&](double t) {
    double density = std::exp(-t * t / 2) / std::sqrt(2 * pi);
    double tail = std::erfc(t / std::sqrt(2.0)) / 2;
    return 4 * (density - t * tail) - 2 * t / levels;
  });
}

static Range estimateShape(const TensorStatistics &tensor,
                           const RangeRequest &request,
                           llvm::ArrayRef<Bin> bins, ACIQShape shape) {
  bool oneSided = tensor.extent.min >= 0;
  double count = 0, sum = 0;
  for (const Bin &bin : bins) {
    // What is in the bin of 0 behind a ReLU was mostly below 0.
    if (oneSided && bin.low == 0)
      continue;
    count += bin.count;
    sum += bin.count * (bin.low + (bin.high - bin.low) / 2);
  }
  if (count == 0)
    return {tensor.extent.min, tensor.extent.max};
  double mean = oneSided || request.symmetric ? 0 : sum / count;
  double absolute = 0, squared = 0;
  for (const Bin &bin : bins) {
    if (oneSided && bin.low == 0)
      continue;
    double distance = bin.low + (bin.high - bin.low) / 2 - mean;
    absolute += bin.count * std::fabs(distance);
    squared += bin.count * distance * distance;
  }
  unsigned bits = request.bits + (oneSided && !request.symmetric);
  double clipping = shape == ACIQShape::Laplace
                        ? absolute / count * getLaplaceClipping(bits)
                        : std::sqrt(squared / count) * getNormalClipping(bits);
  return {std::max<double>(mean - clipping, tensor.extent.min),
          std::min<double>(mean + clipping, tensor.extent.max)};
}

Range qopt::calibration::estimateACIQ(const TensorStatistics &tensor,
                                      const RangeRequest &request,
                                      double shape) {
  std::vector<Bin> bins = collectBins(tensor);
  auto chosen = static_cast<ACIQShape>(static_cast<int>(shape));
  if (chosen != ACIQShape::Best)
    return estimateShape(tensor, request, bins, chosen);
  Range laplace = estimateShape(tensor, request, bins, ACIQShape::Laplace);
  Range normal = estimateShape(tensor, request, bins, ACIQShape::Gauss);
  return getSquaredError(bins, request, laplace) <=
                 getSquaredError(bins, request, normal)
             ? laplace
             : normal;
}
