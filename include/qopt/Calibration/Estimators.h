// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Range estimators: which interval of reals a quantized tensor should express,
// given what was observed of it. Values outside will be clamped.

#ifndef QOPT_CALIBRATION_ESTIMATORS_H
#define QOPT_CALIBRATION_ESTIMATORS_H

#include "qopt/Calibration/TensorStatistics.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <functional>

namespace qopt::calibration {

/// Both ends are finite, min <= max.
struct Range {
  double min = 0, max = 0;
};

/// The quantizer that the range is for.
struct EstimatorTarget {
  unsigned bits = 8;
  /// The range will be centred on zero.
  bool symmetric = false;
};

using Estimator =
    std::function<Range(const TensorStatistics &, EstimatorTarget)>;

/// All estimators by name, for messages and help.
llvm::ArrayRef<llvm::StringRef> getEstimatorNames();

/// `minmax`, `moving-average`, `percentile[:PERCENT]`, `kl`, `mse` or `aciq`.
/// Each is a pure function; a tensor without finite elements gives [0, 0].
llvm::Expected<Estimator> getEstimator(llvm::StringRef name);

} // namespace qopt::calibration

#endif // QOPT_CALIBRATION_ESTIMATORS_H
