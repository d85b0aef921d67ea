// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Ops of the quant dialect on small tensors: what the recorded models do not
// show, such as the rounding modes, blocks, and the ends of ranges.

#include "RunText.h"

#include <cmath>

using namespace qopt;
using namespace qopt::test;
using Integers = std::vector<int64_t>;

TEST(QuantizeCast, TiesAwayOrToEven) {
  Tensor x = makeTensor<float>(
      {6}, {0.25f, -0.25f, 0.75f, 1e30f, -INFINITY, std::nanf("")});
  const char *in = "tensor<6xf32>";
  const char *out = "tensor<6x!quant.uniform<i8:f32, 0.5:-3>>";
  EXPECT_EQ(integers(runOp("quant.qcast %x : $in to $out", in, out, x)),
            (Integers{-2, -4, -1, 127, -128, -3}));
  EXPECT_EQ(integers(runOp("quant.qcast %x {rounding = #quant.rounding<float>} "
                           ": $in to $out",
                           in, out, x)),
            (Integers{-3, -3, -1, 127, -128, -3}));
}

TEST(QuantizeCast, PerAxisAndNarrow) {
  Tensor x = makeTensor<float>({2, 2}, {1, 1, -100, -100});
  EXPECT_EQ(
      integers(runOp(
          "quant.qcast %x : $in to $out", "tensor<2x2xf32>",
          "tensor<2x2x!quant.uniform<i8<-127:127>:f32:1, {0.5, 0.25}>>", x)),
      (Integers{2, 4, -127, -127}));
}

TEST(DequantizeCast, Blocks) {
  Tensor x = makeTensor<uint8_t>({2, 4}, {122, 122, 129, 129, 1, 1, 1, 1});
  EXPECT_EQ(reals(runOp("quant.dcast %x : $in to $out",
                        "tensor<2x4x!quant.uniform<u8:f32:{0:1, 1:2}, "
                        "{{2.0:120, 3.0:127}, {4.0, 5.0}}>>",
                        "tensor<2x4xf32>", x)),
            (std::vector<double>{4, 4, 6, 6, 4, 4, 5, 5}));
}

TEST(StorageCast, KeepsTheBytes) {
  Tensor x = makeTensor<uint8_t>({2}, {200, 7});
  EXPECT_EQ(integers(runOp("quant.scast %x : $in to $out",
                           "tensor<2x!quant.uniform<u8:f32, 0.5:128>>",
                           "tensor<2xi8>", x)),
            (Integers{-56, 7}));
}

/// The worked case of the numerics: double and single give -119, float -120.
static int64_t workedCase(const char *mode) {
  Tensor accumulator = makeTensor<int32_t>({1}, {585});
  // 0.05296124517917633 · 0.024093778803944588
  return integers(
      runOp(std::string("quant.requantize %x {rounding = #quant.rounding<") +
                mode + ">} : $in to $out",
            "tensor<1x!quant.uniform<i32:f32, 0.0012760365260284932>>",
            "tensor<1x!quant.uniform<i8:f32, 0.11484327912330627:-126>>",
            accumulator))[0];
}

TEST(Requantize, WorkedCase) {
  EXPECT_EQ(workedCase("double"), -119);
  EXPECT_EQ(workedCase("single"), -119);
  EXPECT_EQ(workedCase("float"), -120);
  EXPECT_EQ(workedCase("real"), -119);
}

TEST(Requantize, RealTiesGoAwayFromZero) {
  Tensor x = makeTensor<int32_t>({6}, {1, -1, 3, -3, INT32_MAX, INT32_MIN});
  EXPECT_EQ(integers(runOp("quant.requantize %x {rounding = "
                           "#quant.rounding<real>} : $in to $out",
                           "tensor<6x!quant.uniform<i32:f32, 0.5>>",
                           "tensor<6x!quant.uniform<i8:f32, 1.0>>", x)),
            (Integers{1, -1, 2, -2, 127, -128}));
}

TEST(Requantize, ClampsToMinAndMax) {
  Tensor x = makeTensor<int32_t>({3}, {-1000, 10, 1000});
  EXPECT_EQ(integers(runOp("quant.requantize %x {rounding = "
                           "#quant.rounding<double>, min = -3, max = 100} : "
                           "$in to $out",
                           "tensor<3x!quant.uniform<i32:f32, 0.5>>",
                           "tensor<3x!quant.uniform<i8:f32, 0.5:-3>>", x)),
            (Integers{-3, 7, 100}));
}

TEST(Requantize, PerAxisInput) {
  Tensor x = makeTensor<int32_t>({2, 2}, {10, 10, -10, -10});
  EXPECT_EQ(integers(runOp("quant.requantize %x {rounding = "
                           "#quant.rounding<double>} : $in to $out",
                           "tensor<2x2x!quant.uniform<i32:f32:1, {0.5, 1.0}>>",
                           "tensor<2x2x!quant.uniform<i8:f32, 1.0>>", x)),
            (Integers{5, 10, -5, -10}));
}

TEST(ApplyMultiplier, UnsignedInputWithZeroPoint) {
  Tensor x = makeTensor<int8_t>({2}, {-56, 7}); // 200 and 7 of u8
  EXPECT_EQ(
      integers(runOp("quant.apply_multiplier %x {multiplier = "
                     "#quant.multiplier<[1073741824], [0]>, rounding = "
                     "#quant.rounding<double>, input_zero_point = 100 : i64, "
                     "input_unsigned} : $in to $out",
                     "tensor<2xi8>",
                     "tensor<2x!quant.uniform<u8:f32, 0.5:128>>", x)),
      (Integers{178, 82})); // 50, and -46.5: the high multiply's ties go up
}

TEST(ApplyMultiplier, RealMultipliersPerAxis) {
  Tensor x = makeTensor<int32_t>({2, 2}, {5, 5, -5, -5});
  auto run = [&](const char *mode) {
    return integers(runOp(
        std::string("quant.apply_multiplier %x {multiplier = "
                    "#quant.real_multiplier<[0.5, 0.25], axis = 1>, rounding = "
                    "#quant.rounding<") +
            mode + ">} : $in to $out",
        "tensor<2x2xi32>", "tensor<2x2x!quant.uniform<i8:f32, 1.0>>", x));
  };
  // Halves are 2.5: away from zero, or to the even 2.
  EXPECT_EQ(run("real"), (Integers{3, 1, -3, -1}));
  EXPECT_EQ(run("float"), (Integers{2, 1, -2, -1}));
}

TEST(ApplyMultiplier, PerAxisInEveryMode) {
  Tensor x = makeTensor<int32_t>({2, 2}, {5, 5, -5, -5});
  auto run = [&](const char *mode) {
    return integers(runOp(
        std::string("quant.apply_multiplier %x {multiplier = "
                    "#quant.multiplier<[1073741824, 1073741824], [0, -1], "
                    "axis = 1>, rounding = #quant.rounding<") +
            mode + ">} : $in to $out",
        "tensor<2x2xi32>", "tensor<2x2x!quant.uniform<i8:f32, 1.0>>", x));
  };
  // Halves: 2.5 up to 3, -2.5 up to -2. Quarters: `double` rounds ±2.5 first.
  EXPECT_EQ(run("double"), (Integers{3, 2, -2, -1}));
  EXPECT_EQ(run("single"), (Integers{3, 1, -2, -1}));
  EXPECT_EQ(run("wide"), (Integers{3, 1, -2, -1}));
  EXPECT_EQ(run("shift"), (Integers{3, 1, -2, -1}));
}
