// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Shards in any order, values that are not finite, files and damaged files.

#include "qopt/Calibration/Statistics.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include <algorithm>
#include <cmath>
#include <random>

using namespace qopt::calibration;
using testing::HasSubstr;

static constexpr float infinity = std::numeric_limits<float>::infinity();
static const float nan_ = std::nanf("");

static Statistics makeStatistics() {
  Statistics statistics;
  statistics.fingerprint = std::string(64, 'a');
  statistics.tensors.emplace_back("image", 3);
  statistics.tensors.emplace_back("scalar", 0);
  statistics.tensors.emplace_back("odd \"name\"", 2);
  return statistics;
}

using Sample = std::vector<float>;

static void addSample(Statistics &statistics, const Sample &sample) {
  ++statistics.numSamples;
  llvm::ArrayRef<float> values(sample);
  statistics.tensors[0].addSample(values);
  statistics.tensors[1].addSample(values.take_front(1));
  statistics.tensors[2].addSample(values.take_back(4));
}

static std::string print(const Statistics &statistics) {
  std::string text;
  llvm::raw_string_ostream out(text);
  writeStatistics(statistics, out);
  return text;
}

static std::vector<Sample> drawSamples(unsigned seed, size_t count) {
  std::mt19937 random(seed);
  std::normal_distribution<float> normal;
  std::vector<Sample> samples(count, Sample(12));
  for (Sample &sample : samples)
    for (float &value : sample) {
      switch (random() % 16) {
      case 0:
        value = random() % 2 ? 0.0f : -0.0f;
        break;
      case 1:
        value = 1e-42f * normal(random);
        break;
      case 2:
        value = seed % 2 ? nan_ : 1e30f * normal(random);
        break;
      case 3:
        value = seed % 2 ? -infinity : infinity;
        break;
      default:
        value = normal(random);
      }
    }
  return samples;
}

TEST(Statistics, shards_in_any_order_make_the_bytes_of_one_run) {
  std::mt19937 random(1);
  for (unsigned seed = 0; seed < 10; ++seed) {
    std::vector<Sample> samples = drawSamples(seed, 41);
    Statistics whole = makeStatistics();
    for (const Sample &sample : samples)
      addSample(whole, sample);
    std::shuffle(samples.begin(), samples.end(), random);
    std::vector<Statistics> shards(8, makeStatistics());
    for (auto [index, sample] : llvm::enumerate(samples))
      addSample(shards[index * index % 8], sample);
    std::shuffle(shards.begin(), shards.end(), random);
    Statistics merged = shards[0];
    for (int i = 1; i < 8; ++i)
      ASSERT_FALSE(bool(merged.add(shards[i], "shard")));
    EXPECT_EQ(print(merged), print(whole));
  }
}

TEST(Statistics, file_round_trips) {
  for (unsigned seed : {0, 1}) {
    Statistics statistics = makeStatistics();
    for (const Sample &sample : drawSamples(seed, 5))
      addSample(statistics, sample);
    std::string text = print(statistics);
    auto read = parseStatistics(text, "x.qcal");
    ASSERT_TRUE(bool(read)) << llvm::toString(read.takeError());
    EXPECT_EQ(print(*read), text);
    EXPECT_TRUE(read->tensors == statistics.tensors);
  }
}

TEST(Statistics, without_samples) {
  std::string text = print(makeStatistics());
  auto read = parseStatistics(text, "x.qcal");
  ASSERT_TRUE(bool(read)) << llvm::toString(read.takeError());
  EXPECT_EQ(print(*read), text);
}

TEST(Statistics, what_is_not_finite_is_counted_and_left_out) {
  TensorStatistics tensor("x", 2);
  tensor.addSample({nan_, 1.0f, infinity, -2.0f, -infinity, nan_});
  tensor.addSample({nan_, nan_});
  tensor.addSample({-0.0f, 0.0f});
  EXPECT_EQ(tensor.numElements, 10u);
  EXPECT_EQ(tensor.numNaNs, 4u);
  EXPECT_EQ(tensor.numInfinities, 2u);
  EXPECT_EQ(tensor.histogram.getTotal(), 4u);
  EXPECT_EQ(tensor.extent.min, -2.0f);
  EXPECT_EQ(tensor.extent.max, 1.0f);
  EXPECT_EQ(tensor.numExtents, 2u);
  EXPECT_EQ(tensor.getMeanMin(), -1.0);
  EXPECT_EQ(tensor.getMeanMax(), 0.5);
  EXPECT_FALSE(std::signbit(tensor.channels[0].extent.min));
  EXPECT_EQ(tensor.channels[1].sum.toDouble(), -1.0);
}

TEST(Statistics, too_many_channels_are_not_kept) {
  EXPECT_EQ(TensorStatistics("x", 4096).channels.size(), 4096u);
  EXPECT_TRUE(TensorStatistics("x", 4097).channels.empty());
}

TEST(Statistics, other_models_do_not_merge) {
  Statistics a = makeStatistics(), b = makeStatistics();
  b.fingerprint = std::string(64, 'b');
  EXPECT_THAT(llvm::toString(a.add(b, "b.qcal")),
              HasSubstr("'b.qcal' was made of another model"));
  b = makeStatistics();
  b.tensors.pop_back();
  EXPECT_EQ(llvm::toString(a.add(b, "b.qcal")),
            "'b.qcal' has 2 tensors, expected 3");
  b = makeStatistics();
  b.tensors[1].name = "vector";
  EXPECT_EQ(llvm::toString(a.add(b, "b.qcal")),
            "'b.qcal': tensor 'vector' of 0 channels, expected 'scalar' of 0");
}

/// Replaces the first `from` in a file of 3 samples and returns the error.
static std::string damage(llvm::StringRef from, llvm::StringRef to) {
  Statistics statistics = makeStatistics();
  for (int i = 0; i < 3; ++i)
    addSample(statistics, {1, 2, 3, 4, 5, 6, -1, -2, 1.5, 0, 0, 8});
  std::string text = print(statistics);
  size_t position = text.find(from);
  EXPECT_NE(position, std::string::npos) << text;
  text.replace(position, from.size(), to);
  auto read = parseStatistics(text, "x.qcal");
  return read ? "no error" : llvm::toString(read.takeError());
}

TEST(Statistics, damage_is_named) {
  EXPECT_THAT(damage("{", "["), HasSubstr("'x.qcal' is damaged or no"));
  EXPECT_THAT(damage("qopt.statistics", "qopt.manifest"),
              HasSubstr("is no file of statistics"));
  EXPECT_EQ(damage("\"version\": 1", "\"version\": 2"),
            "'x.qcal': 'version' is 2, expected 1; calibrate again");
  EXPECT_EQ(damage("aaaa", ""),
            "'x.qcal': model: 'sha256' has 60 digits, expected 64");
  EXPECT_EQ(damage("\"elements\": 36", "\"elements\": 37"),
            "'x.qcal': tensor 'image': histogram: 'counts' add up to 36, "
            "expected 37, the number of finite elements");
  EXPECT_EQ(damage("\"elements\": 36", "\"elements\": -1"),
            "'x.qcal': tensor 'image': 'elements' is -1, expected an integer "
            "in [0, 4611686018427387904]");
  EXPECT_THAT(damage("\"max\": 8", "\"max\": 9"),
              HasSubstr("bin 2048 is an outermost one, but 9 is not in it"));
  EXPECT_THAT(damage("\"max\": 8", "\"max\": 7.5"),
              HasSubstr("tensor 'image': moving_average: the sums do not lie"));
  EXPECT_EQ(damage("\"max\": 8", "\"max\": -8"),
            "'x.qcal': tensor 'image': 'min' is -2, which is above 'max', -8");
  EXPECT_EQ(damage("\"max\": 8", "\"max\": 1e40"),
            "'x.qcal': tensor 'image': 'max' is 1e+40, expected a float32 "
            "number");
  EXPECT_EQ(damage("\"name\": \"scalar\"", "\"name\": \"image\""),
            "'x.qcal': two tensors are called 'image'");
  EXPECT_EQ(damage("\"name\": \"scalar\",", ""), "'x.qcal': no 'name'");
  EXPECT_THAT(damage("\"first_bin\": -512", "\"first_bin\": -5120"),
              HasSubstr("histogram: 'first_bin' is"));
  EXPECT_EQ(damage("0x6fp-1", "0x6ep-1"),
            "'x.qcal': tensor 'image': channels: 'sum' is \"0x6ep-1\", "
            "expected a hexadecimal float with an odd mantissa, as '0x1bp-3'");
}

TEST(Statistics, truncated_files_are_errors) {
  Statistics statistics = makeStatistics();
  addSample(statistics, {1, 2, 3, 4, 5, 6, -1, -2, 1.5, 0, 0, 8});
  std::string text = print(statistics);
  for (size_t size = 0; size + 2 < text.size(); size += 97) {
    auto read = parseStatistics(llvm::StringRef(text).take_front(size), "x");
    EXPECT_FALSE(bool(read)) << size;
    llvm::consumeError(read.takeError());
  }
}
