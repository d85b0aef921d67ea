// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Wall-clock time of the compiler's phases and its table.

#ifndef QOPT_PIPELINES_PHASETIMES_H
#define QOPT_PIPELINES_PHASETIMES_H

#include "llvm/Support/raw_ostream.h"
#include <chrono>
#include <string>
#include <vector>

namespace qopt {

class PhaseTimes {
public:
  /// Measures from construction to destruction.
  class Scope {
  public:
    Scope(PhaseTimes &times, llvm::StringRef name)
        : times(times), name(name.str()), start(Clock::now()) {}
    ~Scope();

  private:
    using Clock = std::chrono::steady_clock;
    PhaseTimes &times;
    std::string name;
    Clock::time_point start;
  };

  void add(llvm::StringRef name, double seconds);
  /// A table: phase, seconds, share.
  void print(llvm::raw_ostream &out) const;

private:
  struct Entry {
    std::string name;
    double seconds;
  };
  std::vector<Entry> entries;
};

} // namespace qopt

#endif // QOPT_PIPELINES_PHASETIMES_H
