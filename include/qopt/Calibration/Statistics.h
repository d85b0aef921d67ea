// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The statistics of all tensors of a model, and the file that keeps them: JSON
// with a version and the fingerprint of the model. The same observations make
// the same bytes, in whatever order and parts they were made. Files are not
// trusted: what does not add up is an error that names the file, the tensor,
// the value found and the one expected.

#ifndef QOPT_CALIBRATION_STATISTICS_H
#define QOPT_CALIBRATION_STATISTICS_H

#include "qopt/Calibration/TensorStatistics.h"

#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"

namespace qopt::calibration {

struct Statistics {
  static constexpr int64_t version = 1;

  /// SHA-256 of the module that was run, in hexadecimal digits.
  std::string fingerprint;
  uint64_t numSamples = 0;
  /// In the order of the program.
  std::vector<TensorStatistics> tensors;

  /// The tensor of that name, or null.
  const TensorStatistics *find(llvm::StringRef name) const;

  /// Adds observations of the same model; \p file stands for them in messages.
  llvm::Error add(const Statistics &other, llvm::StringRef file);

  /// Fails with both fingerprints unless this is the given one.
  llvm::Error checkFingerprint(llvm::StringRef expected,
                               llvm::StringRef file) const;
};

void writeStatistics(const Statistics &statistics, llvm::raw_ostream &out);

/// \p file stands for the text in messages.
llvm::Expected<Statistics> parseStatistics(llvm::StringRef text,
                                           llvm::StringRef file);

llvm::Expected<Statistics> loadStatistics(llvm::StringRef path);

} // namespace qopt::calibration

#endif // QOPT_CALIBRATION_STATISTICS_H
