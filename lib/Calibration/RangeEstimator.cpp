// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The estimators by name.

#include "qopt/Calibration/RangeEstimator.h"
#include "Estimators/Estimators.h"

#include "llvm/Support/FormatVariadic.h"

#include <algorithm>

using namespace llvm;
using namespace qopt::calibration;

static const EstimatorInfo estimators[] = {
    {"minmax", "", "least and greatest value"},
    {"moving-average", "", "means of the samples' least and greatest values"},
    {"percentile", "percentile:99.99",
     "holds this share of the values (default 99.99)"},
    {"kl", "", "least Kullback-Leibler divergence (entropy)"},
    {"mse", "", "least mean squared error"},
    {"aciq", "aciq:laplace",
     "analytical clipping; laplace, gauss or the better of the two"},
};

ArrayRef<EstimatorInfo> qopt::calibration::getEstimators() {
  return estimators;
}

static Error unknown(StringRef text) {
  std::string message = ("unknown estimator '" + text + "'; expected ").str();
  for (auto [index, info] : enumerate(estimators))
    message +=
        (Twine(index ? (index + 1 == std::size(estimators) ? " or " : ", ")
                     : "") +
         (info.example.empty() ? info.name : info.example))
            .str();
  return createStringError(message);
}

Expected<RangeEstimator>
qopt::calibration::parseRangeEstimator(StringRef text) {
  auto [name, parameter] = text.split(':');
  bool hasParameter = text.contains(':');
  if (name == "percentile") {
    double percentile = 99.99;
    // Below one half the ends would cross.
    if (hasParameter && (parameter.getAsDouble(percentile) ||
                         !(percentile > 50 && percentile <= 100)))
      return createStringError("percentile is '" + parameter +
                               "', expected a number above 50, at most 100, "
                               "as in percentile:99.99");
    return RangeEstimator(estimatePercentile, percentile);
  }
  if (name == "aciq") {
    ACIQShape shape = ACIQShape::Best;
    if (parameter == "laplace")
      shape = ACIQShape::Laplace;
    else if (parameter == "gauss")
      shape = ACIQShape::Gauss;
    else if (hasParameter)
      return createStringError("shape of aciq is '" + parameter +
                               "', expected laplace or gauss, as in "
                               "aciq:laplace");
    return RangeEstimator(estimateACIQ, static_cast<double>(shape));
  }
  if (hasParameter)
    return unknown(text);
  if (name == "minmax")
    return RangeEstimator(estimateMinMax, 0);
  if (name == "moving-average")
    return RangeEstimator(estimateMovingAverage, 0);
  if (name == "kl")
    return RangeEstimator(estimateKLDivergence, 0);
  if (name == "mse")
    return RangeEstimator(estimateMSE, 0);
  return unknown(text);
}

Expected<Range> RangeEstimator::estimate(const TensorStatistics &tensor,
                                         const RangeRequest &request) const {
  if (tensor.extent.isEmpty())
    return createStringError(formatv(
        "tensor '{0}' has no finite value in {1} samples ({2} NaNs, "
        "{3} infinities), so it has no range; check the samples and "
        "how they are scaled",
        tensor.name, tensor.numSamples, tensor.numNaNs, tensor.numInfinities));
  Range range = function(tensor, request, parameter);
  return Range{std::min(range.min, 0.0), std::max(range.max, 0.0)};
}
