// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Everything that was observed (Jacob et al. 2018, arXiv 1712.05877, section
// 3).

#include "EstimatorKinds.h"

using namespace qopt::calibration;

Range qopt::calibration::estimateMinMax(const TensorStatistics &tensor) {
  return {tensor.min, tensor.max};
}
