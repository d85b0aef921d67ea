// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Analytical clipping (Banner et al. 2018, arXiv 1810.05723): the clipping
// value alpha that minimizes the mean squared error of a Laplace or a normal
// distribution with the observed mean and spread,
//
//   Laplace: 2 b^2 exp(-alpha / b) + alpha^2 / (3 * 4^bits)
//   normal:  (s^2 + alpha^2) erfc(alpha / (s sqrt 2))
//            - alpha s sqrt(2 / pi) exp(-alpha^2 / (2 s^2))
//            + alpha^2 / (3 * 4^bits)
//
// found numerically instead of from the paper's table. Which of the two it is,
// the ratio of mean deviation to standard deviation says (0.707 and 0.798).
// Values of one sign, what a ReLU leaves, count as half of a symmetric
// distribution around zero with one more bit.

#include "EstimatorKinds.h"

#include <cmath>

using namespace qopt::calibration;

namespace {
struct Moments {
  double mean = 0, deviation = 0, standard = 0;
};
} // namespace

/// Of the elements that are not zero, around their mean or around zero.
static Moments getMoments(const TensorStatistics &tensor, bool centred) {
  const Histogram &histogram = tensor.histogram;
  double count = 0, sum = 0;
  auto visit = [&](auto function) {
    for (auto [bin, inside] : llvm::enumerate(histogram.getCounts())) {
      double elements = static_cast<double>(inside);
      if (static_cast<int64_t>(bin) == Histogram::sideBins)
        elements -= tensor.zeros;
      if (elements > 0)
        function(histogram.getBinStart(bin) + histogram.getBinWidth() / 2,
                 elements);
    }
  };
  visit([&](double value, double elements) {
    count += elements;
    sum += elements * value;
  });
  Moments moments;
  if (count == 0)
    return moments;
  moments.mean = centred ? sum / count : 0;
  double squares = 0;
  visit([&](double value, double elements) {
    double difference = value - moments.mean;
    moments.deviation += elements * std::abs(difference) / count;
    squares += elements * difference * difference / count;
  });
  moments.standard = std::sqrt(squares);
  return moments;
}

/// The minimum of a function with one, by golden section.
template <typename Function>
static double minimize(Function function, double low, double high) {
  const double ratio = (std::sqrt(5.0) - 1) / 2;
  for (int i = 0; i < 80; ++i) {
    double a = high - ratio * (high - low), b = low + ratio * (high - low);
    if (function(a) < function(b))
      high = b;
    else
      low = a;
  }
  return (low + high) / 2;
}

Range qopt::calibration::estimateACIQ(const TensorStatistics &tensor,
                                      EstimatorTarget target) {
  bool oneSided = tensor.min >= 0 || tensor.max <= 0;
  Moments moments = getMoments(tensor, !oneSided);
  if (moments.deviation == 0)
    return {tensor.min, tensor.max};
  double bits = target.bits + (oneSided && !target.symmetric ? 1 : 0);
  double noise = 1 / (3 * std::pow(4.0, bits));
  double alpha;
  if (moments.deviation / moments.standard < 0.7525) {
    double b = moments.deviation;
    alpha = minimize(
        [&](double a) { return 2 * b * b * std::exp(-a / b) + a * a * noise; },
        0, 40 * b);
  } else {
    double s = moments.standard;
    alpha = minimize(
        [&](double a) {
          return (s * s + a * a) * std::erfc(a / (s * std::sqrt(2.0))) -
                 a * s * std::sqrt(2 / M_PI) * std::exp(-a * a / (2 * s * s)) +
                 a * a * noise;
        },
        0, 40 * s);
  }
  return intersect({moments.mean - alpha, moments.mean + alpha}, tensor);
}
