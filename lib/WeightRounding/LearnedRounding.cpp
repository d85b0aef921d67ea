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

#include "VectorVersions.h"

#include <algorithm>
#include <cmath>
#include <cstring>

using namespace qopt::rounding;

[[gnu::always_inline]] static inline double fromBits(uint64_t bits) {
  double value;
  std::memcpy(&value, &bits, sizeof(value));
  return value;
}

/// e^x to about 1e-10 in [-30, 30], without a branch.
[[gnu::always_inline]] static inline double exponential(double x) {
  x = x < -30 ? -30 : x > 30 ? 30 : x;
  // Adding 1.5 * 2^52 leaves the nearest integer in the low bits.
  constexpr double shifter = 6755399441055744.0;
  double shifted = x * 1.4426950408889634 + shifter;
  double r = x - (shifted - shifter) * 0.6931471805599453;
  double sum = 1;
  for (int term = 10; term > 0; --term)
    sum = 1 + sum * r / term;
  uint64_t bits;
  std::memcpy(&bits, &shifted, sizeof(bits));
  return sum * fromBits((bits + 1023) << 52);
}

static constexpr double low = -0.1, high = 1.1;

/// The v at which h(v) is the given number in [0, 1], by Newton's method.
static double invertSigmoid(double h) {
  double wanted = (h - low) / (high - low), v = 0;
  for (int i = 0; i < 8; ++i) {
    double s = 1 / (1 + exponential(-v));
    v += (wanted - s) / (s * (1 - s));
  }
  return v;
}

namespace {
/// The variables of all weights, weights x rows, and what Adam remembers: means
/// of their slopes and of the slopes' squares.
struct Choices {
  std::vector<double> v, slope, square;
  /// h(v) and its slope.
  std::vector<double> h, hSlope;

  explicit Choices(size_t size)
      : v(size), slope(size), square(size), h(size), hSlope(size) {}
};

struct Step {
  double rate, decaySlope, decaySquare, regularization;
  int beta;
};
} // namespace

/// Sets h and its slope. Returns how many are neither 0 nor 1.
QOPT_VECTOR_VERSIONS static int64_t evaluate(const double *v, double *h,
                                             double *slope, int64_t size) {
  int64_t numOpen = 0;
  for (int64_t i = 0; i < size; ++i) {
    double s = 1 / (1 + exponential(-v[i]));
    double value = low + (high - low) * s;
    bool isOpen = value > 0 && value < 1;
    slope[i] = isOpen ? (high - low) * s * (1 - s) : 0;
    h[i] = value < 0 ? 0 : value > 1 ? 1 : value;
    numOpen += isOpen;
  }
  return numOpen;
}

/// One step of Adam; `error` holds the slopes of the error.
QOPT_VECTOR_VERSIONS static void descendOnce(double *v, double *slope,
                                             double *square, const double *h,
                                             const double *hSlope,
                                             const double *error, int64_t size,
                                             const Step &step) {
  for (int64_t i = 0; i < size; ++i) {
    // That of 1 - |2 h - 1|^beta.
    double x = 2 * h[i] - 1, base = x < 0 ? -x : x, power = 1;
    for (int bit = 1; bit < 32; bit *= 2) {
      power = (step.beta - 1) & bit ? power * base : power;
      base *= base;
    }
    double pull = (x < 0 ? 2.0 : -2.0) * step.beta * power;
    double own = (error[i] + step.regularization * pull) * hSlope[i];
    slope[i] += 0.1 * (own - slope[i]);
    square[i] += 0.001 * (own * own - square[i]);
    v[i] -= step.rate * (slope[i] / (1 - step.decaySlope)) /
            (std::sqrt(square[i] / (1 - step.decaySquare)) + 1e-8);
  }
}

/// Long rows have so many ways to make up for an error that they settle sooner;
/// theirs are the steps that cost.
static int64_t chooseIterations(int64_t wanted, double depth, double rows) {
  constexpr double cheap = 8e6;
  constexpr int64_t least = 120;
  auto affordable = static_cast<int64_t>(static_cast<double>(wanted) * cheap /
                                         std::max(depth * depth * rows, 1.0));
  return std::min(wanted, std::max(affordable, least));
}

Integers qopt::rounding::roundByLearning(const Problem &problem,
                                         const LearningOptions &options) {
  const Matrix &moments = *problem.moments;
  int64_t depth = moments.rows, rows = problem.targets.rows;
  int64_t size = depth * rows;
  double trace = 0;
  for (int64_t k = 0; k < depth; ++k)
    trace += moments(k, k);
  double scale = trace > 0 ? 2 * static_cast<double>(depth) / trace : 0;

  // Weights x rows, so that H * errors is a product of matrices.
  Matrix rests(depth, rows), units(depth, rows), errors(depth, rows),
      slopes(depth, rows);
  Choices choices(size);
  for (int64_t k = 0; k < depth; ++k)
    for (int64_t row = 0; row < rows; ++row) {
      double target = problem.targets(row, k);
      rests(k, row) = target - std::floor(target);
      units(k, row) = problem.getStep(row, k);
      // Starts where the weight is what it was.
      choices.v[k * rows + row] = invertSigmoid(rests(k, row));
    }

  int64_t iterations =
      chooseIterations(options.iterations, static_cast<double>(depth),
                       static_cast<double>(rows));
  int64_t warmUp = iterations / 5;
  Step step{options.learningRate, 1, 1, 0, 20};
  for (int64_t i = 0; i < iterations; ++i) {
    if (i >= warmUp) {
      step.regularization = options.regularization;
      step.beta =
          20 - static_cast<int>(18 * (i - warmUp) /
                                std::max<int64_t>(1, iterations - warmUp - 1));
    }
    int64_t numOpen = evaluate(choices.v.data(), choices.h.data(),
                               choices.hSlope.data(), size);
    // What is 0 or 1 has no slope and stays.
    if (numOpen == 0)
      break;
    for (int64_t j = 0; j < size; ++j)
      errors.values[j] = (choices.h[j] - rests.values[j]) * units.values[j];
    std::fill(slopes.values.begin(), slopes.values.end(), 0.0);
    addTransposedProduct(moments.row(0), depth, errors.row(0), rows,
                         slopes.row(0), rows, depth, depth, rows);
    for (int64_t j = 0; j < size; ++j)
      slopes.values[j] *= scale * units.values[j];
    step.decaySlope *= 0.9;
    step.decaySquare *= 0.999;
    descendOnce(choices.v.data(), choices.slope.data(), choices.square.data(),
                choices.h.data(), choices.hSlope.data(), slopes.values.data(),
                size, step);
  }
  evaluate(choices.v.data(), choices.h.data(), choices.hSlope.data(), size);

  Integers integers(rows, std::vector<int64_t>(depth));
  for (int64_t row = 0; row < rows; ++row)
    for (int64_t k = 0; k < depth; ++k) {
      double chosen = std::floor(problem.targets(row, k)) +
                      (choices.h[k * rows + row] >= 0.5 ? 1 : 0);
      integers[row][k] = static_cast<int64_t>(
          std::clamp(chosen, static_cast<double>(problem.min),
                     static_cast<double>(problem.max)));
    }
  return integers;
}
