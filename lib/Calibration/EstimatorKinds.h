// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The estimators, one file each.

#ifndef QOPT_LIB_CALIBRATION_ESTIMATORKINDS_H
#define QOPT_LIB_CALIBRATION_ESTIMATORKINDS_H

#include "qopt/Calibration/Estimators.h"

namespace qopt::calibration {

Range estimateMinMax(const TensorStatistics &tensor);
Range estimateMovingAverage(const TensorStatistics &tensor);
/// Leaves out (100 - percent) percent of the elements, half on each side.
Range estimatePercentile(const TensorStatistics &tensor, double percent);
Range estimateKLDivergence(const TensorStatistics &tensor,
                           EstimatorTarget target);
Range estimateMeanSquaredError(const TensorStatistics &tensor,
                               EstimatorTarget target);
Range estimateACIQ(const TensorStatistics &tensor, EstimatorTarget target);

/// Within what was observed.
inline Range intersect(Range range, const TensorStatistics &tensor) {
  double low = tensor.min, high = tensor.max;
  range.min = range.min < low ? low : range.min;
  range.max = range.max > high ? high : range.max;
  return range.min <= range.max ? range : Range{low, high};
}

} // namespace qopt::calibration

#endif // QOPT_LIB_CALIBRATION_ESTIMATORKINDS_H
