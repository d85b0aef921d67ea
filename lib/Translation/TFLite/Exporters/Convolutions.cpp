//===- Convolutions.cpp - nn.conv_2d, nn.depthwise_conv_2d ----------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ExportRegistry.h"
#include "ExportedLinear.h"
#include "ExportedWindow.h"

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

void tflite::populateConvolutions(ExportRegistry &registry) {
  registry.add(exportConv2D);
  registry.add(exportDepthwiseConv2D);
}
