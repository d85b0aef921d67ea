// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// For rows so short that all their roundings can be tried, how far from the
// best each method ends; for longer ones, that none is worse than rounding to
// the nearest and that the same input gives the same integers.

#include "qopt/WeightRounding/Rounding.h"
#include "RandomNumbers.h"

#include "gtest/gtest.h"

#include <cmath>

using namespace qopt::rounding;

static Problem makeProblem(std::mt19937 &random, int64_t rows,
                           const Matrix &moments, double range) {
  Problem problem;
  problem.targets = makeRandom(random, rows, moments.rows);
  for (double &target : problem.targets.values)
    target *= range;
  problem.moments = &moments;
  return problem;
}

/// e H e' of one row, in steps (or in what they amount to).
static double getError(const Problem &problem, int64_t row,
                       const std::vector<int64_t> &integers) {
  auto getOffset = [&](int64_t k) {
    return (static_cast<double>(integers[k]) - problem.targets(row, k)) *
           problem.getStep(row, k);
  };
  const Matrix &moments = *problem.moments;
  double form = 0;
  for (int64_t i = 0; i < moments.rows; ++i) {
    double sum = 0;
    for (int64_t j = 0; j < moments.columns; ++j)
      sum += moments(i, j) * getOffset(j);
    form += sum * getOffset(i);
  }
  return form;
}

/// The least error among all roundings up or down.
static double getLeastError(const Problem &problem, int64_t row) {
  int64_t depth = problem.targets.columns;
  double least = INFINITY;
  for (int64_t choice = 0; choice < (int64_t(1) << depth); ++choice) {
    std::vector<int64_t> integers;
    for (int64_t k = 0; k < depth; ++k)
      integers.push_back(
          static_cast<int64_t>(std::floor(problem.targets(row, k))) +
          ((choice >> k) & 1));
    least = std::min(least, getError(problem, row, integers));
  }
  return least;
}

TEST(RoundingTest, ComesCloseToTheBestOfAllRoundings) {
  std::mt19937 random(11);
  double nearest = 0, sequential = 0, learned = 0, best = 0;
  for (int trial = 0; trial < 30; ++trial) {
    Matrix moments = makeMoments(random, 11, 3);
    Problem problem = makeProblem(random, 2, moments, 20);
    Integers plain = roundToNearest(problem);
    Integers one = round(problem, Method::Sequential);
    Integers two = round(problem, Method::Learned);
    for (int64_t row = 0; row < 2; ++row) {
      nearest += getError(problem, row, plain[row]);
      sequential += getError(problem, row, one[row]);
      learned += getError(problem, row, two[row]);
      best += getLeastError(problem, row);
    }
  }
  // Steps of more than one are allowed to the sequential method: it may even
  // fall below the best rounding up or down.
  EXPECT_LT(sequential, 1.6 * best);
  EXPECT_LT(learned, 2.2 * best);
  EXPECT_GT(nearest, 5 * best);
}

TEST(RoundingTest, LearningAloneBeatsTheNearest) {
  std::mt19937 random(12);
  double nearest = 0, learned = 0;
  for (int trial = 0; trial < 10; ++trial) {
    Matrix moments = makeMoments(random, 40, 6);
    Problem problem = makeProblem(random, 3, moments, 20);
    Integers plain = roundToNearest(problem);
    Integers found = roundByLearning(problem, {});
    for (int64_t row = 0; row < 3; ++row) {
      nearest += getError(problem, row, plain[row]);
      learned += getError(problem, row, found[row]);
      for (int64_t k = 0; k < 40; ++k)
        EXPECT_LT(std::abs(found[row][k] - problem.targets(row, k)), 1);
    }
  }
  EXPECT_LT(learned, 0.3 * nearest);
}

TEST(RoundingTest, NoRowIsWorseThanNearest) {
  std::mt19937 random(13);
  int tried = 0;
  for (Method method : {Method::Sequential, Method::Learned})
    for (int64_t depth : {1, 5, 48, 49, 97})
      for (double range : {0.1, 3.0, 200.0}) {
        Matrix moments = makeMoments(random, depth, 1 + depth / 4);
        Problem problem = makeProblem(random, 9, moments, range);
        Integers plain = roundToNearest(problem);
        Integers found = round(problem, method);
        for (int64_t row = 0; row < 9; ++row) {
          EXPECT_LE(getError(problem, row, found[row]),
                    getError(problem, row, plain[row]))
              << "depth " << depth << ", range " << range;
          for (int64_t value : found[row]) {
            EXPECT_GE(value, problem.min);
            EXPECT_LE(value, problem.max);
          }
        }
        EXPECT_EQ(round(problem, method), found) << "not deterministic";
        ++tried;
      }
  EXPECT_EQ(tried, 30);
}

TEST(RoundingTest, DescentEndsWhereNoSingleMoveHelps) {
  std::mt19937 random(15);
  // Several blocks of weights; the sums of many moves at once and of few.
  Matrix moments = makeMoments(random, 150, 40);
  Problem problem = makeProblem(random, 20, moments, 20);
  Integers integers = roundToNearest(problem);
  std::vector<double> errors = descend(problem, integers);
  ASSERT_EQ(errors.size(), 20u);
  for (int64_t row = 0; row < 20; ++row) {
    double error = getError(problem, row, integers[row]);
    EXPECT_NEAR(errors[row], error, 1e-9 * error);
    for (int64_t k = 0; k < 150; ++k)
      for (int64_t step : {-1, 1}) {
        std::vector<int64_t> other = integers[row];
        other[k] += step;
        if (other[k] >= problem.min && other[k] <= problem.max) {
          EXPECT_GE(getError(problem, row, other), error * (1 - 1e-9));
        }
      }
  }
}

TEST(RoundingTest, UncorrelatedInputsAreRoundedToTheNearest) {
  std::mt19937 random(14);
  Matrix moments(12, 12);
  for (int64_t k = 0; k < 12; ++k)
    moments(k, k) = 0.5 + k;
  Problem problem = makeProblem(random, 4, moments, 10);
  Integers nearest = roundToNearest(problem);
  EXPECT_EQ(round(problem, Method::Sequential), nearest);
  EXPECT_EQ(round(problem, Method::Learned), nearest);
}

TEST(RoundingTest, NearestRoundsHalvesAwayFromZeroAndClamps) {
  Matrix moments(4, 4);
  Problem problem;
  problem.targets = Matrix(1, 4);
  problem.targets.values = {0.5, -2.5, 300, -300};
  problem.moments = &moments;
  EXPECT_EQ(roundToNearest(problem)[0],
            (std::vector<int64_t>{1, -3, 127, -127}));
}

TEST(RoundingTest, ShrinkageDependsOnHowMuchWasSeen) {
  // Two inputs with correlation 0.9 and different variances.
  auto regularized = [](double count) {
    Matrix moments(2, 2);
    moments.values = {4, 1.8, 1.8, 1};
    regularize(moments, count, 0);
    return moments;
  };
  EXPECT_NEAR(regularized(1e9)(0, 1), 1.8, 1e-6);
  // p = 2, tr(R R) = 3.62: the part is 4 / (10 * 1.62).
  EXPECT_NEAR(regularized(10)(0, 1), 1.8 * (1 - 4 / 16.2), 1e-9);
  EXPECT_EQ(regularized(1)(0, 1), 0);
  EXPECT_EQ(regularized(1)(0, 0), 4);
}

TEST(RoundingTest, InputsThatAreAlwaysZeroAreRoundedToTheNearest) {
  Matrix moments(3, 3);
  regularize(moments, 100, 0.01);
  EXPECT_EQ(moments(0, 0), 1);
  std::mt19937 random(15);
  Problem problem = makeProblem(random, 2, moments, 10);
  EXPECT_EQ(round(problem, Method::Sequential), roundToNearest(problem));
}

// Steps of their own are the same as inputs that are larger by them.
TEST(RoundingTest, StepsCountAsInputsDo) {
  std::mt19937 random(17);
  double nearest = 0, sequential = 0, learned = 0;
  for (int trial = 0; trial < 20; ++trial) {
    int64_t depth = 24;
    Matrix moments = makeMoments(random, depth, 5), scaled = moments;
    Problem problem = makeProblem(random, 1, moments, 9);
    problem.min = -7;
    problem.max = 7;
    problem.steps = Matrix(1, depth);
    // Groups of six with steps of 1, 2, 3 and 4.
    for (int64_t k = 0; k < depth; ++k)
      problem.steps(0, k) = static_cast<double>(1 + k / 6);
    for (int64_t i = 0; i < depth; ++i)
      for (int64_t j = 0; j < depth; ++j)
        scaled(i, j) *= problem.steps(0, i) * problem.steps(0, j);
    Problem other = problem;
    other.steps = Matrix();
    other.moments = &scaled;
    Integers plain = roundToNearest(problem);
    EXPECT_EQ(plain, roundToNearest(other));
    EXPECT_NEAR(getError(problem, 0, plain[0]), getError(other, 0, plain[0]),
                1e-9 * getError(other, 0, plain[0]));
    Integers one = plain, two = plain;
    descend(problem, one);
    descend(other, two);
    EXPECT_EQ(one, two);
    for (Method method : {Method::Sequential, Method::Learned}) {
      double error = getError(problem, 0, round(problem, method)[0]);
      EXPECT_LE(error, getError(problem, 0, plain[0]));
      (method == Method::Learned ? learned : sequential) += error;
    }
    nearest += getError(problem, 0, plain[0]);
  }
  EXPECT_LT(sequential, 0.5 * nearest);
  EXPECT_LT(learned, 0.5 * nearest);
}
