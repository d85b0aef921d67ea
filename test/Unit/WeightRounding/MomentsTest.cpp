// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The quadratic form of the moments must be what it claims: the squared error
// of a layer's result on the data. The layer is computed here by the plain
// loops of its definition, not by gathering windows.

#include "qopt/WeightRounding/Moments.h"
#include "RandomNumbers.h"

#include "gtest/gtest.h"

using namespace qopt::rounding;

namespace {
struct Case {
  const char *name;
  Window window;
};

Window makeWindow(int64_t size, int64_t channels, int64_t kernel,
                  int64_t stride, int64_t dilation, int64_t pad,
                  int64_t groups) {
  Window window;
  window.height = size;
  window.width = size + 1;
  window.channels = channels;
  window.kernelHeight = kernel;
  window.kernelWidth = kernel;
  window.strideHeight = window.strideWidth = stride;
  window.dilationHeight = window.dilationWidth = dilation;
  window.top = window.left = pad;
  window.groups = groups;
  int64_t reach = (kernel - 1) * dilation + 1;
  window.resultHeight = (window.height + 2 * pad - reach) / stride + 1;
  window.resultWidth = (window.width + 2 * pad - reach) / stride + 1;
  return window;
}

/// A transposed convolution without padding: each input adds its kernel.
Window makeTransposed(int64_t size, int64_t channels, int64_t kernel,
                      int64_t stride, int64_t cut) {
  Window window = makeWindow(size, channels, kernel, stride, 1, cut, 1);
  window.transposed = true;
  window.resultHeight = (window.height - 1) * stride + kernel - 2 * cut;
  window.resultWidth = (window.width - 1) * stride + kernel - 2 * cut;
  return window;
}

/// sum over the window of weight * input at each position, for one row of
/// weights of one group.
std::vector<double> convolve(const Window &w, const std::vector<float> &input,
                             const double *weights, int64_t group) {
  std::vector<double> result(w.getNumPositions());
  int64_t depth = w.getGroupChannels();
  for (int64_t y = 0; y < w.height; ++y)
    for (int64_t x = 0; x < w.width; ++x)
      for (int64_t ky = 0; ky < w.kernelHeight; ++ky)
        for (int64_t kx = 0; kx < w.kernelWidth; ++kx) {
          // Where this input goes to.
          int64_t ry = w.transposed ? y * w.strideHeight + ky - w.top
                                    : y + w.top - ky * w.dilationHeight;
          int64_t rx = w.transposed ? x * w.strideWidth + kx - w.left
                                    : x + w.left - kx * w.dilationWidth;
          if (!w.transposed) {
            if (ry < 0 || rx < 0 || ry % w.strideHeight || rx % w.strideWidth)
              continue;
            ry /= w.strideHeight;
            rx /= w.strideWidth;
          }
          if (ry < 0 || rx < 0 || ry >= w.resultHeight || rx >= w.resultWidth)
            continue;
          for (int64_t c = 0; c < depth; ++c)
            result[ry * w.resultWidth + rx] +=
                weights[(ky * w.kernelWidth + kx) * depth + c] *
                input[(y * w.width + x) * w.channels + group * depth + c];
        }
  return result;
}
} // namespace

TEST(MomentsTest, QuadraticFormIsTheSquaredErrorOfTheLayer) {
  Window dense;
  dense.channels = 19;
  const Case cases[] = {
      {"convolution", makeWindow(6, 4, 3, 1, 1, 1, 1)},
      {"strides", makeWindow(7, 3, 3, 2, 1, 1, 1)},
      {"dilation", makeWindow(9, 2, 3, 1, 2, 2, 1)},
      {"groups", makeWindow(5, 6, 3, 1, 1, 1, 3)},
      {"depthwise", makeWindow(5, 4, 3, 1, 1, 1, 4)},
      {"1x1", makeWindow(4, 5, 1, 1, 1, 0, 1)},
      {"transposed", makeTransposed(4, 3, 3, 2, 0)},
      {"transposed, cut", makeTransposed(4, 3, 4, 2, 1)},
      {"fully connected", dense},
  };
  std::mt19937 random(5);
  std::normal_distribution<float> normal(0.5);
  for (const Case &each : cases) {
    const Window &window = each.window;
    MomentsAccumulator accumulator(window);
    std::vector<std::vector<float>> samples(9);
    for (std::vector<float> &sample : samples) {
      sample.resize(window.getNumInputs());
      for (float &value : sample)
        value = normal(random);
      accumulator.add(sample.data());
    }
    std::vector<Moments> moments = accumulator.finish();
    ASSERT_EQ(moments.size(), static_cast<size_t>(window.groups));
    for (int64_t group = 0; group < window.groups; ++group) {
      Matrix errors = makeRandom(random, 1, window.getDepth());
      double sum = 0, squares = 0, count = 0;
      for (const std::vector<float> &sample : samples)
        for (double y : convolve(window, sample, errors.row(0), group)) {
          sum += y;
          squares += y * y;
          ++count;
        }
      const Moments &own = moments[group];
      EXPECT_EQ(own.count, count) << each.name;
      Matrix plain = own.getBlock(0, false), centered = own.getBlock(0, true);
      double form = 0, centeredForm = 0, mean = 0;
      for (int64_t i = 0; i < own.getDepth(); ++i) {
        mean += errors(0, i) * own.mean[i];
        for (int64_t j = 0; j < own.getDepth(); ++j) {
          form += errors(0, i) * plain(i, j) * errors(0, j);
          centeredForm += errors(0, i) * centered(i, j) * errors(0, j);
        }
      }
      EXPECT_NEAR(mean, sum / count, 1e-9) << each.name;
      EXPECT_NEAR(form, squares / count, 1e-9 * squares) << each.name;
      EXPECT_NEAR(centeredForm, squares / count - sum * sum / count / count,
                  1e-9 * squares)
          << each.name;
    }
  }
}

TEST(MomentsTest, FewerPositionsAreDrawnOnceAndForAll) {
  Window window = makeWindow(20, 2, 3, 1, 1, 1, 1);
  std::mt19937 random(6);
  std::normal_distribution<float> normal;
  std::vector<float> sample(window.getNumInputs());
  for (float &value : sample)
    value = normal(random);
  auto gather = [&](uint64_t seed) {
    MomentsOptions options;
    options.positionsPerSample = 50;
    options.seed = seed;
    MomentsAccumulator accumulator(window, options);
    accumulator.add(sample.data());
    return accumulator.finish()[0];
  };
  EXPECT_EQ(gather(1).count, 50);
  EXPECT_EQ(gather(1).blocks[0].values, gather(1).blocks[0].values);
  EXPECT_NE(gather(1).blocks[0].values, gather(2).blocks[0].values);
}

TEST(MomentsTest, DeepLayersAreCutIntoBlocks) {
  Window window;
  window.channels = 10;
  MomentsOptions options;
  options.maxBlock = 4;
  MomentsAccumulator accumulator(window, options), whole(window);
  std::mt19937 random(7);
  std::normal_distribution<float> normal;
  for (int i = 0; i < 300; ++i) {
    std::vector<float> sample(10);
    for (float &value : sample)
      value = normal(random);
    accumulator.add(sample.data());
    whole.add(sample.data());
  }
  Moments cut = accumulator.finish()[0], all = whole.finish()[0];
  ASSERT_EQ(cut.blocks.size(), 3u);
  EXPECT_EQ(cut.mean, all.mean);
  int64_t begin = 0;
  for (size_t b = 0; b < 3; ++b) {
    Matrix block = cut.getBlock(b, true), expected = all.getBlock(0, true);
    for (int64_t i = 0; i < block.rows; ++i)
      for (int64_t j = 0; j < block.rows; ++j)
        EXPECT_EQ(block(i, j), expected(begin + i, begin + j));
    begin += block.rows;
  }
  EXPECT_EQ(begin, 10);
}

TEST(MomentsTest, RetargetingIsLeastSquares) {
  // y = 0.8 x + noise: the weights that fit best are the solution of the normal
  // equations; the slope of the squared error must vanish there.
  std::mt19937 random(8);
  std::normal_distribution<double> normal;
  int64_t depth = 5, count = 400;
  Matrix x = makeRandom(random, count, depth), y = x;
  for (double &value : y.values)
    value = 0.8 * value + 0.3 * normal(random) + 0.2;
  CrossMoments moments;
  moments.floatMean.assign(depth, 0);
  moments.quantizedMean.assign(depth, 0);
  moments.cross = moments.quantized = Matrix(depth, depth);
  for (int64_t n = 0; n < count; ++n)
    for (int64_t i = 0; i < depth; ++i) {
      moments.floatMean[i] += x(n, i) / count;
      moments.quantizedMean[i] += y(n, i) / count;
      for (int64_t j = 0; j < depth; ++j) {
        moments.cross(i, j) += x(n, i) * y(n, j) / count;
        moments.quantized(i, j) += y(n, i) * y(n, j) / count;
      }
    }
  Matrix weights = makeRandom(random, 2, depth), found = weights;
  retarget(found, moments, 0);
  for (int64_t r = 0; r < 2; ++r)
    for (int64_t k = 0; k < depth; ++k) {
      double slope = 0;
      for (int64_t n = 0; n < count; ++n) {
        double difference = 0;
        for (int64_t j = 0; j < depth; ++j)
          difference += found(r, j) * (y(n, j) - moments.quantizedMean[j]) -
                        weights(r, j) * (x(n, j) - moments.floatMean[j]);
        slope += difference * (y(n, k) - moments.quantizedMean[k]) / count;
      }
      EXPECT_NEAR(slope, 0, 1e-9);
    }
  // Much damping leaves the weights where they are.
  Matrix damped = weights;
  retarget(damped, moments, 1e9);
  for (size_t i = 0; i < weights.values.size(); ++i)
    EXPECT_NEAR(damped.values[i], weights.values[i], 1e-6);
}

static std::vector<LayerMoments> makeLayers() {
  std::mt19937 random(9);
  std::normal_distribution<float> normal;
  std::vector<LayerMoments> layers(2);
  for (int i = 0; i < 2; ++i) {
    Window window = makeWindow(4, 4, 3, 1, 1, 1, i == 0 ? 1 : 4);
    MomentsOptions options;
    options.maxBlock = 10;
    MomentsAccumulator accumulator(window, options);
    std::vector<float> sample(window.getNumInputs());
    for (float &value : sample)
      value = normal(random);
    accumulator.add(sample.data());
    layers[i].name = i == 0 ? "a name; with blanks" : "b";
    layers[i].groups = accumulator.finish();
    layers[i].resultMeans = {1.5, -2, 0, 7};
  }
  return layers;
}

TEST(MomentsTest, FilesGiveBackWhatWasWritten) {
  std::vector<LayerMoments> layers = makeLayers(), found;
  std::string bytes = printMoments(layers), error;
  ASSERT_TRUE(parseMoments(bytes, found, error)) << error;
  EXPECT_EQ(printMoments(found), bytes);
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].name, "a name; with blanks");
  EXPECT_EQ(found[0].groups[0].blocks.size(), 4u);
  EXPECT_EQ(found[1].groups.size(), 4u);
  EXPECT_EQ(found[1].groups[3].blocks[0].values,
            layers[1].groups[3].blocks[0].values);
  EXPECT_EQ(found[1].resultMeans, layers[1].resultMeans);
}

TEST(MomentsTest, FilesThatAreCutOffAreRefused) {
  std::string bytes = printMoments(makeLayers());
  int refused = 0;
  for (size_t length = 0; length < bytes.size(); length += 7) {
    std::vector<LayerMoments> found;
    std::string error;
    if (!parseMoments(bytes.substr(0, length), found, error)) {
      EXPECT_FALSE(error.empty());
      ++refused;
    } else {
      // A layer or two, complete.
      EXPECT_EQ(bytes.compare(0, length, printMoments(found)), 0);
    }
  }
  EXPECT_GT(refused, 100);
  std::vector<LayerMoments> found;
  std::string error;
  EXPECT_FALSE(parseMoments("qopt moments 1\nlayer 9000000000000000000 "
                            "9000000000000000000 1 1 1 x\n",
                            found, error));
  EXPECT_EQ(error, "ends before layer 'x' at byte 15 is complete");
}
