// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Draws to standard error.

#include "Progress.h"

#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace qoptcalibrate;

Progress::Progress(int64_t total, bool quiet)
    : total(total), quiet(quiet),
      isTerminal(sys::Process::StandardErrIsDisplayed()), start(Clock::now()),
      last(start) {}

static double seconds(std::chrono::steady_clock::duration time) {
  return std::chrono::duration<double>(time).count();
}

/// "1:02:03", "2:03"
static std::string printTime(double time) {
  auto whole = static_cast<int64_t>(time + 0.5);
  int64_t hours = whole / 3600, minutes = whole / 60 % 60;
  if (hours > 0)
    return formatv("{0}:{1,0+2}:{2,0+2}", hours, minutes, whole % 60);
  return formatv("{0}:{1,0+2}", minutes, whole % 60);
}

void Progress::update(int64_t done) {
  Clock::time_point now = Clock::now();
  // Often enough for the eye; rarely enough for a log.
  if (quiet || seconds(now - last) < (isTerminal ? 0.1 : 10) || done == 0)
    return;
  last = now;
  double left = seconds(now - start) / done * (total - done);
  if (!isTerminal) {
    errs() << formatv("{0} of {1} samples, {2} left\n", done, total,
                      printTime(left));
    return;
  }
  constexpr int64_t width = 40;
  std::string bar(width * done / total, '#');
  bar.resize(width, '.');
  errs() << formatv("\r[{0}] {1}/{2} samples, {3} left ", bar, done, total,
                    printTime(left));
}

void Progress::finish(int64_t done) {
  if (quiet)
    return;
  double time = seconds(Clock::now() - start);
  if (isTerminal)
    errs() << "\r\033[K";
  errs() << formatv("{0} samples in {1:f1} s, {2:f2} ms each\n", done, time,
                    done ? 1000 * time / done : 0);
}
