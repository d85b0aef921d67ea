// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The estimators by name.

#include "EstimatorKinds.h"

#include "llvm/ADT/StringExtras.h"

using namespace llvm;
using namespace qopt::calibration;

ArrayRef<StringRef> qopt::calibration::getEstimatorNames() {
  static const StringRef names[] = {
      "minmax", "moving-average", "percentile", "kl", "mse", "aciq"};
  return names;
}

static Estimator guarded(Estimator estimate) {
  return [estimate](const TensorStatistics &tensor, EstimatorTarget target) {
    return tensor.elements ? estimate(tensor, target) : Range();
  };
}

Expected<Estimator> qopt::calibration::getEstimator(StringRef name) {
  auto [kind, parameter] = name.split(':');
  double percent = 99.99;
  if (kind == "percentile" && !parameter.empty() &&
      (parameter.getAsDouble(percent) || !(percent > 50) || percent > 100))
    return createStringError("estimator '" + name + "' has parameter '" +
                             parameter +
                             "', expected a percentage above 50 and at most "
                             "100, as in 'percentile:99.99'");
  if (kind == "percentile")
    return guarded([percent](const TensorStatistics &t, EstimatorTarget) {
      return estimatePercentile(t, percent);
    });
  if (!parameter.empty())
    return createStringError("estimator '" + kind +
                             "' has no parameter, found '" + parameter + "'");
  if (kind == "minmax")
    return guarded([](const TensorStatistics &t, EstimatorTarget) {
      return estimateMinMax(t);
    });
  if (kind == "moving-average")
    return guarded([](const TensorStatistics &t, EstimatorTarget) {
      return estimateMovingAverage(t);
    });
  if (kind == "kl")
    return guarded(estimateKLDivergence);
  if (kind == "mse")
    return guarded(estimateMeanSquaredError);
  if (kind == "aciq")
    return guarded(estimateACIQ);
  return createStringError("there is no estimator '" + kind +
                           "', expected one of " +
                           join(getEstimatorNames(), ", "));
}
