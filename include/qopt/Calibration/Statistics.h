// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The statistics of a model's tensors, and the file that holds them:
//
//   {"format": "qopt statistics", "version": 1, "model": "<SHA-256>",
//    "tensors": {"<name>": {...}, ...}}
//
// JSON with the tensors sorted by name, so that equal statistics are equal
// files.

#ifndef QOPT_CALIBRATION_STATISTICS_H
#define QOPT_CALIBRATION_STATISTICS_H

#include "qopt/Calibration/TensorStatistics.h"

#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"

#include <map>

namespace qopt::calibration {

struct Statistics {
  static constexpr int64_t version = 1;

  /// Identifies the graph whose tensors these are.
  std::string model;
  std::map<std::string, TensorStatistics> tensors;

  /// Adds the other's samples. An error, which names both by \p otherName, and
  /// no change, if they are of another graph.
  llvm::Error merge(const Statistics &other, llvm::StringRef otherName);

  /// How many samples were seen.
  uint64_t getSampleCount() const;
};

void write(const Statistics &statistics, llvm::raw_ostream &out);

/// Reads what `write` wrote. The text is not trusted: an error names \p path,
/// the tensor, what was found and what was expected.
llvm::Expected<Statistics> parse(llvm::StringRef text, llvm::StringRef path);

/// The statistics in a file.
llvm::Expected<Statistics> readStatistics(llvm::StringRef path);

} // namespace qopt::calibration

#endif // QOPT_CALIBRATION_STATISTICS_H
