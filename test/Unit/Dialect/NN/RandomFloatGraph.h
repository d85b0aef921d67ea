// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Random float networks as text, as exporters leave them: convolutions with
// batch norms before and behind, scales and shifts as arithmetic, borders,
// pools, branches.

#ifndef QOPT_TEST_UNIT_DIALECT_NN_RANDOMFLOATGRAPH_H
#define QOPT_TEST_UNIT_DIALECT_NN_RANDOMFLOATGRAPH_H

#include <string>

namespace qopt::test {

/// A module with the function `main` of one input and one result.
std::string makeRandomFloatGraph(unsigned seed);

} // namespace qopt::test

#endif // QOPT_TEST_UNIT_DIALECT_NN_RANDOMFLOATGRAPH_H
