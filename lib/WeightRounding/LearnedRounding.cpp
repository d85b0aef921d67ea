// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// AdaRound (Nagel et al. 2020, arXiv 2004.10568): weight = floor(target) +
// h(v), where h is a sigmoid stretched to [-0.1, 1.1] and clamped to [0, 1].
// v minimizes, by Adam (Kingma and Ba 2015, arXiv 1412.6980),
//
//   e H e' / mean(diag H) + lambda * sum (1 - |2 h(v) - 1|^beta)
//
// beta falls from 20 to 2: at first any h in between will do, in the end only 0
// and 1. The paper draws batches of data; the quadratic form is the mean over
// all of it, so each step follows the exact slope. Only plain arithmetic is
// used, an exponential of our own and integral betas included, so the result is
// the same on every machine.

#include "qopt/WeightRounding/Rounding.h"

#include <algorithm>
#include <cmath>
#include <cstring>

using namespace qopt::rounding;

/// e^x to about 1e-10 in [-30, 30].
static double exponential(double x) {
  x = std::clamp(x, -30.0, 30.0);
  double power = std::floor(x * 1.4426950408889634 + 0.5);
  double r = x - power * 0.6931471805599453;
  double sum = 1;
  for (int term = 10; term > 0; --term)
    sum = 1 + sum * r / term;
  uint64_t bits = static_cast<uint64_t>(static_cast<int64_t>(power) + 1023)
                  << 52;
  double scale;
  std::memcpy(&scale, &bits, sizeof(scale));
  return sum * scale;
}

namespace {
constexpr double low = -0.1, high = 1.1;

/// One variable: its value, and Adam's means of slopes and of their squares.
struct Choice {
  double v = 0, slope = 0, square = 0;
};

/// h(v) and its slope.
struct Sigmoid {
  double h, slope;

  explicit Sigmoid(double v) {
    double s = 1 / (1 + exponential(-v));
    h = low + (high - low) * s;
    slope = h <= 0 || h >= 1 ? 0 : (high - low) * s * (1 - s);
    h = std::clamp(h, 0.0, 1.0);
  }
};
} // namespace

/// The v at which h(v) is the given number in [0, 1], by Newton's method.
static double invertSigmoid(double h) {
  double wanted = (h - low) / (high - low), v = 0;
  for (int i = 0; i < 8; ++i) {
    double s = 1 / (1 + exponential(-v));
    v += (wanted - s) / (s * (1 - s));
  }
  return v;
}

/// The slope of 1 - |2 h - 1|^beta.
static double getRegularizerSlope(double h, int beta) {
  double x = 2 * h - 1, power = 1;
  for (int i = 1; i < beta; ++i)
    power *= std::abs(x);
  return (x < 0 ? 2 : -2) * beta * power;
}

Integers qopt::rounding::roundByLearning(const Problem &problem,
                                         const LearningOptions &options) {
  const Matrix &moments = *problem.moments;
  int64_t depth = moments.rows, rows = problem.targets.rows;
  double trace = 0;
  for (int64_t k = 0; k < depth; ++k)
    trace += moments(k, k);
  double scale = trace > 0 ? static_cast<double>(depth) / trace : 0;

  // Weights x rows, so that H * errors is a product of matrices.
  Matrix floors(depth, rows), errors(depth, rows), slopes(depth, rows);
  std::vector<Choice> choices(depth * rows);
  auto at = [&](int64_t k, int64_t row) -> Choice & {
    return choices[k * rows + row];
  };
  for (int64_t k = 0; k < depth; ++k)
    for (int64_t row = 0; row < rows; ++row) {
      double target = problem.targets(row, k);
      floors(k, row) = std::floor(target);
      // Starts where the weight is what it was.
      at(k, row).v = invertSigmoid(target - floors(k, row));
    }

  int64_t warmUp = options.iterations / 5;
  double decaySlope = 1, decaySquare = 1;
  for (int64_t step = 0; step < options.iterations; ++step) {
    int beta = 20;
    if (step >= warmUp)
      beta = 20 - static_cast<int>(
                      18 * (step - warmUp) /
                      std::max<int64_t>(1, options.iterations - warmUp - 1));
    for (int64_t k = 0; k < depth; ++k)
      for (int64_t row = 0; row < rows; ++row)
        errors(k, row) =
            floors(k, row) + Sigmoid(at(k, row).v).h - problem.targets(row, k);
    std::fill(slopes.values.begin(), slopes.values.end(), 0.0);
    addTransposedProduct(moments.row(0), depth, errors.row(0), rows,
                         slopes.row(0), rows, depth, depth, rows);
    decaySlope *= 0.9;
    decaySquare *= 0.999;
    for (int64_t k = 0; k < depth; ++k)
      for (int64_t row = 0; row < rows; ++row) {
        Choice &own = at(k, row);
        Sigmoid sigmoid(own.v);
        double slope = 2 * scale * slopes(k, row);
        if (step >= warmUp)
          slope +=
              options.regularization * getRegularizerSlope(sigmoid.h, beta);
        slope *= sigmoid.slope;
        own.slope += 0.1 * (slope - own.slope);
        own.square += 0.001 * (slope * slope - own.square);
        own.v -= options.learningRate * (own.slope / (1 - decaySlope)) /
                 (std::sqrt(own.square / (1 - decaySquare)) + 1e-8);
      }
  }

  Integers integers(rows, std::vector<int64_t>(depth));
  for (int64_t row = 0; row < rows; ++row)
    for (int64_t k = 0; k < depth; ++k) {
      double chosen = floors(k, row) + (Sigmoid(at(k, row).v).h >= 0.5 ? 1 : 0);
      integers[row][k] = static_cast<int64_t>(
          std::clamp(chosen, static_cast<double>(problem.min),
                     static_cast<double>(problem.max)));
    }
  return integers;
}
