// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The estimators, one file each, and what they share. All are given statistics
// with at least one finite value.

#ifndef QOPT_LIB_CALIBRATION_ESTIMATORS_ESTIMATORS_H
#define QOPT_LIB_CALIBRATION_ESTIMATORS_ESTIMATORS_H

#include "qopt/Calibration/RangeEstimator.h"

#include "llvm/ADT/STLFunctionalExtras.h"

namespace qopt::calibration {

Range estimateMinMax(const TensorStatistics &, const RangeRequest &, double);
Range estimateMovingAverage(const TensorStatistics &, const RangeRequest &,
                            double);
Range estimatePercentile(const TensorStatistics &, const RangeRequest &,
                         double percentile);
Range estimateMSE(const TensorStatistics &, const RangeRequest &, double);
Range estimateKLDivergence(const TensorStatistics &, const RangeRequest &,
                           double);

/// The parameter of the ACIQ estimator.
enum class ACIQShape { Best, Laplace, Gauss };
Range estimateACIQ(const TensorStatistics &, const RangeRequest &,
                   double shape);

/// One bin that is not empty, cut to the observed extent.
struct Bin {
  double low, high;
  double count;
};

/// All of them in ascending order.
std::vector<Bin> collectBins(const TensorStatistics &tensor);

/// What was observed, widened to hold 0, and to both sides when the range must
/// be symmetric.
Range getObservedRange(const TensorStatistics &tensor,
                       const RangeRequest &request);

/// The range within \p observed at which the cost is least: a grid over both
/// ends (their halvings by sqrt 2), refined around its best point. Of equal
/// costs the widest range is taken.
Range searchRange(Range observed, const RangeRequest &request,
                  llvm::function_ref<double(Range)> cost);

/// The sum of squared errors of storing the values in a range.
double getSquaredError(llvm::ArrayRef<Bin> bins, const RangeRequest &request,
                       Range range);

} // namespace qopt::calibration

#endif // QOPT_LIB_CALIBRATION_ESTIMATORS_ESTIMATORS_H
