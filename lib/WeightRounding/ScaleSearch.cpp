// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A smaller scale cuts off the largest weights and is finer for the rest.
// Unlike a search by the weights' own squared error, this one asks for the
// error of the layer's result.

#include "qopt/WeightRounding/Rounding.h"

#include <algorithm>
#include <cmath>

using namespace qopt::rounding;

/// The error of a row, in steps of the original scale, when weights are rounded
/// to multiples of `factor`.
static double getErrorOf(const Problem &problem, int64_t row, double zeroPoint,
                         double factor) {
  const Matrix &moments = *problem.moments;
  int64_t depth = moments.rows;
  std::vector<double> errors(depth);
  for (int64_t k = 0; k < depth; ++k) {
    double weight = problem.targets(row, k) - zeroPoint;
    double stored = std::clamp(std::round(weight / factor + zeroPoint),
                               static_cast<double>(problem.min),
                               static_cast<double>(problem.max));
    errors[k] = (stored - zeroPoint) * factor - weight;
  }
  double error = 0;
  for (int64_t i = 0; i < depth; ++i) {
    double sum = 0;
    for (int64_t j = 0; j < depth; ++j)
      sum += moments(i, j) * errors[j];
    error += sum * errors[i];
  }
  return error;
}

std::vector<double> qopt::rounding::searchScales(const Problem &problem,
                                                 int64_t zeroPoint,
                                                 double least, double step) {
  std::vector<double> factors(problem.targets.rows, 1.0);
  int64_t steps = static_cast<int64_t>((1 - least) / step + 0.5);
  double zero = static_cast<double>(zeroPoint);
  for (int64_t row = 0; row < problem.targets.rows; ++row) {
    double best = getErrorOf(problem, row, zero, 1);
    for (int64_t i = 1; i <= steps; ++i) {
      double factor = 1 - static_cast<double>(i) * step;
      double error = getErrorOf(problem, row, zero, factor);
      if (error < best) {
        best = error;
        factors[row] = factor;
      }
    }
  }
  return factors;
}
