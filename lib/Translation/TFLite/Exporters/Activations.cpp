//===- Activations.cpp - Functions of one tensor --------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// nn.relu, nn.relu6, nn.clip, nn.logistic, nn.softmax.
//
//===----------------------------------------------------------------------===//

#include "ExportRegistry.h"

using namespace qopt;
using namespace qopt::tflite;
using mlir::failure;
using mlir::LogicalResult;

using Versions = OperatorExporter::Versions;

static LogicalResult
exportUnary(OperatorExporter &exporter, schema::BuiltinOperator code,
            const Versions &versions,
            schema::BuiltinOptions optionsType = schema::BuiltinOptions::NONE,
            flatbuffers::Offset<void> options = 0) {
  auto input = exporter.getInput(exporter.op->getOperand(0));
  if (failed(input))
    return failure();
  auto version =
      OperatorExporter::choose(exporter.op->getOperand(0).getType(), versions);
  return exporter.addOperator(code, version, *input, optionsType, options);
}

static LogicalResult addRelu(OperatorExporter &exporter) {
  // Version 2 has all quantized types of 8 bits.
  bool isFloat = mlir::getElementTypeOrSelf(exporter.op->getOperand(0)).isF32();
  OperatorVersion first{1, {1, 5, 0}}, second{2, {2, 1, 0}};
  return exportUnary(exporter, schema::BuiltinOperator::RELU,
                     {isFloat ? first : second, second, {3, {2, 5, 0}}});
}

static LogicalResult addRelu6(OperatorExporter &exporter) {
  return exportUnary(exporter, schema::BuiltinOperator::RELU6,
                     {{1, {1, 5, 0}}, {2, {1, 14, 0}}, {3, {2, 5, 0}}});
}

static LogicalResult exportRelu(OperatorExporter &exporter, nn::ReluOp) {
  return addRelu(exporter);
}

static LogicalResult exportRelu6(OperatorExporter &exporter, nn::Relu6Op) {
  return addRelu6(exporter);
}

static LogicalResult exportClip(OperatorExporter &exporter, nn::ClipOp op) {
  double min = op.getMin().convertToDouble(),
         max = op.getMax().convertToDouble();
  auto activation = nn::getActivation({min, max});
  if (activation == nn::Activation::Relu)
    return addRelu(exporter);
  if (activation == nn::Activation::Relu6)
    return addRelu6(exporter);
  if (activation != nn::Activation::ReluN1To1)
    return exporter.error() << "no operator clamps to [" << min << ", " << max
                            << "], expected [0, inf], [0, 6] or [-1, 1]";
  OperatorVersion first{1, {1, 5, 0}};
  return exportUnary(exporter, schema::BuiltinOperator::RELU_N1_TO_1,
                     {first, first, first});
}

static LogicalResult exportLogistic(OperatorExporter &exporter,
                                    nn::LogisticOp) {
  return exportUnary(exporter, schema::BuiltinOperator::LOGISTIC,
                     {{1, {1, 14, 0}}, {2, {1, 14, 0}}, {3, {2, 3, 0}}});
}

static LogicalResult exportTanh(OperatorExporter &exporter, nn::TanhOp) {
  return exportUnary(exporter, schema::BuiltinOperator::TANH,
                     {{1, {1, 14, 0}}, {2, {1, 14, 0}}, {3, {2, 4, 0}}});
}

static LogicalResult exportHardSwish(OperatorExporter &exporter,
                                     nn::HardSwishOp) {
  OperatorVersion first{1, {1, 15, 0}};
  return exportUnary(exporter, schema::BuiltinOperator::HARD_SWISH,
                     {first, first, first});
}

static LogicalResult exportLeakyRelu(OperatorExporter &exporter,
                                     nn::LeakyReluOp op) {
  auto alpha = static_cast<float>(op.getAlpha().convertToDouble());
  auto options = schema::CreateLeakyReluOptions(exporter.getBuilder(), alpha);
  return exportUnary(exporter, schema::BuiltinOperator::LEAKY_RELU,
                     {{1, {1, 13, 1}}, {2, {2, 3, 0}}, {2, {2, 3, 0}}},
                     schema::BuiltinOptions::LeakyReluOptions, options.Union());
}

static LogicalResult exportSoftmax(OperatorExporter &exporter,
                                   nn::SoftmaxOp op) {
  if (failed(exporter.expectDoubleRounding(op.getRounding())))
    return failure();
  double beta = op.getBeta().convertToDouble();
  if (double(float(beta)) != beta)
    return exporter.error() << "beta is no float32, which is what the format "
                               "has";
  auto options = schema::CreateSoftmaxOptions(exporter.getBuilder(), beta);
  return exportUnary(exporter, schema::BuiltinOperator::SOFTMAX,
                     {{1, {1, 5, 0}}, {2, {1, 14, 0}}, {3, {2, 3, 0}}},
                     schema::BuiltinOptions::SoftmaxOptions, options.Union());
}

void tflite::populateActivations(ExportRegistry &registry) {
  registry.add(exportRelu);
  registry.add(exportRelu6);
  registry.add(exportClip);
  registry.add(exportLogistic);
  registry.add(exportTanh);
  registry.add(exportHardSwish);
  registry.add(exportLeakyRelu);
  registry.add(exportSoftmax);
}
