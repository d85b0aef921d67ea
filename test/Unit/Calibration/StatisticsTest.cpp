// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What is remembered does not depend on order or shards.

#include "qopt/Calibration/Statistics.h"

#include "Message.h"

#include <cmath>
#include <random>

using namespace qopt::calibration;

static std::string toText(const Statistics &statistics) {
  std::string text;
  llvm::raw_string_ostream out(text);
  write(statistics, out);
  return text;
}

static std::vector<std::vector<float>> makeSamples(unsigned seed) {
  std::mt19937 engine(seed);
  std::vector<std::vector<float>> samples(40, std::vector<float>(60));
  for (auto &sample : samples) {
    float size = std::ldexp(1.0f, int(engine() % 40) - 20);
    for (float &x : sample)
      x = std::normal_distribution<float>(0, size)(engine);
  }
  samples[3][7] = NAN;
  samples[4][0] = INFINITY;
  samples[5].assign(60, 0.0f);
  samples[6].assign(60, -0.0f);
  samples[7][1] = 1e-42f;
  return samples;
}

TEST(Statistics, EightShardsInAnyOrderAreOneRun) {
  for (unsigned seed = 0; seed < 5; ++seed) {
    auto samples = makeSamples(seed);
    Statistics whole;
    whole.model = "m";
    std::vector<Statistics> shards(8);
    for (Statistics &shard : shards)
      shard.model = "m";
    std::mt19937 engine(seed);
    for (const auto &sample : samples) {
      whole.tensors["x"].add(sample, 6);
      shards[engine() % 8].tensors["x"].add(sample, 6);
    }
    for (Statistics &shard : shards)
      shard.tensors["x"];
    std::shuffle(shards.begin(), shards.end(), engine);
    Statistics merged;
    for (const Statistics &shard : shards)
      ASSERT_THAT(messageOf(merged.merge(shard, "shard")), "");
    EXPECT_EQ(toText(merged), toText(whole));
    EXPECT_EQ(merged.getSampleCount(), 40u);
  }
}

TEST(Statistics, CountsAndExtremes) {
  TensorStatistics tensor;
  tensor.add({1.0f, -2.0f, 0.0f, NAN, INFINITY, -INFINITY}, 2);
  tensor.add({0.5f, 0.0f, 3.0f, 4.0f, 0.0f, 0.0f}, 2);
  EXPECT_EQ(tensor.samples, 2u);
  EXPECT_EQ(tensor.elements, 9u);
  EXPECT_EQ(tensor.zeros, 4u);
  EXPECT_EQ(tensor.nans, 1u);
  EXPECT_EQ(tensor.infinities, 2u);
  EXPECT_EQ(tensor.min, -2.0f);
  EXPECT_EQ(tensor.max, 4.0f);
  EXPECT_EQ(tensor.sumOfMinima.toDouble(), -2.0);
  EXPECT_EQ(tensor.sumOfMaxima.toDouble(), 5.0);
  ASSERT_EQ(tensor.channels.size(), 2u);
  EXPECT_EQ(tensor.channels[1].min, -2.0f);
  EXPECT_EQ(tensor.channels[1].max, 4.0f);
}

TEST(Statistics, MeansOfChannels) {
  TensorStatistics tensor;
  tensor.add({1, 10, 2, 20}, 2);
  tensor.add({3, 30, 4, 40}, 2);
  EXPECT_EQ(tensor.getChannelMean(0), 2.5);
  EXPECT_EQ(tensor.getChannelMean(1), 25.0);
}

TEST(Statistics, RefusesOtherModels) {
  Statistics a, b;
  a.model = "one";
  a.tensors["x"].add({1.0f}, 1);
  b = a;
  b.model = "two";
  EXPECT_THAT(
      messageOf(a.merge(b, "b.qcal")),
      (testing::HasSubstr("'b.qcal' holds statistics of another model (two, "
                          "expected one)")));
  b = a;
  b.tensors["y"];
  EXPECT_THAT(messageOf(a.merge(b, "b.qcal")),
              std::string("'b.qcal' has 2 tensors, expected "
                          "1"));
  b.tensors.erase("x");
  EXPECT_THAT(messageOf(a.merge(b, "b.qcal")),
              std::string("'b.qcal' has no tensor 'x'"));
  b = a;
  b.tensors["x"] = TensorStatistics();
  b.tensors["x"].add({1.0f, 2.0f}, 2);
  EXPECT_THAT(messageOf(a.merge(b, "b.qcal")),
              std::string("'b.qcal' has 2 channels of tensor "
                          "'x', expected 1"));
}
