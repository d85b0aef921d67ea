// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The answers that ops give to passes.

#include "qopt/Dialect/NN/IR/NN.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Parser/Parser.h"

#include "gtest/gtest.h"

#include <cmath>

using namespace mlir;
using namespace qopt;

namespace {
class InterfacesTest : public testing::Test {
protected:
  InterfacesTest() { context.loadDialect<func::FuncDialect, nn::NNDialect>(); }

  /// The first op of the function that `text` holds.
  Operation *parse(StringRef text) {
    module = parseSourceString<ModuleOp>(text, &context);
    if (!module)
      return nullptr;
    func::FuncOp function = *module->getOps<func::FuncOp>().begin();
    return &function.getBody().front().front();
  }

  MLIRContext context;
  OwningOpRef<ModuleOp> module;
};
} // namespace

TEST(RealIntervalTest, LaterClampDecides) {
  RealInterval relu{0, INFINITY}, relu6{0, 6}, high{7, 9};
  EXPECT_EQ(relu6.after(relu), relu6);
  EXPECT_EQ(relu.after(relu6), relu6);
  EXPECT_EQ(relu.after(RealInterval()), relu);
  EXPECT_EQ(RealInterval().after(relu), relu);
  EXPECT_TRUE(RealInterval().isUnbounded());
  // No overlap: everything is clamped to one end.
  EXPECT_EQ(high.after(relu6), (RealInterval{7, 7}));
  EXPECT_EQ(relu6.after(high), (RealInterval{6, 6}));
}

TEST(ActivationTest, IntervalsAndBack) {
  for (auto activation : {nn::Activation::None, nn::Activation::Relu,
                          nn::Activation::Relu6, nn::Activation::ReluN1To1})
    EXPECT_EQ(nn::getActivation(nn::getActivationInterval(activation)),
              activation);
  EXPECT_FALSE(nn::getActivation({0, 5}));
}

TEST_F(InterfacesTest, DepthwiseConvolutionIsLinear) {
  auto op = dyn_cast_or_null<LinearOpInterface>(parse(R"mlir(
    func.func @f(%x: tensor<1x4x4x2xf32>, %w: tensor<1x1x1x2xf32>,
                 %b: tensor<2xf32>) {
      %0 = nn.depthwise_conv_2d %x, %w, %b {f32_scale_product}
        : (tensor<1x4x4x2xf32>, tensor<1x1x1x2xf32>, tensor<2xf32>)
        -> tensor<1x4x4x2xf32>
      return
    })mlir"));
  ASSERT_TRUE(op);
  EXPECT_EQ(op.getInputOperand().getOperandNumber(), 0u);
  EXPECT_EQ(op.getWeightOperand().getOperandNumber(), 1u);
  EXPECT_EQ(op.getWeightChannelAxis(), 3);
  EXPECT_EQ(op.getResultChannelAxis(), 3);
  EXPECT_TRUE(op.hasF32ScaleProduct());
  Value bias = op.getBiasValue();
  ASSERT_TRUE(bias);
  op.setBiasValue(nullptr);
  EXPECT_FALSE(op.getBiasValue());
  op.setBiasValue(bias);
  EXPECT_EQ(op.getBiasValue(), bias);
}

TEST_F(InterfacesTest, BecomeAccumulatorResetsTheScaling) {
  Operation *op = parse(R"mlir(
    !x = !quant.uniform<i8:f32, 0.5>
    func.func @f(%x: tensor<1x8x!x>, %w: tensor<4x8x!x>) {
      %0 = nn.fully_connected %x, %w {
          activation = #nn.activation<relu>, f32_scale_product,
          rounding = #quant.rounding<single>}
        : (tensor<1x8x!x>, tensor<4x8x!x>) -> tensor<1x4x!x>
      return
    })mlir");
  auto fullyConnected = dyn_cast_or_null<nn::FullyConnectedOp>(op);
  ASSERT_TRUE(fullyConnected);
  EXPECT_TRUE(fullyConnected.canFuseActivation());
  cast<LinearOpInterface>(op).becomeAccumulator(
      fullyConnected.getType().clone(IntegerType::get(&context, 32)));
  EXPECT_TRUE(nn::isAccumulator(fullyConnected.getType()));
  EXPECT_FALSE(fullyConnected.canFuseActivation());
  EXPECT_EQ(fullyConnected.getActivation(), nn::Activation::None);
  EXPECT_EQ(fullyConnected.getRounding(), quant::RoundingMode::Double);
  EXPECT_FALSE(fullyConnected.getF32ScaleProduct());
}

TEST_F(InterfacesTest, FusedIntervalThatHasNoNameChangesNothing) {
  auto op = dyn_cast_or_null<ActivationFusableOpInterface>(parse(R"mlir(
    func.func @f(%x: tensor<4xf32>) {
      %0 = nn.add %x, %x {activation = #nn.activation<relu>}
        : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
      return
    })mlir"));
  ASSERT_TRUE(op);
  EXPECT_TRUE(failed(op.setFusedInterval({0, 5})));
  EXPECT_EQ(op.getFusedInterval(), (RealInterval{0, INFINITY}));
  EXPECT_TRUE(succeeded(op.setFusedInterval({0, 6})));
  EXPECT_EQ(op.getFusedInterval(), (RealInterval{0, 6}));
}

TEST_F(InterfacesTest, SharedOperands) {
  auto op = dyn_cast_or_null<SameParametersOpInterface>(parse(R"mlir(
    func.func @f(%x: tensor<4xf32>, %y: tensor<4xf32>) {
      %0 = nn.concat %x, %y {axis = 0}
        : (tensor<4xf32>, tensor<4xf32>) -> tensor<8xf32>
      return
    })mlir"));
  ASSERT_TRUE(op);
  EXPECT_EQ(op.getSharedOperands().size(), 2u);
}

TEST_F(InterfacesTest, FixedOutputParameters) {
  auto op = dyn_cast_or_null<FixedOutputParametersOpInterface>(parse(R"mlir(
    func.func @f(%x: tensor<4xf32>) {
      %0 = nn.logistic %x : (tensor<4xf32>) -> tensor<4xf32>
      return
    })mlir"));
  ASSERT_TRUE(op);
  std::optional<ScaleAndZeroPoint> int8 = op.getFixedOutputParameters(8, true);
  ASSERT_TRUE(int8);
  EXPECT_EQ(int8->scale, 1.0 / 256);
  EXPECT_EQ(int8->zeroPoint, -128);
  EXPECT_EQ(op.getFixedOutputParameters(8, false)->zeroPoint, 0);
  EXPECT_EQ(op.getFixedOutputParameters(16, true)->scale, 1.0 / 32768);
  EXPECT_FALSE(op.getFixedOutputParameters(4, true));
}
