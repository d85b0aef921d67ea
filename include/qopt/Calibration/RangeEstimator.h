// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// From what a tensor held to the range that it is quantized for. An estimator
// is a pure function of the statistics: it can be run again at any time, with
// other parameters, without data.

#ifndef QOPT_CALIBRATION_RANGEESTIMATOR_H
#define QOPT_CALIBRATION_RANGEESTIMATOR_H

#include "qopt/Calibration/TensorStatistics.h"
#include "qopt/Numerics/QuantizationParameters.h"

#include "llvm/Support/Error.h"

namespace qopt::calibration {

/// How the tensor will be stored.
struct RangeRequest {
  unsigned bits = 8;
  bool isSigned = true;
  /// Zero point 0: the range is centred on 0.
  bool symmetric = false;
};

struct Range {
  double min = 0, max = 0;

  bool operator==(const Range &other) const {
    return min == other.min && max == other.max;
  }
};

class RangeEstimator {
public:
  /// \p parameter is what followed the colon, already checked.
  using Function = Range (*)(const TensorStatistics &, const RangeRequest &,
                             double parameter);

  RangeEstimator(Function function, double parameter)
      : function(function), parameter(parameter) {}

  /// The range, which holds 0 and lies within what was observed or, where 0 was
  /// not, up to 0. An error for a tensor without finite values.
  llvm::Expected<Range> estimate(const TensorStatistics &tensor,
                                 const RangeRequest &request) const;

private:
  Function function;
  double parameter;
};

/// What `--help` says of an estimator.
struct EstimatorInfo {
  llvm::StringRef name;
  /// "percentile:99.99", or empty if it takes none.
  llvm::StringRef example;
  llvm::StringRef description;
};

/// All estimators.
llvm::ArrayRef<EstimatorInfo> getEstimators();

/// Reads `name` or `name:parameter`; an error lists what there is.
llvm::Expected<RangeEstimator> parseRangeEstimator(llvm::StringRef text);

/// The mean squared error of storing the observed values in this range, the
/// values of a bin being spread evenly over it.
double getMeanSquaredError(const TensorStatistics &tensor,
                           const RangeRequest &request, Range range);

} // namespace qopt::calibration

#endif // QOPT_CALIBRATION_RANGEESTIMATOR_H
