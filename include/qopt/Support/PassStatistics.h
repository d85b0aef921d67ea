// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Counters of what passes did. MLIR's own (`--mlir-pass-statistics`) count
// nothing in a released LLVM, where they are compiled out; these always work.
// A pass declares its statistics in Passes.td, where the documentation finds
// them, and records them by the same names.

#ifndef QOPT_SUPPORT_PASSSTATISTICS_H
#define QOPT_SUPPORT_PASSSTATISTICS_H

#include "llvm/ADT/StringRef.h"
#include <cstdint>

namespace llvm {
class raw_ostream;
} // namespace llvm

namespace mlir {
class Pass;
} // namespace mlir

namespace qopt {

/// Adds `value` to the statistic `name` of all passes with this pass's flag.
/// May be called from any thread; costs nothing to speak of.
void recordStatistic(const mlir::Pass &pass, llvm::StringRef name,
                     uint64_t value);

/// Registers the command line flag `--pass-statistics`.
void registerPassStatisticsFlag();

/// Prints one line for each statistic that was recorded, `flag: name = value`,
/// in the order of the alphabet, if the flag was given.
void printPassStatistics(llvm::raw_ostream &os);

} // namespace qopt

#endif // QOPT_SUPPORT_PASSSTATISTICS_H
