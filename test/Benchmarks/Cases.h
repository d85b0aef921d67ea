// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The layers that are compared: for each a graph of one operation, and the
// plain loops that compute the same.

#ifndef QOPT_TEST_BENCHMARKS_CASES_H
#define QOPT_TEST_BENCHMARKS_CASES_H

#include "PlainLoops.h"

#include <functional>
#include <string>
#include <vector>

namespace qopt::bench {

struct Case {
  std::string name;
  /// The graph @main.
  std::string text;
  unsigned numInputs = 1;
  /// Whether the inputs are floats; others are bytes.
  bool takesFloats = false;
  /// Relative difference of floats; 0 means that all bytes are equal.
  double tolerance = 0;
  /// Multiplications, or elements where there are none.
  int64_t work = 0;
  /// Whether the work is products of bytes, which the peak rate is one of.
  bool isDotProducts = false;
  std::function<void(const char *const *inputs, char *output)> plain;
};

std::vector<Case> convolutionCases();
/// Shapes of every kind, to find those that are served badly.
std::vector<Case> gridCases();
std::vector<Case> largeGridCases();
std::vector<Case> elementwiseCases();
std::vector<Case> movementCases();

/// Weights of convolutions of bytes made from now on are no larger.
void setLargestWeight(int largest);

/// Bytes in [least, most], the same ones at every call.
std::vector<int8_t> randomBytes(size_t count, int least, int most,
                                unsigned seed);
/// dense<"0x…">
std::string denseHex(const void *data, size_t size);

} // namespace qopt::bench

#endif // QOPT_TEST_BENCHMARKS_CASES_H
