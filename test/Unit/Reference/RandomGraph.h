// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Random quantized graphs as text, for properties that must hold for any model:
// odd shapes, all storage types, zero points and scales anywhere.

#ifndef QOPT_TEST_UNIT_REFERENCE_RANDOMGRAPH_H
#define QOPT_TEST_UNIT_REFERENCE_RANDOMGRAPH_H

#include "qopt/Support/Tensor.h"

#include <random>
#include <string>

namespace qopt::test {

struct RandomGraph {
  /// A module with the function `main`, of one input and one result.
  std::string text;
  /// An input over the whole storage range.
  Tensor input;
};

/// The same seed gives the same graph everywhere.
RandomGraph makeRandomGraph(unsigned seed);

} // namespace qopt::test

#endif // QOPT_TEST_UNIT_REFERENCE_RANDOMGRAPH_H
