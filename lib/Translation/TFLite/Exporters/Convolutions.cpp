//===- Convolutions.cpp - nn.conv_2d, depthwise, transposed ---------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ExportRegistry.h"
#include "ExportedLinear.h"
#include "ExportedWindow.h"
#include "Padding.h"

using namespace qopt;
using namespace qopt::tflite;
using mlir::failure;
using mlir::LogicalResult;

static llvm::SmallVector<int64_t, 2> getKernel(mlir::Value filter) {
  auto type = mlir::cast<mlir::RankedTensorType>(filter.getType());
  return {type.getDimSize(1), type.getDimSize(2)};
}

static OperatorVersion getConv2DVersion(nn::Conv2DOp op,
                                        const ExportedLinear &linear) {
  if (linear.biasType != schema::TensorType::FLOAT32)
    return {8, {2, 15, 0}};
  if (op.getGroups() != 1)
    return {6, {2, 9, 0}};
  if (linear.filterStorage == schema::TensorType::INT4)
    return {7, {2, 11, 0}};
  return OperatorExporter::choose(
      op.getInput().getType(),
      {{1, {1, 5, 0}}, {3, {1, 14, 0}}, {4, {2, 3, 0}}});
}

static LogicalResult exportConv2D(OperatorExporter &exporter, nn::Conv2DOp op) {
  auto linear = exportLinear(exporter, op.getFilter(), op.getBias(),
                             op.getRounding(), op.getF32ScaleProduct());
  if (failed(linear))
    return failure();
  auto window = exportWindow(exporter, op.getInput(), BorderValue::Zero,
                             getKernel(op.getFilter()), op.getStrides(),
                             op.getDilations(), op.getPadding());
  if (failed(window))
    return failure();
  auto options = schema::CreateConv2DOptions(
      exporter.getBuilder(), window->padding, op.getStrides()[1],
      op.getStrides()[0], exportActivation(op.getActivation()),
      op.getDilations()[1], op.getDilations()[0], linear->biasType);
  return exporter.addOperator(
      schema::BuiltinOperator::CONV_2D, getConv2DVersion(op, *linear),
      linear->getInputs(window->input), schema::BuiltinOptions::Conv2DOptions,
      options.Union());
}

static OperatorVersion getDepthwiseVersion(nn::DepthwiseConv2DOp op,
                                           const ExportedLinear &linear) {
  if (linear.filterStorage == schema::TensorType::INT4)
    return {7, {2, 11, 0}};
  bool isDilated =
      llvm::any_of(op.getDilations(), [](int64_t size) { return size != 1; });
  OperatorVersion first{1, {1, 5, 0}}, dilated{2, {1, 12, 0}};
  return OperatorExporter::choose(
      op.getInput().getType(),
      {isDilated ? dilated : first, {3, {1, 14, 0}}, {5, {2, 3, 0}}});
}

static LogicalResult exportDepthwiseConv2D(OperatorExporter &exporter,
                                           nn::DepthwiseConv2DOp op) {
  auto linear = exportLinear(exporter, op.getFilter(), op.getBias(),
                             op.getRounding(), op.getF32ScaleProduct());
  if (failed(linear))
    return failure();
  auto window = exportWindow(exporter, op.getInput(), BorderValue::Zero,
                             getKernel(op.getFilter()), op.getStrides(),
                             op.getDilations(), op.getPadding());
  if (failed(window))
    return failure();
  auto input = mlir::cast<mlir::RankedTensorType>(op.getInput().getType());
  auto options = schema::CreateDepthwiseConv2DOptions(
      exporter.getBuilder(), window->padding, op.getStrides()[1],
      op.getStrides()[0], op.getType().getDimSize(3) / input.getDimSize(3),
      exportActivation(op.getActivation()), op.getDilations()[1],
      op.getDilations()[0]);
  return exporter.addOperator(
      schema::BuiltinOperator::DEPTHWISE_CONV_2D,
      getDepthwiseVersion(op, *linear), linear->getInputs(window->input),
      schema::BuiltinOptions::DepthwiseConv2DOptions, options.Union());
}

/// The file has the result's shape and the window over the result by name; the
/// runtime wants the input's extents to be what follows from both.
static mlir::FailureOr<schema::Padding>
getTransposedPadding(OperatorExporter &exporter, nn::TransposeConv2DOp op) {
  auto kernel = getKernel(op.getFilter());
  auto input = mlir::cast<mlir::RankedTensorType>(op.getInput().getType());
  auto result = mlir::cast<mlir::RankedTensorType>(op.getType());
  auto strides = op.getStrides();
  bool isValid = true, isSame = true;
  for (unsigned i : {0, 1}) {
    int64_t size = result.getDimSize(1 + i), from = input.getDimSize(1 + i);
    isValid &= (size - kernel[i] + strides[i]) / strides[i] == from;
    isSame &= (size + strides[i] - 1) / strides[i] == from;
  }
  auto same = tflite::getSamePadding(
      {result.getDimSize(1), result.getDimSize(2)}, {kernel[0], kernel[1]},
      {strides[0], strides[1]}, {1, 1});
  nn::Padding padding(op.getPadding());
  if (isValid && padding.top == 0 && padding.left == 0)
    return schema::Padding::VALID;
  if (isSame && padding.top == same[0] && padding.left == same[2])
    return schema::Padding::SAME;
  return exporter.error()
         << "padding (top, bottom, left, right) " << op.getPadding()
         << " is not expressible, expected that of VALID or SAME";
}

static LogicalResult exportTransposeConv2D(OperatorExporter &exporter,
                                           nn::TransposeConv2DOp op) {
  if (op.getGroups() != 1)
    return exporter.error()
           << "the kernel has no groups, found " << op.getGroups();
  if (llvm::any_of(op.getDilations(), [](int64_t size) { return size != 1; }))
    return exporter.error()
           << "the kernel has no dilation, found " << op.getDilations();
  auto linear = exportLinear(exporter, op.getFilter(), op.getBias(),
                             op.getRounding(), op.getF32ScaleProduct());
  auto padding = getTransposedPadding(exporter, op);
  auto input = exporter.getInput(op.getInput());
  if (failed(linear) || failed(padding) || failed(input))
    return failure();
  auto result = mlir::cast<mlir::RankedTensorType>(op.getType());
  llvm::SmallVector<int32_t> inputs{
      exporter.addIntegers(result.getShape(), "shape"), linear->filter, *input};
  if (linear->bias >= 0)
    inputs.push_back(linear->bias);
  auto options = schema::CreateTransposeConvOptions(
      exporter.getBuilder(), *padding, op.getStrides()[1], op.getStrides()[0],
      exportActivation(op.getActivation()), linear->biasType);
  OperatorVersion first{1, {1, 9, 0}}, second{2, {2, 2, 0}},
      biased{3, {2, 3, 0}}, clamped{4, {2, 13, 0}}, typed{5, {2, 15, 0}};
  OperatorVersion version = OperatorExporter::choose(op.getInput().getType(),
                                                     {first, second, second});
  if (linear->bias >= 0)
    version = biased;
  if (op.getActivation() != nn::Activation::None)
    version = clamped;
  if (linear->biasType != schema::TensorType::FLOAT32)
    version = typed;
  return exporter.addOperator(
      schema::BuiltinOperator::TRANSPOSE_CONV, version, inputs,
      schema::BuiltinOptions::TransposeConvOptions, options.Union());
}

void tflite::populateConvolutions(ExportRegistry &registry) {
  registry.add(exportConv2D);
  registry.add(exportDepthwiseConv2D);
  registry.add(exportTransposeConv2D);
}
