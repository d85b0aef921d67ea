// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// qopt-calibrate's command line.

#ifndef QOPT_TOOLS_QOPT_CALIBRATE_OPTIONS_H
#define QOPT_TOOLS_QOPT_CALIBRATE_OPTIONS_H

#include "qopt/Samples/Samples.h"

namespace qoptcalibrate {

enum class Action { Gather, Merge, Show, Compare };

struct Options {
  Action action = Action::Gather;
  /// The model, or files of statistics.
  std::vector<std::string> files;
  std::vector<std::string> data;
  std::string output;
  qopt::samples::SampleOptions samples;
  /// Of the ranges that are shown and compared.
  std::string estimator = "minmax";
  unsigned bits = 8;
  bool symmetric = false;
  /// Of all samples, those from first on, every step-th, at most limit.
  int64_t first = 0, step = 1, limit = -1;
  bool quiet = false;
  bool memory = false;
};

/// Parses the command line; exits with a message when it cannot be parsed and
/// after --help.
Options parseCommandLine(int argc, char **argv);

} // namespace qoptcalibrate

#endif // QOPT_TOOLS_QOPT_CALIBRATE_OPTIONS_H
