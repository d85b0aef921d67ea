// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Convolutions that add up products in 16 bits, on every level of x86 that this
// machine can run: no weights and no inputs may saturate anything.

#include "ConvolutionRunner.h"

#include "gtest/gtest.h"

#include <algorithm>

using namespace qopt::test;

namespace {
class ByteSumConvolution : public testing::TestWithParam<JitLevel> {
protected:
  void SetUp() override {
    facts = factsOf(GetParam());
    if (!facts.sse41)
      GTEST_SKIP() << "no products of bytes";
  }

  /// A schedule of the family for the level.
  std::string get(int64_t vectors, int64_t pixels, int64_t steps,
                  bool interleaved = false) const {
    return "#kernel.schedule<pmaddubsw, lanes = " + std::to_string(lanes()) +
           ", vectors = " + std::to_string(vectors) +
           ", pixels = " + std::to_string(pixels) +
           (interleaved ? ", interleaved = true" : "") +
           (steps == 1 ? "" : ", steps = " + std::to_string(steps)) + ">";
  }
  int64_t lanes() const { return facts.avx512 ? 16 : facts.avx2 ? 8 : 4; }

  void run(const ConvolutionCase &test) {
    std::string schedule = runConvolution(test, GetParam());
    EXPECT_NE(schedule.find("pmaddubsw"), std::string::npos) << schedule;
  }

  qopt::cpu::TargetFacts facts;
};
} // namespace

/// Weights from such that always fit to such that never do, inputs of all
/// values and of the least and the largest.
TEST_P(ByteSumConvolution, WeightsAndInputs) {
  for (int64_t limit : {8, 16, 32, 63, 64, 65, 100, 0})
    for (bool extremes : {false, true})
      for (int64_t steps : {1, 2, 4}) {
        ConvolutionCase test;
        test.channels = 40;
        test.outputs = 27;
        test.height = 3;
        test.inputUnsigned = true;
        test.fullRange = true;
        test.filterLimit = limit;
        test.extremes = extremes;
        test.schedule = get(2, 3, steps);
        run(test);
      }
}

/// Zero points make weights of nine bits; signed inputs are flipped.
TEST_P(ByteSumConvolution, ZeroPointsAndSigns) {
  for (int32_t zeroPoint : {0, 1, 120, 128, 255})
    for (bool inputUnsigned : {false, true})
      for (bool filterUnsigned : {false, true}) {
        ConvolutionCase test;
        test.channels = 13;
        test.outputs = 20;
        test.inputUnsigned = inputUnsigned;
        test.filterUnsigned = filterUnsigned;
        test.filterZeroPoint = filterUnsigned ? zeroPoint : zeroPoint % 128;
        test.fullRange = true;
        test.extremes = zeroPoint != 120;
        test.schedule = get(1, 4, zeroPoint == 1 ? 4 : 2);
        run(test);
      }
}

/// Windows of one run a row, of many runs and of one; steps that are moved
/// back; strides; tiles and blocks that do not come out even.
TEST_P(ByteSumConvolution, Windows) {
  for (int64_t channels : {2, 3, 4, 5, 7, 16})
    for (int64_t dilation : {1, 2})
      for (int64_t stride : {1, 2}) {
        // Runs of a dilated window are single pixels.
        if (dilation == 2 && channels < 4)
          continue;
        ConvolutionCase test;
        test.height = 9;
        test.width = 12;
        test.kernelHeight = test.kernelWidth = 3;
        test.channels = channels;
        test.outputs = 3 * lanes() + channels;
        test.strideX = test.strideY = stride;
        test.dilationX = test.dilationY = dilation;
        test.inputUnsigned = true;
        test.filterLimit = 40;
        test.schedule = get(2, 3, stride * 2);
        run(test);
      }
  ConvolutionCase column;
  column.height = 20;
  column.width = 1;
  column.kernelHeight = 3;
  column.channels = 10;
  column.outputs = 12;
  column.inputUnsigned = true;
  column.schedule = get(1, 3, 2);
  run(column);
}

/// Offsets of inputs beyond 16 bits.
TEST_P(ByteSumConvolution, WideRows) {
  ConvolutionCase test;
  test.height = 3;
  test.width = 700;
  test.kernelHeight = 3;
  test.channels = 48;
  test.outputs = 4;
  test.strideX = 60;
  test.inputUnsigned = true;
  test.filterLimit = 30;
  std::string schedule = get(1, 2, 2);
  test.schedule = schedule;
  run(test);
}

TEST_P(ByteSumConvolution, SinglePixels) {
  for (int64_t vectors : {1, 3, 4}) {
    ConvolutionCase test;
    test.height = test.width = 1;
    test.channels = 61;
    test.outputs = 70;
    test.inputUnsigned = true;
    test.filterLimit = 50;
    test.schedule = get(vectors, 1, 4);
    run(test);
  }
}

/// Sets of four, two and one vectors, and a narrower last one.
TEST_P(ByteSumConvolution, Interleaved) {
  for (auto [vectors, pixels, rest] :
       {std::tuple(1, 5, 0), std::tuple(2, 3, 5), std::tuple(3, 2, 4),
        std::tuple(4, 3, 1)}) {
    ConvolutionCase test;
    test.channels = 12;
    test.outputs = (vectors + 1) * lanes() + rest;
    test.inputUnsigned = true;
    test.filterLimit = 70;
    test.schedule = get(vectors, pixels, 2, /*interleaved=*/true);
    run(test);
  }
}

static std::string nameOf(const testing::TestParamInfo<JitLevel> &info) {
  std::string name = info.param.name;
  name.erase(std::remove(name.begin(), name.end(), '.'), name.end());
  return name;
}
INSTANTIATE_TEST_SUITE_P(Host, ByteSumConvolution,
                         testing::ValuesIn(hostLevels()), nameOf);
