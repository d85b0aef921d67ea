// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Distributions whose best range is known.

#include "qopt/Calibration/Estimators.h"

#include "Message.h"

#include <cmath>
#include <random>

using namespace qopt::calibration;

static TensorStatistics observe(const std::vector<float> &values) {
  TensorStatistics tensor;
  tensor.add(values, 0);
  return tensor;
}

static Range estimate(llvm::StringRef name, const TensorStatistics &tensor,
                      EstimatorTarget target = {}) {
  auto estimator = getEstimator(name);
  if (!estimator) {
    ADD_FAILURE() << llvm::toString(estimator.takeError());
    return {};
  }
  return (*estimator)(tensor, target);
}

template <typename Distribution>
static std::vector<float> draw(Distribution distribution, size_t count) {
  std::mt19937 engine(3);
  std::vector<float> values(count);
  for (float &x : values)
    x = static_cast<float>(distribution(engine));
  return values;
}

/// Mean squared error of quantization of the values themselves.
static double getError(const std::vector<float> &values, Range range,
                       unsigned bits) {
  double step = (range.max - range.min) / (std::ldexp(1.0, bits) - 1);
  double zero = std::round(-range.min / step), error = 0;
  for (float x : values) {
    double q = std::round(x / step) + zero;
    q = std::min(std::max(q, 0.0), std::ldexp(1.0, bits) - 1);
    error += std::pow((q - zero) * step - x, 2);
  }
  return error / values.size();
}

TEST(Estimators, NamesAndParameters) {
  for (llvm::StringRef name : getEstimatorNames())
    EXPECT_THAT(messageOf(getEstimator(name)), "") << name.str();
  EXPECT_THAT(messageOf(getEstimator("best")),
              std::string("there is no estimator 'best', expected one of "
                          "minmax, moving-average, percentile, kl, mse, "
                          "aciq"));
  EXPECT_THAT(
      messageOf(getEstimator("percentile:30")),
      (testing::HasSubstr("expected a percentage above 50 and at most 100")));
  EXPECT_THAT(messageOf(getEstimator("mse:3")),
              std::string("estimator 'mse' has no parameter, found '3'"));
}

TEST(Estimators, NothingConstantAndZero) {
  for (llvm::StringRef name : getEstimatorNames()) {
    Range none = estimate(name, TensorStatistics());
    EXPECT_EQ(none.min, 0) << name.str();
    EXPECT_EQ(none.max, 0) << name.str();
    for (float x : {0.0f, 2.5f, -1e-30f, 1e-44f, 3e38f}) {
      Range range = estimate(name, observe(std::vector<float>(100, x)));
      EXPECT_LE(range.min, range.max) << name.str() << " " << x;
      EXPECT_TRUE(std::isfinite(range.min) && std::isfinite(range.max));
    }
  }
}

TEST(Estimators, MinMaxAndMovingAverage) {
  TensorStatistics tensor;
  tensor.add({-1.0f, 2.0f}, 0);
  tensor.add({-3.0f, 10.0f}, 0);
  EXPECT_EQ(estimate("minmax", tensor).min, -3);
  EXPECT_EQ(estimate("minmax", tensor).max, 10);
  EXPECT_EQ(estimate("moving-average", tensor).min, -2);
  EXPECT_EQ(estimate("moving-average", tensor).max, 6);
}

TEST(Estimators, PercentileOfAUniformDistribution) {
  auto values = draw(std::uniform_real_distribution<double>(-1, 1), 100000);
  Range range = estimate("percentile:90", observe(values));
  EXPECT_NEAR(range.min, -0.9, 0.01);
  EXPECT_NEAR(range.max, 0.9, 0.01);
}

TEST(Estimators, ACIQFindsThePapersClippingValues) {
  // Banner et al., table 1: alpha = 2.55 s for the normal distribution and
  // 5.03 b for Laplace's, at 4 bits.
  auto normal = draw(std::normal_distribution<double>(0, 2), 400000);
  EXPECT_NEAR(estimate("aciq", observe(normal), {4}).max, 2.55 * 2, 0.1);
  std::mt19937 engine(5);
  std::exponential_distribution<double> exponential(1);
  auto laplace = draw(
      [&](std::mt19937 &e) { return exponential(e) * (engine() % 2 ? 1 : -1); },
      400000);
  EXPECT_NEAR(estimate("aciq", observe(laplace), {4}).max, 5.03, 0.15);
}

TEST(Estimators, MeanSquaredErrorIsLeast) {
  std::student_t_distribution<double> heavy(4);
  auto values = draw(heavy, 100000);
  for (unsigned bits : {4u, 8u}) {
    TensorStatistics tensor = observe(values);
    double best = getError(values, estimate("mse", tensor, {bits}), bits);
    for (llvm::StringRef other : {"minmax", "kl", "aciq", "percentile"}) {
      Range range = estimate(other, tensor, {bits});
      EXPECT_LE(best, 1.01 * getError(values, range, bits)) << other.str();
    }
    EXPECT_LT(best, 0.9 * getError(values, estimate("minmax", tensor), bits));
  }
}

TEST(Estimators, ZerosOfAReluCostNothing) {
  auto values = draw(std::normal_distribution<double>(0, 1), 50000);
  for (float &x : values)
    x = std::max(x, 0.0f);
  values.push_back(30.0f);
  TensorStatistics tensor = observe(values);
  Range range = estimate("mse", tensor);
  EXPECT_EQ(range.min, 0);
  EXPECT_LT(getError(values, range, 8),
            getError(values, estimate("minmax", tensor), 8));
  // The outlier may be left out; the rest may not.
  for (llvm::StringRef name : {"kl", "aciq", "percentile:99.9"})
    EXPECT_GT(estimate(name, tensor).max, 2.5) << name.str();
}

TEST(Estimators, SixteenBitsKeepAlmostAll) {
  auto values = draw(std::normal_distribution<double>(0, 1), 50000);
  TensorStatistics tensor = observe(values);
  Range range = estimate("mse", tensor, {16, /*symmetric=*/true});
  EXPECT_GT(range.max, 0.9 * tensor.max);
}
