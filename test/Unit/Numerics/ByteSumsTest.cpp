// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The proof that sums of bytes' products fit 16 bits, at its limits, and the
// groups of steps that planning makes.

#include "qopt/Numerics/ByteSums.h"

#include "gtest/gtest.h"

#include <algorithm>
#include <random>

using namespace qopt::numerics;

using Bytes = std::vector<int8_t>;

/// Whether one lane's steps fit.
static bool fits(const Bytes &weights, int32_t maxInput = 255) {
  return fitWords(weights.data(), static_cast<int64_t>(weights.size()) / 4, 1,
                  maxInput);
}

TEST(ByteSums, PairsAtTheLimit) {
  // 128 * 255 = 32640 and 129 * 255 = 32895.
  EXPECT_TRUE(fits({127, 1, 0, 0}));
  EXPECT_TRUE(fits({64, 64, 64, 64}));
  EXPECT_FALSE(fits({127, 2, 0, 0}));
  EXPECT_FALSE(fits({0, 0, 65, 64}));
  EXPECT_TRUE(fits({-128, 0, -64, -64}));
  EXPECT_FALSE(fits({-128, -1, 0, 0}));
  EXPECT_FALSE(fits({0, 0, -65, -64}));
}

TEST(ByteSums, SignsAreBoundedApart) {
  // Inputs of 0 take either of them away.
  EXPECT_TRUE(fits({127, -128, -128, 127}));
  EXPECT_FALSE(fits({127, -128, 2, 0, 2, 0, 0, 0}));
}

TEST(ByteSums, ExactLimits) {
  // 254 * 129 = 32766 and 256 * 128 = 32768: one more than the largest word,
  // and the least word below zero.
  EXPECT_TRUE(fits({127, 127, 0, 0}, 129));
  EXPECT_FALSE(fits({127, 127, 0, 0, 2, 0, 0, 0}, 128));
  EXPECT_TRUE(fits({127, 127, 0, 0, 1, 0, 0, 0}, 128));
  EXPECT_TRUE(fits({-128, -128, 0, 0}, 128));
  EXPECT_FALSE(fits({-128, -128, 0, 0, -1, 0, 0, 0}, 128));
  // 7 * 4681 = 32767 with inputs up to 7.
  Bytes many(4 * 40, 0);
  for (size_t i = 0; i < 36; ++i)
    many[4 * i] = many[4 * i + 1] = 65;
  many[4 * 36] = 1;
  EXPECT_TRUE(fits(many, 7));
  many[4 * 37] = 1;
  EXPECT_FALSE(fits(many, 7));
}

TEST(ByteSums, StepsAddUp) {
  EXPECT_TRUE(fits({64, 0, 0, 0, 64, 0, 0, 0}));
  EXPECT_FALSE(fits({64, 0, 0, 0, 65, 0, 0, 0}));
  // Sums of their own.
  EXPECT_TRUE(fits({64, 0, 0, 0, 0, 0, 65, 0}));
  EXPECT_TRUE(fits({-64, 0, 0, 0, 0, -64, 0, 0}));
  EXPECT_FALSE(fits({-64, 0, 0, 0, 0, -65, 0, 0}));
}

TEST(ByteSums, EveryLaneIsLookedAt) {
  // Two lanes of one step.
  Bytes weights = {1, 1, 1, 1, 1, 1, 100, 100};
  EXPECT_FALSE(fitWords(weights.data(), 1, 2));
  weights[7] = 28;
  EXPECT_TRUE(fitWords(weights.data(), 1, 2));
}

/// Planned groups fit, and have the sums of the weights, step by step.
static ByteSums check(const std::vector<int16_t> &weights, int64_t steps,
                      int64_t lanes, int64_t together, int32_t maxInput) {
  ByteSums sums =
      planByteSums(weights.data(), steps, lanes, together, maxInput);
  int64_t size = lanes * kByteStep;
  int64_t count = static_cast<int64_t>(sums.steps.size());
  EXPECT_EQ(count % together, 0);
  EXPECT_EQ(static_cast<int64_t>(sums.weights.size()), count * size);
  for (int64_t first = 0; first < count; first += together)
    EXPECT_TRUE(
        fitWords(&sums.weights[first * size], together, lanes, maxInput));
  std::vector<int64_t> total(steps * size, 0);
  for (int64_t i = 0; i < count; ++i)
    for (int64_t j = 0; j < size; ++j) {
      int8_t weight = sums.weights[i * size + j];
      if (sums.steps[i] < 0)
        EXPECT_EQ(weight, 0);
      else
        total[sums.steps[i] * size + j] += weight;
    }
  EXPECT_TRUE(std::equal(total.begin(), total.end(), weights.begin()));
  return sums;
}

TEST(ByteSums, PlansOfAnyWeights) {
  std::mt19937 random(1);
  for (int64_t together : {1, 2, 4})
    for (int limit : {1, 8, 40, 64, 90, 127, 255})
      for (int64_t lanes : {1, 4, 24})
        for (int64_t steps : {1, 3, 50}) {
          std::uniform_int_distribution<int> any(-limit, limit);
          std::vector<int16_t> weights(steps * lanes * kByteStep);
          for (int16_t &weight : weights)
            weight = static_cast<int16_t>(any(random));
          check(weights, steps, lanes, together, 255);
          check(weights, steps, lanes, together, 100);
        }
}

TEST(ByteSums, PlansOfExtremes) {
  for (int64_t together : {1, 2, 4})
    for (int weight : {-255, -129, -128, 127, 128, 255})
      check(std::vector<int16_t>(10 * 8 * kByteStep,
                                 static_cast<int16_t>(weight)),
            10, 8, together, 255);
}

TEST(ByteSums, SmallWeightsNeedNoFurtherSteps) {
  std::vector<int16_t> weights(64 * 8 * kByteStep);
  for (size_t i = 0; i < weights.size(); ++i)
    weights[i] = i % 17 < 9 ? 8 : -8;
  EXPECT_EQ(check(weights, 64, 8, 4, 255).steps.size(), 64u);
}

TEST(ByteSums, OrderMakesRoom) {
  // Neighbours that do not fit, each beside one that leaves room.
  std::vector<int16_t> weights(8 * kByteStep, 1);
  for (size_t step = 0; step < 4; ++step)
    weights[step * kByteStep] = 100;
  EXPECT_EQ(check(weights, 8, 1, 2, 255).steps.size(), 8u);
}
