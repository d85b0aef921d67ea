//===- FullyConnected.cpp - nn.fully_connected ----------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The runtime gives the result rank 2, or with `keep_num_dims` the leading
// dimensions of the input. Another shape takes a RESHAPE.
//
//===----------------------------------------------------------------------===//

#include "ExportRegistry.h"
#include "ExportedLinear.h"
#include "ExportedTypes.h"

using namespace qopt;
using namespace qopt::tflite;
using mlir::failure;
using mlir::LogicalResult;
using mlir::success;

static OperatorVersion getVersion(nn::FullyConnectedOp op, bool keepsRank,
                                  const ExportedLinear &linear) {
  if (linear.biasType != schema::TensorType::FLOAT32)
    return {11, {2, 15, 0}};
  auto activations = getStorageType(op.getInput().getType());
  if (activations == schema::TensorType::INT16)
    return {7, {2, 3, 0}};
  if (linear.filterStorage == schema::TensorType::INT4)
    return {10, {2, 11, 0}};
  if (linear.bias < 0)
    return {6, {2, 1, 0}};
  if (keepsRank)
    return {5, {2, 0, 0}};
  if (activations == schema::TensorType::INT8)
    return {4, {1, 14, 0}};
  return {1, {1, 5, 0}};
}

static LogicalResult exportFullyConnected(OperatorExporter &exporter,
                                          nn::FullyConnectedOp op) {
  auto linear = exportLinear(exporter, op.getFilter(), op.getBias(),
                             op.getRounding(), op.getF32ScaleProduct());
  auto input = exporter.getInput(op.getInput());
  if (failed(linear) || failed(input))
    return failure();
  auto inputShape =
      mlir::cast<mlir::RankedTensorType>(op.getInput().getType()).getShape();
  mlir::RankedTensorType result = op.getType();
  int64_t rowLength =
      mlir::cast<mlir::RankedTensorType>(op.getFilter().getType())
          .getDimSize(1);
  bool keepsRank = result.getRank() > 2 && !inputShape.empty() &&
                   inputShape.back() == rowLength &&
                   inputShape.drop_back() == result.getShape().drop_back();
  auto options = schema::CreateFullyConnectedOptions(
      exporter.getBuilder(), exportActivation(op.getActivation()),
      schema::FullyConnectedOptionsWeightsFormat::DEFAULT, keepsRank,
      /*asymmetric_quantize_inputs=*/false, linear->biasType);
  OperatorVersion version = getVersion(op, keepsRank, *linear);
  auto optionsType = schema::BuiltinOptions::FullyConnectedOptions;
  if (keepsRank || result.getRank() == 2)
    return exporter.addOperator(schema::BuiltinOperator::FULLY_CONNECTED,
                                version, linear->getInputs(*input), optionsType,
                                options.Union());

  int64_t channels = result.getShape().back();
  auto rows = exporter.tensors.addIntermediate(
      result.clone({result.getNumElements() / channels, channels}),
      exporter.nameOf("rows"), op);
  if (failed(rows))
    return failure();
  exporter.writer.addOperator(schema::BuiltinOperator::FULLY_CONNECTED, version,
                              linear->getInputs(*input), *rows, optionsType,
                              options.Union());
  return addReshapeOperator(exporter, *rows, result.getShape());
}

void tflite::populateFullyConnected(ExportRegistry &registry) {
  registry.add(exportFullyConnected);
}
