// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// With g = H e, moving weight k by d changes a row's error by 2 d g[k] + d^2
// H[k,k], least at d = -g[k] / H[k,k]; d is a multiple of a step.
//
// Each move changes all of g by a row of H, which for large layers fits no
// cache. Weights are therefore taken in blocks: inside the block g is kept up
// to date at once, elsewhere by one product of matrices for all rows of
// weights.

#include "qopt/WeightRounding/Rounding.h"

#include <algorithm>
#include <cmath>

using namespace qopt::rounding;

namespace {
constexpr int64_t blockSize = 64;

class Descent {
public:
  Descent(const Problem &problem, Integers &integers);

  /// One pass over all weights of the rows that still move. Whether any did.
  bool sweep();
  /// e H e' of each row.
  std::vector<double> getErrors() const;

private:
  double getOffset(int64_t row, int64_t k) const {
    return (static_cast<double>(integers[row][k]) - problem.targets(row, k)) *
           problem.getStep(row, k);
  }
  int64_t chooseSteps(int64_t row, int64_t k) const;
  /// Moves the weights of a row in a block; how many of them moved.
  int64_t moveInBlock(int64_t row, int64_t begin, int64_t end);
  void updateOutside(int64_t begin, int64_t end, int64_t numMoves);

  const Problem &problem;
  const Matrix &moments;
  Integers &integers;
  int64_t depth, rows;
  /// g, one row for each row of weights.
  Matrix slopes;
  /// The moves of a block: weights x rows.
  Matrix moves;
  std::vector<int64_t> moving;
};
} // namespace

Descent::Descent(const Problem &problem, Integers &integers)
    : problem(problem), moments(*problem.moments), integers(integers),
      depth(moments.rows), rows(problem.targets.rows), slopes(rows, depth),
      moves(blockSize, rows), moving(rows) {
  Matrix offsets(depth, rows);
  for (int64_t row = 0; row < rows; ++row) {
    moving[row] = row;
    for (int64_t k = 0; k < depth; ++k)
      offsets(k, row) = getOffset(row, k);
  }
  addTransposedProduct(offsets.row(0), rows, moments.row(0), depth,
                       slopes.row(0), depth, depth, rows, depth);
}

/// By how many steps a weight is to move.
int64_t Descent::chooseSteps(int64_t row, int64_t k) const {
  double slope = slopes(row, k), curvature = moments(k, k);
  if (!(curvature > 0))
    return 0;
  double unit = problem.getStep(row, k);
  auto present = static_cast<double>(integers[row][k]);
  double wanted = std::clamp(present - std::round(slope / curvature / unit),
                             static_cast<double>(problem.min),
                             static_cast<double>(problem.max));
  double move = (wanted - present) * unit;
  // Less than this is noise of the sums.
  if (move * (2 * slope + move * curvature) > -1e-9 * curvature * unit * unit)
    return 0;
  return static_cast<int64_t>(wanted - present);
}

int64_t Descent::moveInBlock(int64_t row, int64_t begin, int64_t end) {
  int64_t numMoves = 0;
  double *slope = slopes.row(row);
  for (int64_t k = begin; k < end; ++k) {
    int64_t steps = chooseSteps(row, k);
    if (steps == 0)
      continue;
    integers[row][k] += steps;
    double move = static_cast<double>(steps) * problem.getStep(row, k);
    moves(k - begin, row) = move;
    const double *line = moments.row(k);
    for (int64_t j = begin; j < end; ++j)
      slope[j] += move * line[j];
    ++numMoves;
  }
  return numMoves;
}

void Descent::updateOutside(int64_t begin, int64_t end, int64_t numMoves) {
  // Few moves are cheaper one by one than a product full of zeros.
  constexpr int64_t sparsity = 16;
  bool isDense = numMoves * sparsity > (end - begin) * rows;
  for (auto [from, to] : {std::pair(int64_t(0), begin), std::pair(end, depth)})
    if (isDense && from < to)
      addTransposedProduct(moves.row(0), rows, moments.row(begin) + from, depth,
                           slopes.row(0) + from, depth, end - begin, rows,
                           to - from);
  if (isDense)
    return;
  for (int64_t row : moving)
    for (int64_t k = begin; k < end; ++k) {
      double move = moves(k - begin, row);
      if (move == 0)
        continue;
      const double *line = moments.row(k);
      double *slope = slopes.row(row);
      for (int64_t j = 0; j < begin; ++j)
        slope[j] += move * line[j];
      for (int64_t j = end; j < depth; ++j)
        slope[j] += move * line[j];
    }
}

bool Descent::sweep() {
  std::vector<bool> moved(rows, false);
  for (int64_t begin = 0; begin < depth; begin += blockSize) {
    int64_t end = std::min(depth, begin + blockSize), numMoves = 0;
    std::fill(moves.values.begin(), moves.values.end(), 0.0);
    for (int64_t row : moving) {
      int64_t own = moveInBlock(row, begin, end);
      moved[row] = moved[row] || own > 0;
      numMoves += own;
    }
    if (numMoves > 0)
      updateOutside(begin, end, numMoves);
  }
  moving.erase(std::remove_if(moving.begin(), moving.end(),
                              [&](int64_t row) { return !moved[row]; }),
               moving.end());
  return !moving.empty();
}

std::vector<double> Descent::getErrors() const {
  std::vector<double> errors(rows, 0.0);
  for (int64_t row = 0; row < rows; ++row)
    for (int64_t k = 0; k < depth; ++k)
      errors[row] += getOffset(row, k) * slopes(row, k);
  return errors;
}

std::vector<double> qopt::rounding::descend(const Problem &problem,
                                            Integers &integers,
                                            int64_t sweeps) {
  Descent descent(problem, integers);
  for (int64_t sweep = 0; sweep < sweeps && descent.sweep(); ++sweep)
    ;
  return descent.getErrors();
}
