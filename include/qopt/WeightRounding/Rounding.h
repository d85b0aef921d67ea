// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which integers stand for a layer's weights. Rounding each weight to the
// nearest makes each error small; what counts is the error of the layer's
// result, e H e' (Moments.h), in which errors of correlated inputs can cancel.
// To find the best integers is hard (Nagel et al. 2020, arXiv 2004.10568,
// section 3); here are three ways to good ones.

#ifndef QOPT_WEIGHTROUNDING_ROUNDING_H
#define QOPT_WEIGHTROUNDING_ROUNDING_H

#include "qopt/WeightRounding/LinearAlgebra.h"

#include <cstdint>
#include <functional>
#include <vector>

namespace qopt::rounding {

enum class Method {
  /// Each weight by itself, halves away from zero.
  Nearest,
  /// One weight after the other; the ones not yet rounded make up for the error
  /// so far (GPTQ: Frantar et al. 2022, arXiv 2210.17323).
  Sequential,
  /// Up or down is learned for all weights at once (AdaRound).
  Learned,
};

/// Rows of weights that meet the same inputs.
struct Problem {
  /// Weights in steps: w / scale + zero point.
  Matrix targets;
  /// What a step amounts to, where the weights of a row have several scales;
  /// empty where all of a row's steps are equal.
  Matrix steps;
  /// The bounds of what is stored.
  int64_t min = -127, max = 127;
  /// The second moments of the inputs, symmetric, damped.
  const Matrix *moments = nullptr;

  double getStep(int64_t row, int64_t k) const {
    return steps.values.empty() ? 1 : steps(row, k);
  }
};

/// One row of integers for each row of targets.
using Integers = std::vector<std::vector<int64_t>>;

struct LearningOptions {
  int64_t iterations = 500;
  double learningRate = 0.1;
  /// Weight of the term that drives the choice to 0 or 1.
  double regularization = 0.1;
};

/// Rounds by one method. Of no row is the error greater than that of rounding
/// to the nearest.
Integers round(const Problem &problem, Method method,
               const LearningOptions &options = {});

//===----------------------------------------------------------------------===//
// Parts
//===----------------------------------------------------------------------===//

Integers roundToNearest(const Problem &problem);
Integers roundSequentially(const Problem &problem);
Integers roundByLearning(const Problem &problem,
                         const LearningOptions &options);

/// Moves single weights as long as that makes a row's error smaller. Each step
/// makes it smaller, so there is an end; at most `sweeps` over the row. Returns
/// the rows' errors.
std::vector<double> descend(const Problem &problem, Integers &integers,
                            int64_t sweeps = 50);

/// Makes moments of `count` windows into what they are likely to be for other
/// data. Correlations that so few windows cannot prove are shrunk towards zero
/// (the oracle approximating shrinkage of Chen et al. 2010, arXiv 0907.4698, of
/// the correlation matrix), and `damping` times the mean of the diagonal is
/// added to the diagonal.
void regularize(Matrix &moments, double count, double damping);

} // namespace qopt::rounding

#endif // QOPT_WEIGHTROUNDING_ROUNDING_H
