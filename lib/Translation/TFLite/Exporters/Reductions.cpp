//===- Reductions.cpp - nn.mean, nn.arg_max -------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ExportRegistry.h"

using namespace qopt;
using namespace qopt::tflite;
using mlir::failure;
using mlir::LogicalResult;

static LogicalResult exportMean(OperatorExporter &exporter, nn::MeanOp op) {
  if (failed(exporter.expectDoubleRounding(op.getRounding())))
    return failure();
  auto input = exporter.getInput(op.getInput());
  if (failed(input))
    return failure();
  if (op.getAxes().empty())
    return exporter.error() << "a mean over no dimension has no counterpart";
  int32_t axes = exporter.addIntegers(op.getAxes(), "axes");
  auto options =
      schema::CreateReducerOptions(exporter.getBuilder(), op.getKeepDims());
  auto version = OperatorExporter::choose(
      op.getType(), {{1, {1, 6, 0}}, {2, {1, 14, 0}}, {3, {2, 4, 0}}});
  return exporter.addOperator(
      schema::BuiltinOperator::MEAN, version, {*input, axes},
      schema::BuiltinOptions::ReducerOptions, options.Union());
}

static LogicalResult exportArgMax(OperatorExporter &exporter, nn::ArgMaxOp op) {
  auto input = exporter.getInput(op.getInput());
  if (failed(input))
    return failure();
  int32_t axis = exporter.tensors.addIntegers({int32_t(op.getAxis())}, {},
                                              exporter.nameOf("axis"));
  auto type = mlir::getElementTypeOrSelf(op.getType()).isInteger(64)
                  ? schema::TensorType::INT64
                  : schema::TensorType::INT32;
  auto options = schema::CreateArgMaxOptions(exporter.getBuilder(), type);
  OperatorVersion first{1, {1, 9, 0}};
  auto version = OperatorExporter::choose(op.getInput().getType(),
                                          {first, {2, {1, 14, 0}}, first});
  return exporter.addOperator(
      schema::BuiltinOperator::ARG_MAX, version, {*input, axis},
      schema::BuiltinOptions::ArgMaxOptions, options.Union());
}

void tflite::populateReductions(ExportRegistry &registry) {
  registry.add(exportMean);
  registry.add(exportArgMax);
}
