// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How far a long run is: a bar with the time left on a terminal, a line now and
// then elsewhere.

#ifndef QOPT_TOOLS_QOPT_CALIBRATE_PROGRESS_H
#define QOPT_TOOLS_QOPT_CALIBRATE_PROGRESS_H

#include <chrono>
#include <cstdint>

namespace qoptcalibrate {

class Progress {
public:
  Progress(int64_t total, bool quiet);
  /// After `done` samples.
  void update(int64_t done);
  /// Ends the bar's line and says how long it took.
  void finish(int64_t done);

private:
  using Clock = std::chrono::steady_clock;
  int64_t total;
  bool quiet, isTerminal;
  Clock::time_point start, last;
};

} // namespace qoptcalibrate

#endif // QOPT_TOOLS_QOPT_CALIBRATE_PROGRESS_H
