// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What qopt-calibrate can do, one function an action.

#ifndef QOPT_TOOLS_QOPT_CALIBRATE_COMMANDS_H
#define QOPT_TOOLS_QOPT_CALIBRATE_COMMANDS_H

#include "Options.h"

#include "qopt/Calibration/RangeEstimator.h"
#include "qopt/Calibration/Statistics.h"

namespace qoptcalibrate {

llvm::Error gather(const Options &options);
llvm::Error merge(const Options &options);
llvm::Error show(const Options &options);
llvm::Error compare(const Options &options);

/// Writes a file, complete or not at all.
llvm::Error save(const qopt::calibration::Statistics &statistics,
                 llvm::StringRef path);

/// The range of a tensor as the options want it; nothing for one without finite
/// values.
std::optional<qopt::calibration::Range>
getRange(const qopt::calibration::TensorStatistics &tensor,
         const qopt::calibration::RangeEstimator &estimator,
         const Options &options);

/// Four significant digits.
std::string printNumber(double value);

} // namespace qoptcalibrate

#endif // QOPT_TOOLS_QOPT_CALIBRATE_COMMANDS_H
