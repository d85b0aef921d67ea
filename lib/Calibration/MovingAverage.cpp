// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The mean of the extremes of single samples: what an exponential moving
// average (Jacob et al. 2018, arXiv 1712.05877, section 3.1) tends to, but not
// dependent on the samples' order, so that shards can be merged.

#include "EstimatorKinds.h"

using namespace qopt::calibration;

Range qopt::calibration::estimateMovingAverage(const TensorStatistics &tensor) {
  double count = static_cast<double>(tensor.samples);
  return intersect({tensor.sumOfMinima.toDouble() / count,
                    tensor.sumOfMaxima.toDouble() / count},
                   tensor);
}
