// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// With H = transpose(R) * R, R upper triangular, the error of a row is
//
//   e H e' = sum_i (R[i,i] e[i] + sum over j > i of R[i,j] e[j])^2.
//
// From the last weight to the first each square in turn is made as small as an
// integer can make it, given the weights after it. That is GPTQ (Frantar et al.
// 2022, arXiv 2210.17323) without the inverse of H, and Babai's nearest plane
// (Chen et al. 2025, arXiv 2507.18553). The weights with the largest inputs are
// rounded first, while all the others can still make up for them.

#include "qopt/WeightRounding/Rounding.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

using namespace qopt::rounding;

Integers qopt::rounding::roundSequentially(const Problem &problem) {
  const Matrix &moments = *problem.moments;
  int64_t depth = moments.rows, rows = problem.targets.rows;
  std::vector<int64_t> order(depth);
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [&](int64_t a, int64_t b) {
    return std::pair(moments(a, a), a) < std::pair(moments(b, b), b);
  });
  Matrix factor(depth, depth);
  for (int64_t i = 0; i < depth; ++i)
    for (int64_t j = 0; j < depth; ++j)
      factor(i, j) = moments(order[i], order[j]);
  Integers integers = roundToNearest(problem);
  if (!factorize(factor))
    return integers;

  // Blocks of weights, so that what the later blocks contribute is a product
  // of matrices. errors: weights x rows; pulls: what the sum over j amounts to.
  constexpr int64_t block = 48;
  Matrix errors(depth, rows), pulls(block, rows), factors(depth, block);
  for (int64_t end = depth; end > 0; end -= std::min(block, end)) {
    int64_t begin = std::max<int64_t>(0, end - block), height = end - begin;
    for (int64_t j = end; j < depth; ++j)
      for (int64_t i = 0; i < height; ++i)
        factors(j, i) = factor(begin + i, j);
    std::fill(pulls.values.begin(), pulls.values.end(), 0.0);
    if (end < depth)
      addTransposedProduct(factors.row(end), block, errors.row(end), rows,
                           pulls.row(0), rows, depth - end, height, rows);
    for (int64_t i = end - 1; i >= begin; --i) {
      double *pull = pulls.row(i - begin);
      for (int64_t j = i + 1; j < end; ++j)
        for (int64_t row = 0; row < rows; ++row)
          pull[row] += factor(i, j) * errors(j, row);
      for (int64_t row = 0; row < rows; ++row) {
        double target = problem.targets(row, order[i]);
        double unit = problem.getStep(row, order[i]);
        double wanted = std::round(target - pull[row] / factor(i, i) / unit);
        wanted = std::clamp(wanted, static_cast<double>(problem.min),
                            static_cast<double>(problem.max));
        integers[row][order[i]] = static_cast<int64_t>(wanted);
        errors(i, row) = (wanted - target) * unit;
      }
    }
  }
  return integers;
}
