// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Convolutions in AMX tiles, through the emulator of test/Emulators: shapes
// that leave rests of every kind, at random, under schedules that fit them.

#include "ConvolutionRunner.h"

#include "qopt/Dialect/Kernel/IR/TilePlan.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

using namespace qopt;
using namespace qopt::test;

namespace {
class TileConvolution : public testing::TestWithParam<JitLevel> {
protected:
  std::mt19937 random{20};

  int64_t pick(std::initializer_list<int64_t> values) {
    return values.begin()[random() % values.size()];
  }

  /// Gives the case a schedule of random size; false if none fits registers.
  bool schedule(ConvolutionCase &test) {
    kernel::ConvolutionLayout layout = {};
    bool rowIsRun =
        test.groups == 1 && (test.dilationX == 1 || test.kernelWidth == 1);
    layout.runLength =
        test.channels / test.groups * (rowIsRun ? test.kernelWidth : 1);
    if (rowIsRun && test.width == test.kernelWidth &&
        (test.dilationY == 1 || test.kernelHeight == 1))
      layout.runLength *= test.kernelHeight;
    layout.steps = (layout.runLength + 3) / 4;
    layout.groupOutputs = test.outputs / test.groups;
    layout.lanes = layout.unit = 16;
    layout.lastUnit = layout.groupOutputs % 16 ? 16 : 0;
    layout.dot = 4;
    layout.zeroPoint = test.filterZeroPoint - (test.filterUnsigned ? 128 : 0);
    for (int attempt = 0; attempt < 8; ++attempt) {
      layout.vectors = pick({1, 2, 3, 4, 5, 6});
      int64_t pixels = pick({1, 2, 5, 8, 13, 16, 18, 26, 32});
      if (!kernel::getTilePlan(layout, pixels, 1000) ||
          !kernel::getTilePlan(layout, pixels, 1))
        continue;
      test.schedule = "#kernel.schedule<tdpb, lanes = 16, vectors = " +
                      std::to_string(layout.vectors) +
                      ", pixels = " + std::to_string(pixels);
      if (random() % 2)
        test.schedule += ", axis = height";
      bool givesBytes = !test.residual || test.byteResidual;
      if (layout.groupOutputs >= 16 && givesBytes && random() % 4)
        test.schedule += ", interleaved = true";
      test.schedule += ">";
      return true;
    }
    return false;
  }

  void run(ConvolutionCase test) {
    test.fmaRequantize = random() % 2;
    EXPECT_FALSE(runConvolution(test, GetParam()).empty());
    ++ran;
  }

  int ran = 0;
};
} // namespace

TEST_P(TileConvolution, AtRandom) {
  for (int i = 0; i < 200 && ran < 60; ++i) {
    ConvolutionCase test;
    test.channels = pick({1, 3, 4, 5, 17, 40, 65, 96, 127});
    test.outputs = pick({1, 3, 15, 16, 17, 40, 48, 70, 127});
    test.kernelHeight = pick({1, 1, 3, 5, 7});
    test.kernelWidth = random() % 4 ? test.kernelHeight : pick({1, 2, 3});
    test.strideX = pick({1, 1, 2, 3});
    test.strideY = random() % 4 ? test.strideX : pick({1, 2});
    test.dilationX = pick({1, 1, 1, 2});
    test.dilationY = pick({1, 1, 1, 3});
    if (random() % 5 == 0) {
      test.groups = pick({2, 3});
      test.channels *= test.groups;
      test.outputs *= test.groups;
    }
    test.batch = random() % 6 ? 1 : 2;
    test.height = (test.kernelHeight - 1) * test.dilationY + 1 + random() % 8;
    test.width = (test.kernelWidth - 1) * test.dilationX + 1 + random() % 40;
    test.inputUnsigned = random() % 2;
    test.fullRange = random() % 2;
    if (random() % 3 == 0) {
      test.filterUnsigned = true;
      test.filterZeroPoint = pick({0, 77, 128, 255});
    }
    test.residual = random() % 3 == 0;
    test.byteResidual = random() % 2;
    test.perTensor = random() % 4 == 0;
    if (schedule(test))
      run(test);
  }
  EXPECT_EQ(ran, 60);
}

/// Runs around the 64 bytes of a row, and behind where products are written
/// out.
TEST_P(TileConvolution, LengthsOfRuns) {
  for (int64_t channels :
       {4, 7, 60, 63, 64, 68, 96, 127, 128, 130, 160, 4100}) {
    ConvolutionCase test;
    test.channels = channels;
    test.outputs = 20;
    test.schedule = "#kernel.schedule<tdpb, lanes = 16, vectors = 1, pixels = "
                    "12, interleaved = true>";
    run(test);
  }
  ConvolutionCase deep;
  deep.height = deep.width = 9;
  deep.kernelHeight = deep.kernelWidth = 7;
  deep.channels = 96;
  deep.outputs = 33;
  deep.schedule = "#kernel.schedule<tdpb, lanes = 16, vectors = 2, pixels = 3>";
  run(deep);
}

/// Runs that are read beyond their end, up to the end of the input.
TEST_P(TileConvolution, FirstLayers) {
  for (int64_t channels : {1, 2, 3, 5})
    for (int64_t kernel : {3, 5, 7})
      for (int64_t stride : {1, 2, 3}) {
        if (channels * kernel < 4)
          continue;
        ConvolutionCase test;
        test.channels = channels;
        test.outputs = 20 + channels;
        test.kernelHeight = pick({1, kernel});
        test.kernelWidth = kernel;
        test.strideX = test.strideY = stride;
        test.height = test.kernelHeight + stride;
        test.width = kernel + stride * pick({3, 15, 16, 36});
        test.batch = pick({1, 2});
        test.inputUnsigned = random() % 2;
        test.filterZeroPoint = pick({0, 0, 9});
        int64_t pixels = pick({4, 16, 32});
        test.schedule =
            "#kernel.schedule<tdpb, lanes = 16, vectors = 2, pixels = " +
            std::to_string(pixels) + ", interleaved = true>";
        if (test.filterZeroPoint != 0 && pixels == 32)
          test.filterZeroPoint = 0;
        run(test);
      }
}

/// What the model of costs chooses: tiles, but for short sums and single rows.
TEST_P(TileConvolution, Choice) {
  auto choose = [&](int64_t channels, int64_t outputs, int64_t pixels) {
    ConvolutionCase test;
    test.height = 1;
    test.width = pixels;
    test.channels = channels;
    test.outputs = outputs;
    return runConvolution(test, GetParam());
  };
  auto usesTiles = testing::HasSubstr("<tdpb, lanes = 16");
  EXPECT_THAT(choose(64, 64, 196), usesTiles);
  EXPECT_THAT(choose(96, 40, 49), usesTiles);
  EXPECT_THAT(choose(24, 144, 100), usesTiles);
  EXPECT_THAT(choose(8, 144, 100), testing::Not(usesTiles));
  EXPECT_THAT(choose(256, 128, 1), testing::Not(usesTiles));
  EXPECT_THAT(choose(256, 128, 16), usesTiles);
}

INSTANTIATE_TEST_SUITE_P(Emulated, TileConvolution,
                         testing::ValuesIn(tileLevels()));
// Without AVX-512 there is no level.
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(TileConvolution);
