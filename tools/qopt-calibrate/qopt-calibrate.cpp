// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// qopt-calibrate: gathers, merges, shows and compares the statistics of a float
// model's tensors.

#include "Commands.h"

#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/WithColor.h"
#include "llvm/Support/raw_ostream.h"

#include <sys/resource.h>

using namespace llvm;
using namespace qoptcalibrate;

static Error run(const Options &options) {
  switch (options.action) {
  case Action::Gather:
    return gather(options);
  case Action::Merge:
    return merge(options);
  case Action::Show:
    return show(options);
  case Action::Compare:
    return compare(options);
  }
  llvm_unreachable("all actions are run");
}

int main(int argc, char **argv) {
  InitLLVM init(argc, argv);
  Options options = parseCommandLine(argc, argv);
  Error error = run(options);
  outs().flush();
  if (options.memory) {
    struct rusage usage;
    if (getrusage(RUSAGE_SELF, &usage) == 0)
      errs() << "peak memory " << usage.ru_maxrss << " KiB\n";
  }
  if (error) {
    logAllUnhandledErrors(std::move(error),
                          WithColor::error(errs(), "qopt-calibrate"));
    return 1;
  }
  return 0;
}
