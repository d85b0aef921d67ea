// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Each estimator on distributions whose answer is known, against brute force
// and against the constants of the papers.

#include "qopt/Calibration/RangeEstimator.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include <cmath>
#include <initializer_list>
#include <random>
#include <vector>

using namespace qopt::calibration;

static TensorStatistics observe(llvm::ArrayRef<float> values) {
  TensorStatistics tensor("x", 0);
  tensor.addSample(values);
  return tensor;
}

static Range estimate(llvm::StringRef name, const TensorStatistics &tensor,
                      RangeRequest request = {}) {
  auto estimator = parseRangeEstimator(name);
  EXPECT_TRUE(bool(estimator));
  auto range = estimator->estimate(tensor, request);
  EXPECT_TRUE(bool(range));
  return *range;
}

/// By the formula of the field, value by value.
static double measureError(llvm::ArrayRef<float> values, Range range,
                           unsigned bits) {
  double scale = (range.max - range.min) / (std::ldexp(1.0, bits) - 1);
  double zero = std::round(-range.min / scale), sum = 0;
  for (float value : values) {
    double q = std::round(value / scale) + zero;
    q = std::min(std::max(q, 0.0), std::ldexp(1.0, bits) - 1);
    sum += std::pow(value - scale * (q - zero), 2);
  }
  return sum / values.size();
}

static std::vector<float> drawNormal(size_t count) {
  std::mt19937 random(11);
  std::normal_distribution<float> normal;
  std::vector<float> values(count);
  for (float &value : values)
    value = normal(random);
  return values;
}

static std::vector<float> drawLaplace(size_t count) {
  std::mt19937 random(12);
  std::exponential_distribution<float> exponential;
  std::vector<float> values(count);
  for (float &value : values)
    value = exponential(random) * (random() % 2 ? 1 : -1);
  return values;
}

TEST(RangeEstimator, minmax_holds_zero) {
  EXPECT_EQ(estimate("minmax", observe({1, 2})), (Range{0, 2}));
  EXPECT_EQ(estimate("minmax", observe({-3, -2})), (Range{-3, 0}));
  EXPECT_EQ(estimate("minmax", observe({-3, 2})), (Range{-3, 2}));
}

TEST(RangeEstimator, moving_average_is_the_mean_of_the_samples) {
  TensorStatistics tensor("x", 0);
  tensor.addSample({-1, 2});
  tensor.addSample({-3, 6});
  EXPECT_EQ(estimate("moving-average", tensor), (Range{-2, 4}));
}

TEST(RangeEstimator, percentile_cuts_both_ends) {
  std::vector<float> values;
  for (int i = -1000; i < 1000; ++i)
    values.push_back(i + 0.5f);
  Range range = estimate("percentile:90", observe(values));
  EXPECT_NEAR(range.min, -900, 1);
  EXPECT_NEAR(range.max, 900, 1);
  range = estimate("percentile:100", observe(values));
  EXPECT_EQ(range, (Range{-999.5, 999.5}));
  RangeRequest symmetric;
  symmetric.symmetric = true;
  values.push_back(999.75f);
  range = estimate("percentile:90", observe(values), symmetric);
  EXPECT_NEAR(range.max, 900, 1);
  EXPECT_EQ(range.min, -range.max);
  llvm::ArrayRef<float> all(values);
  range = estimate("percentile:90", observe(all.drop_front(1000)));
  EXPECT_EQ(range.min, 0);
  EXPECT_NEAR(range.max, 900, 1);
}

TEST(RangeEstimator, expected_error_is_the_measured_one) {
  std::vector<float> values = drawNormal(20000);
  TensorStatistics tensor = observe(values);
  for (unsigned bits : {4, 8})
    for (Range range :
         {Range{-4, 4}, Range{-1, 2}, Range{0, 1}, Range{-9, 9}}) {
      double expected = measureError(values, range, bits);
      RangeRequest request;
      request.bits = bits;
      EXPECT_NEAR(getMeanSquaredError(tensor, request, range) / expected, 1,
                  0.02)
          << bits << " bits, " << range.min << ", " << range.max;
    }
}

TEST(RangeEstimator, mse_is_as_good_as_brute_force) {
  for (const std::vector<float> &values : {drawNormal(5000), drawLaplace(5000)})
    for (unsigned bits : {3, 4, 8}) {
      RangeRequest request;
      request.bits = bits;
      TensorStatistics tensor = observe(values);
      double found =
          measureError(values, estimate("mse", tensor, request), bits);
      double best = std::numeric_limits<double>::infinity();
      for (int i = 1; i <= 20; ++i)
        for (int j = 1; j <= 20; ++j)
          best = std::min(best, measureError(values,
                                             {tensor.extent.min * i / 20.0,
                                              tensor.extent.max * j / 20.0},
                                             bits));
      EXPECT_LT(found, best * 1.03) << bits;
    }
}

TEST(RangeEstimator, mse_gives_up_an_outlier) {
  std::vector<float> values = drawNormal(100000);
  values.push_back(300);
  Range range = estimate("mse", observe(values));
  EXPECT_LT(range.max, 300);
  EXPECT_GT(range.max, 5);
}

TEST(RangeEstimator, kl_cuts_a_thin_tail) {
  std::vector<float> values = drawNormal(100000);
  for (float &value : values)
    value = std::fabs(value);
  for (int i = 0; i < 20; ++i)
    values.push_back(40.0f + i);
  Range range = estimate("kl", observe(values));
  EXPECT_EQ(range.min, 0);
  EXPECT_GT(range.max, 2.5);
  EXPECT_LT(range.max, 40);
}

TEST(RangeEstimator, aciq_has_the_constants_of_the_paper) {
  // Banner et al. 2018, alpha = 5.03 b for Laplace and 2.55 sigma for normal
  // values at 4 bits; a ReLU counts one bit more.
  RangeRequest four;
  four.bits = 4;
  Range laplace = estimate("aciq:laplace", observe(drawLaplace(200000)), four);
  EXPECT_NEAR(laplace.max, 5.03, 0.06);
  EXPECT_NEAR(laplace.min, -5.03, 0.06);
  Range normal = estimate("aciq:gauss", observe(drawNormal(200000)), four);
  EXPECT_NEAR(normal.max, 2.55, 0.03);
  std::vector<float> relu = drawLaplace(200000);
  for (float &value : relu)
    value = std::max(value, 0.0f);
  Range oneSided = estimate("aciq:laplace", observe(relu), four);
  EXPECT_EQ(oneSided.min, 0);
  EXPECT_NEAR(oneSided.max, 6.2, 0.1);
  EXPECT_NEAR(estimate("aciq", observe(drawNormal(200000)), four).max, 2.55,
              0.03);
}

TEST(RangeEstimator, degenerate_tensors_have_ranges) {
  constexpr float max = std::numeric_limits<float>::max();
  for (const EstimatorInfo &info : getEstimators())
    for (const std::vector<float> &values :
         std::initializer_list<std::vector<float>>{{0.0f, 0.0f},
                                                   {3.0f},
                                                   {-3.0f, -3.0f},
                                                   {1e-45f, -1e-45f},
                                                   {max, -max, 0.0f}})
      for (bool symmetric : {false, true}) {
        RangeRequest request;
        request.symmetric = symmetric;
        Range range = estimate(info.name, observe(values), request);
        EXPECT_TRUE(std::isfinite(range.min) && std::isfinite(range.max));
        EXPECT_LE(range.min, 0) << info.name.str();
        EXPECT_GE(range.max, 0) << info.name.str();
      }
}

TEST(RangeEstimator, errors_list_what_there_is) {
  auto error = [](llvm::StringRef text) {
    auto estimator = parseRangeEstimator(text);
    return estimator ? "none" : llvm::toString(estimator.takeError());
  };
  EXPECT_EQ(error("median"),
            "unknown estimator 'median'; expected minmax, moving-average, "
            "percentile:99.99, kl, mse or aciq:laplace");
  EXPECT_EQ(error("percentile:101"),
            "percentile is '101', expected a number above 50, at most 100, as "
            "in percentile:99.99");
  EXPECT_EQ(error("aciq:cauchy"),
            "shape of aciq is 'cauchy', expected laplace or gauss, as in "
            "aciq:laplace");
  EXPECT_THAT(error("mse:3"), testing::HasSubstr("unknown estimator 'mse:3'"));
  auto range = parseRangeEstimator("mse")->estimate(
      TensorStatistics("conv1", 0), RangeRequest());
  EXPECT_THAT(llvm::toString(range.takeError()),
              testing::HasSubstr("tensor 'conv1' has no finite value"));
}
