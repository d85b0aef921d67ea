// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Each pass of the nn dialect, and its folds, on ops small enough to be read:
// the interpreter gives the same bytes before and after. Whole models are
// tested the same way in Unit/Reference.

#include "SameBytes.h"

#include "llvm/ADT/Twine.h"

#include "gtest/gtest.h"

using qopt::test::expectSameBytes;

/// Aliases that the functions below share.
static std::string withTypes(llvm::StringRef function) {
  return (R"mlir(
    !x = !quant.uniform<i8:f32, 0.02:-7>
    !x16 = !quant.uniform<i16:f32, 0.0005>
    !u = !quant.uniform<u8:f32, 0.02:131>
    !w = !quant.uniform<i8<-127:127>:f32, 0.03>
    !wo = !quant.uniform<i8<-127:127>:f32:0, {0.03, 0.001, 0.5}>
    !wd = !quant.uniform<i8:f32:3, {0.03:5, 0.011:-128, 0.2:127, 0.07}>
    !wu = !quant.uniform<u8:f32, 0.03:128>
    !b = !quant.uniform<i32:f32, 6.0e-4>
    !y = !quant.uniform<i8:f32, 0.05:-11>
    !y16 = !quant.uniform<i16:f32, 0.05>
    !yu = !quant.uniform<u8:f32, 0.05:77>
  )mlir" + function)
      .str();
}

static const char *const integerPipelines[] = {
    "nn-expose-requantize",
    "nn-expose-requantize,quant-legalize-multipliers,"
    "nn-fold-zero-points",
    "nn-fuse-activations,nn-expose-requantize,"
    "quant-legalize-multipliers,nn-fold-zero-points,canonicalize,cse",
};

static void expectSameBytesWhenLowered(llvm::StringRef function) {
  std::string text = withTypes(function);
  for (const char *pipeline : integerPipelines)
    expectSameBytes(text, pipeline);
}

TEST(LowerToIntegers, Conv2DPaddedPerChannel) {
  expectSameBytesWhenLowered(R"mlir(
    func.func @main(%x: tensor<2x5x4x2x!x>) -> tensor<2x3x4x3x!y> {
      %w = nn.constant dense<[
          [[[1, -2], [127, 4]], [[-127, 0], [7, -8]]],
          [[[127, 127], [127, 127]], [[127, 127], [127, 127]]],
          [[[-1, 1], [-1, 1]], [[-1, 1], [-1, 1]]]]>
        : tensor<3x2x2x2xi8> -> tensor<3x2x2x2x!wo>
      %b = nn.constant dense<[1000, -2000, 3]> : tensor<3xi32>
      %0 = nn.conv_2d %x, %w, %b {
          strides = array<i64: 2, 1>, padding = array<i64: 1, 0, 0, 1>}
        : (tensor<2x5x4x2x!x>, tensor<3x2x2x2x!wo>, tensor<3xi32>)
        -> tensor<2x3x4x3x!y>
      return %0 : tensor<2x3x4x3x!y>
    })mlir");
}

TEST(LowerToIntegers, Conv2DGroupedDilatedRelu6) {
  expectSameBytesWhenLowered(R"mlir(
    func.func @main(%x: tensor<1x5x5x4x!x>) -> tensor<1x3x3x2x!y> {
      %w = nn.constant dense<[
          [[[1, -2], [127, 4]], [[-127, 0], [7, -8]]],
          [[[9, 8], [-7, 6]], [[5, 4], [3, -2]]]]>
        : tensor<2x2x2x2xi8> -> tensor<2x2x2x2x!w>
      %0 = nn.conv_2d %x, %w {
          dilations = array<i64: 2, 2>, groups = 2,
          activation = #nn.activation<relu6>,
          rounding = #quant.rounding<single>}
        : (tensor<1x5x5x4x!x>, tensor<2x2x2x2x!w>) -> tensor<1x3x3x2x!y>
      return %0 : tensor<1x3x3x2x!y>
    })mlir");
}

TEST(LowerToIntegers, Conv2DUnsignedFloatScaleProduct) {
  expectSameBytesWhenLowered(R"mlir(
    func.func @main(%x: tensor<1x3x3x1x!u>) -> tensor<1x3x3x2x!yu> {
      %w = nn.constant dense<[
          [[[0], [255], [3]], [[128], [127], [9]], [[1], [2], [254]]],
          [[[255], [255], [255]], [[255], [255], [255]], [[9], [9], [9]]]]>
        : tensor<2x3x3x1xi8> -> tensor<2x3x3x1x!wu>
      %b = nn.constant dense<[-77, 5000]> : tensor<2xi32> -> tensor<2x!b>
      %0 = nn.conv_2d %x, %w, %b {
          padding = array<i64: 1, 1, 1, 1>, f32_scale_product,
          activation = #nn.activation<relu>}
        : (tensor<1x3x3x1x!u>, tensor<2x3x3x1x!wu>, tensor<2x!b>)
        -> tensor<1x3x3x2x!yu>
      return %0 : tensor<1x3x3x2x!yu>
    })mlir");
}

TEST(LowerToIntegers, DepthwiseConv2DChannelMultiplierZeroPoints) {
  expectSameBytesWhenLowered(R"mlir(
    func.func @main(%x: tensor<1x4x4x2x!x>) -> tensor<1x2x2x4x!y> {
      %w = nn.constant dense<[[
          [[1, -128, 127, 0], [5, 6, 7, 8]],
          [[127, 127, -128, -128], [-1, -2, -3, -4]]]]>
        : tensor<1x2x2x4xi8> -> tensor<1x2x2x4x!wd>
      %0 = nn.depthwise_conv_2d %x, %w {
          strides = array<i64: 2, 2>, activation = #nn.activation<relu_n1_to_1>}
        : (tensor<1x4x4x2x!x>, tensor<1x2x2x4x!wd>) -> tensor<1x2x2x4x!y>
      return %0 : tensor<1x2x2x4x!y>
    })mlir");
}

TEST(LowerToIntegers, FullyConnectedAfterReshape) {
  expectSameBytesWhenLowered(R"mlir(
    func.func @main(%x: tensor<2x2x3x!x>) -> tensor<2x3x!y> {
      %w = nn.constant dense<[
          [1, 2, 3, 4, 5, 6], [-127, 127, -127, 127, -127, 127],
          [127, 127, 127, 127, 127, 127]]>
        : tensor<3x6xi8> -> tensor<3x6x!wo>
      %0 = nn.reshape %x : (tensor<2x2x3x!x>) -> tensor<2x6x!x>
      %1 = nn.fully_connected %0, %w
        : (tensor<2x6x!x>, tensor<3x6x!wo>) -> tensor<2x3x!y>
      return %1 : tensor<2x3x!y>
    })mlir");
}

// The bias makes the accumulators of one channel need 64 bits.
TEST(LowerToIntegers, FullyConnected16BitWidened) {
  expectSameBytesWhenLowered(R"mlir(
    func.func @main(%x: tensor<1x4x!x16>) -> tensor<1x2x!y16> {
      %w = nn.constant dense<[[127, -127, 64, 1], [1, 1, 1, -1]]>
        : tensor<2x4xi8> -> tensor<2x4x!w>
      %b = nn.constant dense<[4300000000, -5]> : tensor<2xi64>
      %0 = nn.fully_connected %x, %w, %b {rounding = #quant.rounding<wide>}
        : (tensor<1x4x!x16>, tensor<2x4x!w>, tensor<2xi64>)
        -> tensor<1x2x!y16>
      return %0 : tensor<1x2x!y16>
    })mlir");
}

TEST(LowerToIntegers, FullyConnected16BitNarrow) {
  expectSameBytesWhenLowered(R"mlir(
    func.func @main(%x: tensor<1x4x!x16>) -> tensor<1x2x!y16> {
      %w = nn.constant dense<[[127, -127, 64, 1], [1, 1, 1, -1]]>
        : tensor<2x4xi8> -> tensor<2x4x!w>
      %b = nn.constant dense<[43, -5]> : tensor<2xi64>
      %0 = nn.fully_connected %x, %w, %b {rounding = #quant.rounding<wide>}
        : (tensor<1x4x!x16>, tensor<2x4x!w>, tensor<2xi64>)
        -> tensor<1x2x!y16>
      return %0 : tensor<1x2x!y16>
    })mlir");
}

//===----------------------------------------------------------------------===//
// nn-decompose-transpose-conv
//===----------------------------------------------------------------------===//

/// A transposed convolution of 2x3 images with a 3x2 filter.
static std::string transposeConv(llvm::StringRef attributes,
                                 llvm::StringRef resultShape) {
  return withTypes(("func.func @main(%x: tensor<2x2x3x2x!x>) -> tensor<" +
                    resultShape + R"mlir(x!y> {
      %w = nn.constant dense<[
          [[[1, -2], [127, 4]], [[-127, 0], [7, -8]], [[3, 5], [-9, 2]]],
          [[[9, 8], [-7, 6]], [[5, 4], [3, -2]], [[100, -100], [0, 1]]],
          [[[127, 127], [127, 127]], [[1, 2], [3, 4]], [[-1, -1], [-1, -1]]]]>
        : tensor<3x3x2x2xi8> -> tensor<3x3x2x2x!wo>
      %b = nn.constant dense<[1000, -2000, 3]> : tensor<3xi32>
      %0 = nn.transpose_conv_2d %x, %w, %b {)mlir" +
                    attributes + R"mlir(}
        : (tensor<2x2x3x2x!x>, tensor<3x3x2x2x!wo>, tensor<3xi32>)
        -> tensor<)mlir" +
                    resultShape + R"mlir(x!y>
      return %0 : tensor<)mlir" +
                    resultShape + R"mlir(x!y>
    })mlir")
                       .str());
}

TEST(DecomposeTransposeConv, StridesPaddingDilation) {
  const char *pass = "nn-decompose-transpose-conv";
  expectSameBytes(transposeConv("", "2x4x4x3"), pass);
  expectSameBytes(transposeConv("strides = array<i64: 2, 3>", "2x5x8x3"), pass);
  expectSameBytes(transposeConv("strides = array<i64: 2, 2>, padding = "
                                "array<i64: 1, 1, 0, 1>",
                                "2x3x5x3"),
                  pass);
  expectSameBytes(transposeConv("strides = array<i64: 2, 2>, padding = "
                                "array<i64: 0, 1, 1, -1>, activation = "
                                "#nn.activation<relu>",
                                "2x4x6x3"),
                  pass);
  // Phases with as many outputs each.
  for (const char *padding : {"0, 1, 0, 0", "1, 0, 0, 0"})
    expectSameBytes(transposeConv(std::string("strides = array<i64: 2, 2>, "
                                              "padding = array<i64: ") +
                                      padding + ">",
                                  "2x4x6x3"),
                    pass);
  expectSameBytes(transposeConv("strides = array<i64: 2, 1>, dilations = "
                                "array<i64: 1, 2>, padding = array<i64: 0, 1, "
                                "1, 1>",
                                "2x4x3x3"),
                  pass);
  expectSameBytes(transposeConv("dilations = array<i64: 2, 3>, padding = "
                                "array<i64: 2, 0, 0, 0>",
                                "2x4x6x3"),
                  pass);
}

TEST(DecomposeTransposeConv, Groups) {
  expectSameBytes(withTypes(R"mlir(
    func.func @main(%x: tensor<1x2x2x4x!x>) -> tensor<1x4x4x2x!y> {
      %w = nn.constant dense<[
          [[[1, -2], [127, 4]], [[-127, 0], [7, -8]]],
          [[[9, 8], [-7, 6]], [[5, 4], [3, -2]]]]>
        : tensor<2x2x2x2xi8> -> tensor<2x2x2x2x!w>
      %0 = nn.transpose_conv_2d %x, %w {
          strides = array<i64: 2, 2>, groups = 2 : i64}
        : (tensor<1x2x2x4x!x>, tensor<2x2x2x2x!w>) -> tensor<1x4x4x2x!y>
      return %0 : tensor<1x4x4x2x!y>
    })mlir"),
                  "nn-decompose-transpose-conv");
}

//===----------------------------------------------------------------------===//
// nn-fuse-activations
//===----------------------------------------------------------------------===//

/// A clamp after an op, on tensors of 8 elements.
static std::string clampAfter(llvm::StringRef op, llvm::StringRef clamp,
                              llvm::StringRef type) {
  std::string tensor = ("tensor<1x2x2x2x" + type + ">").str();
  return withTypes(("func.func @main(%a: " + tensor + ", %b: " + tensor +
                    ") -> " + tensor + " {\n%0 = " + op + "\n%1 = " + clamp +
                    " : (" + tensor + ") -> " + tensor +
                    "\nreturn %1 : " + tensor + "\n}")
                       .str());
}

TEST(FuseActivations, EveryClampAfterEveryOp) {
  const char *clamps[] = {"nn.relu %0", "nn.relu6 %0",
                          "nn.clip %0 {min = -1.0 : f64, max = 1.0 : f64}",
                          "nn.clip %0 {min = 0.0 : f64, max = 6.0 : f64}"};
  const char *binaries[] = {"add", "sub", "mul"};
  for (llvm::StringRef type : {"f32", "!x", "!u", "!x16"})
    for (llvm::StringRef clamp : clamps) {
      std::string tensor = ("tensor<1x2x2x2x" + type + ">").str();
      for (llvm::StringRef binary : binaries)
        for (llvm::StringRef before :
             {"", "{activation = #nn.activation<relu6>}"}) {
          // relu6, then [-1, 1], would be [0, 1].
          if (!before.empty() && clamp.contains("-1.0"))
            continue;
          expectSameBytes(
              clampAfter(("nn." + binary + " %a, %b " + before + ": (" +
                          tensor + ", " + tensor + ") -> " + tensor)
                             .str(),
                         clamp, type),
              "nn-fuse-activations");
        }
      for (llvm::StringRef pool : {"average_pool_2d", "max_pool_2d"})
        expectSameBytes(
            clampAfter(("nn." + pool +
                        " %a {kernel = array<i64: 2, 2>, padding = array<i64: "
                        "0, 1, 1, 0>} : (" +
                        tensor + ") -> " + tensor)
                           .str(),
                       clamp, type),
            "nn-fuse-activations");
    }
}

//===----------------------------------------------------------------------===//
// Folds
//===----------------------------------------------------------------------===//

TEST(Canonicalize, MovesAndClamps) {
  expectSameBytes(withTypes(R"mlir(
    !z = !quant.uniform<i8:f32, 0.5:-128>
    func.func @main(%x: tensor<2x3x!z>) -> (tensor<3x2x!z>, tensor<4x!x>) {
      %0 = nn.reshape %x : (tensor<2x3x!z>) -> tensor<6x!z>
      %1 = nn.pad %0 {low = array<i64: 0>, high = array<i64: 0>}
        : (tensor<6x!z>) -> tensor<6x!z>
      %2 = nn.relu %1 : (tensor<6x!z>) -> tensor<6x!z>
      %3 = nn.concat %2 {axis = 0} : (tensor<6x!z>) -> tensor<6x!z>
      %4 = nn.relu6 %3 : (tensor<6x!z>) -> tensor<6x!z>
      %5 = nn.relu %4 : (tensor<6x!z>) -> tensor<6x!z>
      %6 = nn.reshape %5 : (tensor<6x!z>) -> tensor<3x2x!z>
      %7 = nn.constant dense<[[1, -2], [3, 4]]> : tensor<2x2xi8>
        -> tensor<2x2x!x>
      %8 = nn.reshape %7 : (tensor<2x2x!x>) -> tensor<4x!x>
      return %6, %8 : tensor<3x2x!z>, tensor<4x!x>
    })mlir"),
                  "canonicalize");
}
