// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The table of --timing.

#include "qopt/Pipelines/PhaseTimes.h"

#include "llvm/Support/FormatVariadic.h"

using namespace llvm;

qopt::PhaseTimes::Scope::~Scope() {
  times.add(name, std::chrono::duration<double>(Clock::now() - start).count());
}

void qopt::PhaseTimes::add(StringRef name, double seconds) {
  for (Entry &entry : entries)
    if (entry.name == name) {
      entry.seconds += seconds;
      return;
    }
  entries.push_back({name.str(), seconds});
}

void qopt::PhaseTimes::print(raw_ostream &out) const {
  double total = 0;
  for (const Entry &entry : entries)
    total += entry.seconds;
  auto row = [&](StringRef name, double seconds) {
    out << formatv("{0,-10} {1,9:f3} s {2,6:f1} %\n", name, seconds,
                   total > 0 ? 100 * seconds / total : 0.0);
  };
  out << formatv("{0,-10} {1,11} {2,8}\n", "phase", "time", "share");
  for (const Entry &entry : entries)
    row(entry.name, entry.seconds);
  row("total", total);
}
