// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The passes on float graphs: what the interpreter gives before and after
// differs by no more than 1e-5 of the largest element, on graphs that nobody
// wrote.

#include "RandomFloatGraph.h"
#include "SameBytes.h"

#include "gtest/gtest.h"

#include <cstdlib>

using namespace qopt::test;

namespace {
class FloatPasses : public testing::TestWithParam<const char *> {};
} // namespace

TEST_P(FloatPasses, KeepRandomGraphs) {
  // QOPT_RANDOM_GRAPHS asks for more than the quick suite does.
  const char *wanted = std::getenv("QOPT_RANDOM_GRAPHS");
  unsigned count = wanted ? std::atoi(wanted) : 60, numChanged = 0;
  for (unsigned seed = 1; seed <= count && !HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    numChanged += expectSameFloats(makeRandomFloatGraph(seed), GetParam());
  }
  EXPECT_GT(numChanged, 0u) << "the pass never changed anything";
}

INSTANTIATE_TEST_SUITE_P(
    Each, FloatPasses,
    testing::Values("canonicalize", "cse", "nn-propagate-transposes",
                    "nn-fold-batch-norm", "nn-fuse-activations",
                    "nn-fold-constants",
                    "nn-propagate-transposes,nn-fold-batch-norm",
                    "nn-equalize-cross-layer", "nn-remove-dead-channels",
                    "canonicalize,cse,nn-fold-batch-norm,nn-fuse-activations,"
                    "canonicalize"));

/// A block as Keras and PyTorch leave it: every convolution with a batch norm,
/// a projection beside the block, a scale and shift written as arithmetic.
static const char *const residualBlock = R"mlir(
  func.func @main(%x: tensor<1x5x5x2xf32>) -> tensor<1x3x3x3xf32> {
    %w1 = nn.constant dense<[
        [[[0.5, -0.25], [1.0, 0.75]], [[-0.5, 0.125], [0.25, 2.0]]],
        [[[1.5, 0.25], [-1.0, 0.5]], [[0.5, 0.5], [0.25, -2.0]]],
        [[[0.1, 0.2], [0.3, 0.4]], [[0.5, 0.6], [0.7, 0.8]]]]>
      : tensor<3x2x2x2xf32>
    %w2 = nn.constant dense<[
        [[[0.5, 1.0, -1.0]]], [[[0.25, -0.5, 2.0]]], [[[1.0, 1.0, 1.0]]]]>
      : tensor<3x1x1x3xf32>
    %w3 = nn.constant dense<[[[[1.0, 2.0]]], [[[3.0, -1.0]]], [[[0.5, 0.5]]]]>
      : tensor<3x1x1x2xf32>
    %a = nn.constant dense<[0.5, 2.0, 1.5]> : tensor<3xf32>
    %b = nn.constant dense<[-1.0, 0.25, 0.75]> : tensor<3xf32>
    %v = nn.constant dense<[0.5, 1.0, 4.0]> : tensor<3xf32>
    %0 = nn.conv_2d %x, %w1, %b {
        strides = array<i64: 2, 2>, padding = array<i64: 1, 0, 1, 0>}
      : (tensor<1x5x5x2xf32>, tensor<3x2x2x2xf32>, tensor<3xf32>)
      -> tensor<1x3x3x3xf32>
    %1 = nn.batch_norm %0, %a, %b, %b, %v : (tensor<1x3x3x3xf32>, tensor<3xf32>,
        tensor<3xf32>, tensor<3xf32>, tensor<3xf32>) -> tensor<1x3x3x3xf32>
    %2 = nn.relu %1 : (tensor<1x3x3x3xf32>) -> tensor<1x3x3x3xf32>
    %3 = nn.conv_2d %2, %w2 : (tensor<1x3x3x3xf32>, tensor<3x1x1x3xf32>)
      -> tensor<1x3x3x3xf32>
    %4 = nn.mul %3, %a : (tensor<1x3x3x3xf32>, tensor<3xf32>)
      -> tensor<1x3x3x3xf32>
    %5 = nn.add %b, %4 : (tensor<3xf32>, tensor<1x3x3x3xf32>)
      -> tensor<1x3x3x3xf32>
    %6 = nn.conv_2d %x, %w3 {strides = array<i64: 2, 2>}
      : (tensor<1x5x5x2xf32>, tensor<3x1x1x2xf32>) -> tensor<1x3x3x3xf32>
    %7 = nn.batch_norm %6, %v, %b, %a, %v : (tensor<1x3x3x3xf32>, tensor<3xf32>,
        tensor<3xf32>, tensor<3xf32>, tensor<3xf32>) -> tensor<1x3x3x3xf32>
    %8 = nn.add %7, %5 : (tensor<1x3x3x3xf32>, tensor<1x3x3x3xf32>)
      -> tensor<1x3x3x3xf32>
    %9 = nn.relu %8 : (tensor<1x3x3x3xf32>) -> tensor<1x3x3x3xf32>
    return %9 : tensor<1x3x3x3xf32>
  })mlir";

TEST(FoldBatchNorm, LeavesNothingInAResidualBlock) {
  std::string after;
  EXPECT_TRUE(expectSameFloats(
      residualBlock, "canonicalize,nn-fold-batch-norm,nn-fuse-activations",
      &after));
  EXPECT_EQ(after.find("nn.batch_norm"), std::string::npos) << after;
  EXPECT_EQ(after.find("nn.mul"), std::string::npos) << after;
  EXPECT_EQ(after.find("nn.depthwise"), std::string::npos) << after;
  EXPECT_EQ(after.find("nn.relu "), std::string::npos) << after;
}
