// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The forms of a linear op's result, groups, and batch norm, by numbers small
// enough to check by hand.

#include "RunText.h"

using namespace qopt;
using namespace qopt::test;
using Integers = std::vector<int64_t>;

/// A 1x1x3 image with zero point 1 and a filter of three taps with zero point
/// 2, padded by one on the left: [P, 2, 3, 5] * [4, 1, 3].
static llvm::Expected<Tensor> convolve(llvm::StringRef result,
                                       llvm::StringRef bias) {
  std::string text =
      ("func.func @f(%x: tensor<1x1x3x1x!quant.uniform<i8:f32, 0.5:1>>) -> "
       "tensor<1x1x2x1x" +
       result +
       "> {\n %w = nn.constant dense<[[[[4], [1], [3]]]]> : "
       "tensor<1x1x3x1xi8> -> tensor<1x1x3x1x!quant.uniform<i8:f32, 0.25:2>>\n"
       " %b = nn.constant dense<[7]> : tensor<1xi32>" +
       bias +
       "\n %y = nn.conv_2d %x, %w, %b {padding = array<i64: 0, 0, 1, 0>} : "
       "(tensor<1x1x3x1x!quant.uniform<i8:f32, 0.5:1>>, "
       "tensor<1x1x3x1x!quant.uniform<i8:f32, 0.25:2>>, tensor<1x" +
       (bias.empty() ? llvm::StringRef("i32")
                     : llvm::StringRef("!quant.uniform<i32:f32, 0.125>")) +
       ">) -> tensor<1x1x2x1x" + result + ">\n return %y : tensor<1x1x2x1x" +
       result + ">\n}")
          .str();
  return runText(text, makeTensor<int8_t>({1, 1, 3, 1}, {2, 3, 5}));
}

static const char *quantizedBias =
    " -> tensor<1x!quant.uniform<i32:f32, 0.125>>";

// Centred: x - 1 = [0, 1, 2, 4], w - 2 = [2, -1, 1].
//   left: 0·2 - 1 + 2 + 7 = 8; right: 1·2 - 2 + 4 + 7 = 11
TEST(Convolution, QuantizedAccumulatorIsCentred) {
  EXPECT_EQ(integers(convolve("!quant.uniform<i32:f32, 0.125>", quantizedBias)),
            (Integers{8, 11}));
}

// Stored: q = [1, 2, 3, 5] (padding is the zero point), w - 2 = [2, -1, 1].
//   left: 2 - 2 + 3 + 7 = 10; right: 4 - 3 + 5 + 7 = 13
TEST(Convolution, PlainAccumulatorPadsWithTheZeroPoint) {
  EXPECT_EQ(integers(convolve("i32", "")), (Integers{10, 13}));
  EXPECT_EQ(integers(convolve("i64", "")), (Integers{10, 13}));
}

TEST(Convolution, Requantized) {
  // 8 · 0.125 / 0.5 = 2, 11 · 0.125 / 0.5 = 2.75
  EXPECT_EQ(
      integers(convolve("!quant.uniform<i8:f32, 0.5:-10>", quantizedBias)),
      (Integers{-8, -7}));
}

TEST(Convolution, Groups) {
  // Two groups of two channels, one output channel each.
  Tensor x = makeTensor<float>({1, 1, 1, 4}, {1, 2, 3, 4});
  EXPECT_EQ(reals(runText(R"(
    func.func @f(%x: tensor<1x1x1x4xf32>) -> tensor<1x1x1x2xf32> {
      %w = nn.constant dense<[[[[1.0, 10.0]]], [[[100.0, 1000.0]]]]> : tensor<2x1x1x2xf32>
      %y = nn.conv_2d %x, %w {groups = 2 : i64} : (tensor<1x1x1x4xf32>, tensor<2x1x1x2xf32>) -> tensor<1x1x1x2xf32>
      return %y : tensor<1x1x1x2xf32>
    })",
                          x)),
            (std::vector<double>{21, 4300}));
}

TEST(DepthwiseConvolution, ChannelMultiplier) {
  Tensor x = makeTensor<float>({1, 1, 1, 2}, {2, 3});
  EXPECT_EQ(reals(runText(R"(
    func.func @f(%x: tensor<1x1x1x2xf32>) -> tensor<1x1x1x4xf32> {
      %w = nn.constant dense<[[[[1.0, 10.0, 100.0, 1000.0]]]]> : tensor<1x1x1x4xf32>
      %y = nn.depthwise_conv_2d %x, %w : (tensor<1x1x1x2xf32>, tensor<1x1x1x4xf32>) -> tensor<1x1x1x4xf32>
      return %y : tensor<1x1x1x4xf32>
    })",
                          x)),
            (std::vector<double>{2, 20, 300, 3000}));
}

TEST(FullyConnected, Int16AccumulatesBeyond32Bits) {
  Tensor x = makeTensor<int16_t>({1, 3}, {32767, 32767, 32767});
  EXPECT_EQ(integers(runText(R"(
    func.func @f(%x: tensor<1x3x!quant.uniform<i16:f32, 1.0>>) -> tensor<1x1x!quant.uniform<i16:f32, 131072.0>> {
      %w = nn.constant dense<[[32767, 32767, 32767]]> : tensor<1x3xi16> -> tensor<1x3x!quant.uniform<i16:f32, 1.0>>
      %a = nn.fully_connected %x, %w : (tensor<1x3x!quant.uniform<i16:f32, 1.0>>, tensor<1x3x!quant.uniform<i16:f32, 1.0>>) -> tensor<1x1x!quant.uniform<i32:f32, 1.0>>
      %y = quant.requantize %a {rounding = #quant.rounding<wide>} : tensor<1x1x!quant.uniform<i32:f32, 1.0>> to tensor<1x1x!quant.uniform<i16:f32, 131072.0>>
      return %y : tensor<1x1x!quant.uniform<i16:f32, 131072.0>>
    })",
                             x)),
            (Integers{24575})); // 3221028867 / 2^17 = 24574.5…
}

TEST(BatchNorm, ByHand) {
  Tensor x = makeTensor<float>({1, 2}, {3, 5});
  EXPECT_EQ(reals(runText(R"(
    func.func @f(%x: tensor<1x2xf32>) -> tensor<1x2xf32> {
      %s = nn.constant dense<[2.0, 1.0]> : tensor<2xf32>
      %o = nn.constant dense<[10.0, 20.0]> : tensor<2xf32>
      %m = nn.constant dense<[1.0, 1.0]> : tensor<2xf32>
      %v = nn.constant dense<[3.0, 15.0]> : tensor<2xf32>
      %y = nn.batch_norm %x, %s, %o, %m, %v {epsilon = 1.0 : f64} : (tensor<1x2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) -> tensor<1x2xf32>
      return %y : tensor<1x2xf32>
    })",
                          x)),
            (std::vector<double>{12, 21}));
}
