// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Random matrices for the tests of this folder.

#ifndef QOPT_TEST_UNIT_WEIGHTROUNDING_RANDOMNUMBERS_H
#define QOPT_TEST_UNIT_WEIGHTROUNDING_RANDOMNUMBERS_H

#include "qopt/WeightRounding/LinearAlgebra.h"

#include <random>

namespace qopt::rounding {

inline Matrix makeRandom(std::mt19937 &random, int64_t rows, int64_t columns) {
  std::normal_distribution<double> normal;
  Matrix matrix(rows, columns);
  for (double &value : matrix.values)
    value = normal(random);
  return matrix;
}

/// The second moments of inputs that are correlated: a few sources mixed into
/// `depth` inputs, and a little noise.
inline Matrix makeMoments(std::mt19937 &random, int64_t depth,
                          int64_t sources) {
  Matrix mix = makeRandom(random, sources, depth), moments(depth, depth);
  for (int64_t i = 0; i < depth; ++i)
    for (int64_t j = 0; j < depth; ++j) {
      moments(i, j) = i == j ? 0.05 : 0;
      for (int64_t s = 0; s < sources; ++s)
        moments(i, j) += mix(s, i) * mix(s, j);
    }
  return moments;
}

} // namespace qopt::rounding

#endif // QOPT_TEST_UNIT_WEIGHTROUNDING_RANDOMNUMBERS_H
