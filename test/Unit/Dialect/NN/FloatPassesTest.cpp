// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The passes on float graphs: what the interpreter gives before and after
// differs by no more than 1e-5 of the largest element, on graphs that nobody
// wrote.

#include "RandomFloatGraph.h"
#include "SameBytes.h"

#include "gtest/gtest.h"

#include <cstdlib>

using namespace qopt::test;

namespace {
class FloatPasses : public testing::TestWithParam<const char *> {};
} // namespace

TEST_P(FloatPasses, KeepRandomGraphs) {
  // QOPT_RANDOM_GRAPHS asks for more than the quick suite does.
  const char *wanted = std::getenv("QOPT_RANDOM_GRAPHS");
  unsigned count = wanted ? std::atoi(wanted) : 150, numChanged = 0;
  for (unsigned seed = 1; seed <= count && !HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    numChanged += expectSameFloats(makeRandomFloatGraph(seed), GetParam());
  }
  EXPECT_GT(numChanged, 0u) << "the pass never changed anything";
}

INSTANTIATE_TEST_SUITE_P(
    Each, FloatPasses,
    testing::Values("canonicalize", "cse", "nn-fold-batch-norm",
                    "nn-fuse-activations",
                    "nn-equalize-cross-layer",
                    "canonicalize,cse,nn-fold-batch-norm,nn-fuse-activations,"
                    "canonicalize"));
