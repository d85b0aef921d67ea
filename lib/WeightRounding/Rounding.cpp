// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Rounding to the nearest, and what turns any proposal into a result
// that is nowhere worse: descent by single weights from both the proposal and
// the nearest integers, and for each row the better one.

#include "qopt/WeightRounding/Rounding.h"

#include <algorithm>
#include <cmath>

using namespace qopt::rounding;

static int64_t clampToBounds(const Problem &problem, double value) {
  return static_cast<int64_t>(std::clamp(value,
                                         static_cast<double>(problem.min),
                                         static_cast<double>(problem.max)));
}

Integers qopt::rounding::roundToNearest(const Problem &problem) {
  Integers integers(problem.targets.rows);
  for (int64_t row = 0; row < problem.targets.rows; ++row)
    for (int64_t k = 0; k < problem.targets.columns; ++k)
      integers[row].push_back(
          clampToBounds(problem, std::round(problem.targets(row, k))));
  return integers;
}

// With p inputs, n windows and the correlation matrix R, whose trace is p, the
// part to shrink by is
//
//   ((1 - 2/p) tr(R R) + p^2) / ((n + 1 - 2/p) (tr(R R) - p))
void qopt::rounding::regularize(Matrix &moments, double count, double damping) {
  int64_t depth = moments.rows;
  double trace = 0, squares = 0, p = 0; // p: of inputs that vary
  for (int64_t i = 0; i < depth; ++i) {
    trace += moments(i, i);
    p += moments(i, i) > 0;
    for (int64_t j = 0; j < depth; ++j) {
      double variances = moments(i, i) * moments(j, j);
      if (variances > 0)
        squares += moments(i, j) * moments(i, j) / variances;
    }
  }
  double shrinkage = 1;
  double excess = p > 1 ? (count + 1 - 2 / p) * (squares - p) : 0;
  if (excess > 0)
    shrinkage = std::min(1.0, ((1 - 2 / p) * squares + p * p) / excess);
  for (int64_t i = 0; i < depth; ++i)
    for (int64_t j = 0; j < depth; ++j)
      if (i != j)
        moments(i, j) *= 1 - shrinkage;
      else // Inputs that are always zero leave nothing to choose by.
        moments(i, i) +=
            trace > 0 ? damping * trace / static_cast<double>(depth) : 1.0;
}

Integers qopt::rounding::round(const Problem &problem, Method method,
                               const LearningOptions &options) {
  Integers best = roundToNearest(problem);
  if (method == Method::Nearest)
    return best;
  Integers proposal = method == Method::Sequential
                          ? roundSequentially(problem)
                          : roundByLearning(problem, options);
  std::vector<double> least = descend(problem, best);
  std::vector<double> proposed = descend(problem, proposal);
  // By more than what the sums round away.
  for (int64_t row = 0; row < problem.targets.rows; ++row)
    if (proposed[row] < least[row] * (1 - 1e-9))
      best[row] = std::move(proposal[row]);
  return best;
}
