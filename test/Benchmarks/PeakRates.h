// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the dot instructions of this machine reach when nothing is loaded or
// stored: the measure of every kernel that is made of them.

#ifndef QOPT_TEST_BENCHMARKS_PEAKRATES_H
#define QOPT_TEST_BENCHMARKS_PEAKRATES_H

#include "qopt/Target/CPU/TargetFacts.h"

#include <string>

namespace qopt::bench {

struct PeakRate {
  /// The instructions, empty if nothing is known of this target.
  std::string instructions;
  double macsPerSecond = 0;
};

/// The best of many short loops over registers with the instructions that
/// schedules for such a target use; with `isByteSum` where weights let it add
/// up two steps of products in 16 bits.
PeakRate measurePeakRate(const cpu::TargetFacts &facts, bool isByteSum);

} // namespace qopt::bench

#endif // QOPT_TEST_BENCHMARKS_PEAKRATES_H
