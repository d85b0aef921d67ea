// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Sweeps of both convolutions around vector widths, on every level that this
// machine can run: all must give the integers of the description.

#include "ConvolutionRunner.h"

#include "gtest/gtest.h"

#include <set>

using namespace qopt::test;

namespace {
class Convolution : public testing::TestWithParam<JitLevel> {
protected:
  /// Returns whether it ran.
  bool run(const ConvolutionCase &test) {
    // Every start of the emulator costs, and compiling does: all but the best
    // level of the host run every other case, in turn.
    bool isBest = GetParam().name == hostLevels().back().name;
    if (!isBest && (asked++ + GetParam().name[0]) % 2)
      return false;
    std::string schedule = runConvolution(test, GetParam());
    ++ran;
    schedules.insert(schedule);
    qopt::cpu::TargetFacts facts = factsOf(GetParam());
    bool hasFMA = facts.avx512 || (facts.avx2 && facts.fma);
    if (!hasFMA || (facts.avx512 && !isBest) || test.kind != "i8")
      return true;
    ConvolutionCase floats = test;
    floats.fmaRequantize = true;
    runConvolution(floats, GetParam());
    return true;
  }
  /// A sweep that ran nothing has proved nothing.
  void TearDown() override { EXPECT_GT(ran + asked, 0); }

  int asked = 0, ran = 0;
  std::set<std::string> schedules;
};
} // namespace

TEST_P(Convolution, OutputChannelsAroundVectors) {
  for (int64_t outputs : {1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 24, 31, 33, 65}) {
    ConvolutionCase test;
    test.outputs = outputs;
    test.channels = 8;
    run(test);
  }
}

TEST_P(Convolution, InputChannelsAroundDotProducts) {
  for (int64_t channels : {1, 2, 3, 4, 5, 6, 7, 9, 16, 33}) {
    ConvolutionCase test;
    test.channels = channels;
    test.outputs = 10;
    run(test);
  }
}

TEST_P(Convolution, Windows) {
  for (int64_t kernel : {2, 3, 5})
    for (int64_t channels : {1, 3, 8}) {
      ConvolutionCase test;
      test.height = test.width = 9;
      test.kernelHeight = test.kernelWidth = kernel;
      test.channels = channels;
      test.outputs = 18;
      run(test);
    }
}

TEST_P(Convolution, LongSums) {
  ConvolutionCase test;
  test.channels = 130;
  test.outputs = 70;
  run(test);
  test.kernelHeight = test.kernelWidth = 3;
  test.channels = 20;
  run(test);
  // A single pixel, as in a fully connected layer.
  ConvolutionCase connected;
  connected.height = connected.width = 1;
  connected.channels = 640;
  connected.outputs = 128;
  run(connected);
  connected.channels = 61;
  connected.outputs = 12;
  run(connected);
}

TEST_P(Convolution, FineScales) {
  for (bool perTensor : {false, true}) {
    ConvolutionCase test;
    test.fineScale = true;
    test.perTensor = perTensor;
    test.outputs = 40;
    test.channels = 12;
    run(test);
    test.depthwise = true;
    test.channels = test.outputs;
    test.kernelHeight = test.kernelWidth = 3;
    run(test);
  }
}

TEST_P(Convolution, StridesAndDilations) {
  for (int64_t stride : {1, 2, 3})
    for (int64_t dilation : {1, 2}) {
      ConvolutionCase test;
      test.height = 8;
      test.width = 11;
      test.kernelHeight = 2;
      test.kernelWidth = 3;
      test.strideX = stride;
      test.strideY = stride == 3 ? 1 : stride;
      test.dilationX = dilation;
      test.dilationY = 3 - dilation;
      test.channels = 5;
      test.outputs = 9;
      run(test);
    }
}

TEST_P(Convolution, PointwiseWithStride) {
  ConvolutionCase test;
  test.height = test.width = 7;
  test.strideX = test.strideY = 2;
  test.outputs = 20;
  run(test);
}

/// Tiles that go on from one row of pixels to the next: into one row, over
/// several, or none, of one image or of some.
TEST_P(Convolution, WrappedRows) {
  for (int64_t width : {3, 7, 13})
    for (auto [kernel, strideY, strideX] :
         {std::tuple(1, 2, 2), std::tuple(1, 1, 2), std::tuple(1, 2, 1),
          std::tuple(2, 1, 1), std::tuple(3, 2, 2)}) {
      ConvolutionCase test;
      test.batch = width == 3 ? 2 : 1;
      test.height = width == 13 ? 5 : 7;
      test.width = (width - 1) * strideX + kernel;
      test.kernelHeight = test.kernelWidth = kernel;
      test.strideY = strideY;
      test.strideX = strideX;
      test.channels = 24;
      test.outputs = 40;
      test.filterZeroPoint = kernel == 2 ? 3 : 0;
      test.residual = test.byteResidual = width == 7;
      run(test);
    }
}

TEST_P(Convolution, Groups) {
  for (auto [groups, channels, outputs] :
       {std::tuple(2, 8, 34), std::tuple(3, 9, 6), std::tuple(4, 4, 64)}) {
    ConvolutionCase test;
    test.groups = groups;
    test.channels = channels;
    test.outputs = outputs;
    test.kernelHeight = test.kernelWidth = 2;
    run(test);
  }
}

TEST_P(Convolution, Batches) {
  ConvolutionCase test;
  test.batch = 3;
  test.outputs = 6;
  run(test);
  test.kernelHeight = 3;
  run(test);
}

TEST_P(Convolution, TallAndNarrow) {
  // One column: tiles lie on the height; the window is one contiguous run.
  ConvolutionCase test;
  test.height = 20;
  test.width = 1;
  test.kernelHeight = 3;
  test.channels = 10;
  test.outputs = 12;
  run(test);
}

TEST_P(Convolution, UnsignedAndZeroPoints) {
  for (bool inputUnsigned : {false, true})
    for (bool filterUnsigned : {false, true})
      for (int32_t zeroPoint : {0, 5, 128}) {
        ConvolutionCase test;
        test.inputUnsigned = inputUnsigned;
        test.filterUnsigned = filterUnsigned;
        test.filterZeroPoint = filterUnsigned ? zeroPoint : zeroPoint % 128;
        test.kernelHeight = test.kernelWidth = 3;
        test.channels = 3;
        test.outputs = 20;
        test.fullRange = true;
        run(test);
      }
}

TEST_P(Convolution, Residuals) {
  ConvolutionCase test;
  test.residual = true;
  for (int64_t outputs : {3, 16, 21}) {
    test.outputs = outputs;
    run(test);
  }
}

TEST_P(Convolution, OneMultiplier) {
  for (int64_t outputs : {3, 16, 21}) {
    ConvolutionCase test;
    test.perTensor = true;
    test.outputs = outputs;
    run(test);
    test.depthwise = true;
    test.channels = outputs;
    test.kernelHeight = test.kernelWidth = 3;
    run(test);
  }
}

TEST_P(Convolution, SixteenBits) {
  for (const char *kind : {"i16", "i16_wide"})
    for (int64_t channels : {1, 3, 8}) {
      ConvolutionCase test;
      test.kind = kind;
      test.kernelHeight = 2;
      test.channels = channels;
      test.outputs = 13;
      run(test);
    }
}

TEST_P(Convolution, Floats) {
  for (int64_t outputs : {1, 5, 16, 30}) {
    ConvolutionCase test;
    test.kind = "f32";
    test.kernelHeight = test.kernelWidth = 2;
    test.outputs = outputs;
    run(test);
  }
}

TEST_P(Convolution, SchedulesGivenInTheText) {
  for (const char *schedule :
       {"#kernel.schedule<plain, lanes = 1>",
        "#kernel.schedule<plain, lanes = 8, vectors = 3, pixels = 2>",
        "#kernel.schedule<plain, lanes = 4, pixels = 30, axis = height>"}) {
    ConvolutionCase test;
    test.kernelHeight = test.kernelWidth = 2;
    test.channels = 3;
    test.outputs = 23;
    test.schedule = schedule;
    if (run(test))
      EXPECT_EQ(schedules.count(schedule), 1u);
  }
}

/// Sets of four, two and one vectors, a narrower last one, pixels that do not
/// come out even, groups, and residuals in the order of packing.
TEST_P(Convolution, InterleavedSchedules) {
  ++asked;
  qopt::cpu::TargetFacts facts = factsOf(GetParam());
  if (!facts.sse41 && !facts.neon)
    GTEST_SKIP() << "nothing packs";
  std::string family = facts.sse41     ? "pmaddwd"
                       : facts.i8mm    ? "smmla"
                       : facts.dotprod ? "sdot"
                                       : "smull";
  for (auto [vectors, pixels, outputs] :
       {std::tuple(2, 5, 9), std::tuple(2, 3, 20), std::tuple(3, 2, 23),
        std::tuple(7, 3, 31), std::tuple(8, 2, 75), std::tuple(4, 3, 64)})
    for (bool residual : {false, true}) {
      ConvolutionCase test;
      test.channels = 6;
      test.outputs = outputs;
      test.groups = outputs == 64 ? 2 : 1;
      test.residual = test.byteResidual = residual;
      test.filterZeroPoint = vectors == 3 ? 5 : 0;
      test.schedule = "#kernel.schedule<" + family +
                      ", lanes = 4, vectors = " + std::to_string(vectors) +
                      ", pixels = " + std::to_string(pixels) +
                      ", interleaved = true>";
      if (run(test))
        EXPECT_EQ(schedules.count(test.schedule), 1u);
    }
}

/// Both kinds of bytes, clamps within them, and zero points that packing adds;
/// a table that is looked up with what was packed.
TEST_P(Convolution, ClampsOfPackedBytes) {
  for (auto [zeroPoint, low, high] :
       {std::tuple(-128, -128, 127), std::tuple(7, 7, 100),
        std::tuple(120, -100, 127), std::tuple(255, 0, 255),
        std::tuple(0, 3, 200)}) {
    ConvolutionCase test;
    test.channels = 8;
    test.outputs = 40;
    test.zeroPoint = zeroPoint;
    test.low = low;
    test.high = high;
    for (bool table : {false, true}) {
      test.table = table;
      run(test);
    }
    test.depthwise = true;
    test.channels = test.outputs;
    test.kernelHeight = test.kernelWidth = 3;
    for (bool table : {false, true}) {
      test.table = table;
      run(test);
    }
  }
}

/// Matrix products: pixels without a neighbour, runs of every remainder of
/// sixteen, both signs, sums of inputs, and results that are not packed.
TEST_P(Convolution, MatrixProducts) {
  ++asked;
  if (!factsOf(GetParam()).i8mm)
    GTEST_SKIP() << "no matrix products";
  for (int64_t channels = 1; channels <= 35; ++channels) {
    ConvolutionCase test;
    int64_t pixels = 1 + channels % 5, vectors = 1 + channels % 3;
    test.channels = channels;
    test.outputs = channels % 4 == 0 ? 3 : 8 + channels;
    test.kernelHeight = test.kernelWidth = 1 + channels % 2;
    test.inputUnsigned = channels % 3 == 1;
    test.filterZeroPoint = channels % 5 == 2 ? 7 : 0;
    test.residual = channels % 7 == 0;
    test.schedule = "#kernel.schedule<smmla, lanes = 4, vectors = " +
                    std::to_string(vectors) +
                    ", pixels = " + std::to_string(pixels) + ">";
    run(test);
  }
}

//===----------------------------------------------------------------------===//
// Depthwise
//===----------------------------------------------------------------------===//

TEST_P(Convolution, DepthwiseChannels) {
  for (int64_t channels :
       {1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 24, 31, 32, 33, 48, 65, 96, 144}) {
    ConvolutionCase test;
    test.depthwise = true;
    test.channels = test.outputs = channels;
    test.kernelHeight = test.kernelWidth = 3;
    run(test);
  }
}

TEST_P(Convolution, DepthwiseWindows) {
  for (auto [height, width] :
       {std::pair(1, 3), std::pair(3, 1), std::pair(2, 2), std::pair(5, 5),
        std::pair(4, 3), std::pair(8, 2), std::pair(7, 9)})
    for (int64_t channels : {16, 20}) {
      ConvolutionCase test;
      test.depthwise = true;
      test.height = 9;
      test.width = 12;
      test.channels = test.outputs = channels;
      test.kernelHeight = height;
      test.kernelWidth = width;
      run(test);
    }
}

// Too few channels for a register: rows of pixels fill it. Rows that end within
// a register, that have registers of several kinds, that are too short.
TEST_P(Convolution, DepthwiseRows) {
  for (auto [channels, pixels] :
       {std::pair(8, 8), std::pair(8, 9), std::pair(8, 3), std::pair(16, 5),
        std::pair(4, 21), std::pair(32, 3), std::pair(24, 8), std::pair(12, 16),
        std::pair(48, 8), std::pair(48, 5), std::pair(96, 2), std::pair(6, 32)})
    for (int64_t rows : {1, 2, 5}) {
      ConvolutionCase test;
      test.depthwise = true;
      test.kernelHeight = test.kernelWidth = 3;
      test.height = rows + 2;
      test.width = pixels + 2;
      test.channels = test.outputs = channels;
      test.batch = rows == 2 ? 2 : 1;
      run(test);
    }
}

TEST_P(Convolution, DepthwiseRowsOfOtherWindows) {
  for (auto [height, width] :
       {std::pair(2, 2), std::pair(4, 3), std::pair(5, 5), std::pair(7, 1)})
    for (int64_t stride : {1, 2})
      for (int64_t dilation : {1, 2}) {
        ConvolutionCase test;
        test.depthwise = true;
        test.kernelHeight = height;
        test.kernelWidth = width;
        test.strideY = stride;
        test.dilationX = dilation;
        test.dilationY = 3 - dilation;
        test.height = 2 * height + 3;
        test.width = 15;
        test.channels = test.outputs = 8;
        // A weight of two bytes.
        test.filterUnsigned = stride == 2;
        test.filterZeroPoint = stride == 2 ? 7 : 0;
        test.fmaRequantize = dilation == 2;
        run(test);
      }
}

TEST_P(Convolution, DepthwiseWindowsTooWideToUnroll) {
  for (int64_t height : {1, 2}) {
    ConvolutionCase test;
    test.depthwise = true;
    test.height = 3;
    test.width = 110;
    test.channels = test.outputs = 6;
    test.kernelHeight = height;
    test.kernelWidth = 100;
    run(test);
  }
}

TEST_P(Convolution, DepthwiseStridesAndDilations) {
  for (int64_t stride : {1, 2, 3})
    for (int64_t dilation : {1, 2}) {
      ConvolutionCase test;
      test.depthwise = true;
      test.height = 9;
      test.width = 13;
      test.kernelHeight = test.kernelWidth = 3;
      test.strideX = stride;
      test.strideY = stride == 3 ? 1 : stride;
      test.dilationX = dilation;
      test.dilationY = 3 - dilation;
      test.channels = test.outputs = 18;
      run(test);
    }
}

TEST_P(Convolution, DepthwiseMultipliers) {
  for (auto [channels, multiplier] :
       {std::pair(1, 8), std::pair(1, 3), std::pair(2, 2), std::pair(3, 4),
        std::pair(5, 3), std::pair(16, 2), std::pair(2, 20),
        std::pair(7, 16)}) {
    ConvolutionCase test;
    test.depthwise = true;
    test.channels = channels;
    test.outputs = channels * multiplier;
    test.kernelHeight = test.kernelWidth = 2;
    run(test);
  }
}

TEST_P(Convolution, DepthwiseUnsignedAndZeroPoints) {
  for (bool inputUnsigned : {false, true})
    for (bool filterUnsigned : {false, true})
      for (int32_t zeroPoint : {0, 7, 128}) {
        ConvolutionCase test;
        test.depthwise = true;
        test.inputUnsigned = inputUnsigned;
        test.filterUnsigned = filterUnsigned;
        test.filterZeroPoint = filterUnsigned ? zeroPoint : zeroPoint % 128;
        test.kernelHeight = test.kernelWidth = 3;
        test.channels = test.outputs = 36;
        test.fullRange = true;
        run(test);
      }
}

TEST_P(Convolution, DepthwiseOtherTypes) {
  for (const char *kind : {"i16", "i16_wide", "f32"}) {
    ConvolutionCase test;
    test.depthwise = true;
    test.kind = kind;
    test.kernelHeight = test.kernelWidth = 3;
    test.channels = test.outputs = 19;
    run(test);
  }
  ConvolutionCase test;
  test.depthwise = true;
  test.residual = true;
  test.batch = 2;
  test.kernelHeight = test.kernelWidth = 3;
  test.channels = test.outputs = 21;
  run(test);
}

static std::string nameOf(const testing::TestParamInfo<JitLevel> &info) {
  std::string name = info.param.name;
  name.erase(std::remove(name.begin(), name.end(), '.'), name.end());
  return name;
}
INSTANTIATE_TEST_SUITE_P(Host, Convolution, testing::ValuesIn(hostLevels()),
                         nameOf);
INSTANTIATE_TEST_SUITE_P(Guest, Convolution, testing::ValuesIn(guestLevels()),
                         nameOf);
// Without an emulator there are no guest levels.
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(Convolution);
