// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The mean of the samples' least and of their greatest values. It stands for
// the exponential moving average of Jacob et al. 2018 (arXiv 1712.05877,
// section 3.1), whose result depends on the order of the samples; this one does
// not.

#include "Estimators.h"

using namespace qopt::calibration;

Range qopt::calibration::estimateMovingAverage(const TensorStatistics &tensor,
                                               const RangeRequest &, double) {
  return {tensor.getMeanMin(), tensor.getMeanMax()};
}
