// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the interpreter refuses, and how it says so.

#include "RunText.h"

using namespace qopt;
using namespace qopt::test;

static std::string reasonFor(llvm::StringRef text,
                             llvm::ArrayRef<Tensor> inputs) {
  llvm::Expected<Tensor> result = runText(text, inputs);
  return result ? "no error" : llvm::toString(result.takeError());
}

TEST(Interpret, InputsMustFitTheArguments) {
  const char *text = "func.func @f(%x: tensor<2xf32>) -> tensor<2xf32> "
                     "{ return %x : tensor<2xf32> }";
  EXPECT_EQ(reasonFor(text, {}),
            "reference: function 'f' takes 1 inputs, found 0");
  EXPECT_EQ(reasonFor(text, Tensor(ElementKind::Int8, {2})),
            "reference: function 'f' input 0 is float32 2, found int8 2");
  EXPECT_EQ(reasonFor(text, Tensor(ElementKind::Float32, {2})), "no error");
}

TEST(Interpret, OpsWithoutMeaningAreNamed) {
  EXPECT_EQ(reasonFor("func.func @f(%x: tensor<2xi32>) -> tensor<2xi32> { %y = "
                      "arith.addi %x, %x : tensor<2xi32> loc(\"sum\") return "
                      "%y : tensor<2xi32> }",
                      Tensor(ElementKind::Int32, {2})),
            "reference: arith.addi 'sum': has no reference semantics");
}

TEST(Interpret, TypesWithoutTensorAreNamed) {
  EXPECT_EQ(reasonFor("func.func @f(%x: tensor<2xbf16>) -> tensor<2xbf16> { "
                      "return %x : tensor<2xbf16> }",
                      Tensor(ElementKind::Int16, {2})),
            "reference: no tensor element stands for bf16");
  EXPECT_EQ(
      reasonFor("func.func @f(%x: tensor<?xf32>) -> tensor<?xf32> { "
                "return %x : tensor<?xf32> }",
                Tensor(ElementKind::Float32, {2})),
      "reference: expected a tensor of static shape, found tensor<?xf32>");
}

TEST(Interpret, MultipliersOutOfRange) {
  EXPECT_EQ(
      reasonFor("func.func @f(%x: tensor<1x!quant.uniform<i8:f32, 1.0e10>>) -> "
                "tensor<1x!quant.uniform<i8:f32, 1.0>> { %y = quant.requantize "
                "%x {rounding = #quant.rounding<double>} : "
                "tensor<1x!quant.uniform<i8:f32, 1.0e10>> to "
                "tensor<1x!quant.uniform<i8:f32, 1.0>> return %y : "
                "tensor<1x!quant.uniform<i8:f32, 1.0>> }",
                Tensor(ElementKind::Int8, {1})),
      "reference: quant.requantize: multiplier 10000000000.000000 exceeds "
      "2^30");
}

TEST(Interpret, PlainAccumulatorsMustFit) {
  Tensor x = makeTensor<int16_t>({1, 3}, {32767, 32767, 32767});
  EXPECT_EQ(reasonFor(R"(
      func.func @f(%x: tensor<1x3x!quant.uniform<i16:f32, 1.0>>) -> tensor<1x1xi32> {
        %w = nn.constant dense<[[32767, 32767, 32767]]> : tensor<1x3xi16> -> tensor<1x3x!quant.uniform<i16:f32, 1.0>>
        %y = nn.fully_connected %x, %w : (tensor<1x3x!quant.uniform<i16:f32, 1.0>>, tensor<1x3x!quant.uniform<i16:f32, 1.0>>) -> tensor<1x1xi32>
        return %y : tensor<1x1xi32>
      })",
                      x),
            "reference: nn.fully_connected: value 3221028867 of element 0 does "
            "not fit int32");
}
