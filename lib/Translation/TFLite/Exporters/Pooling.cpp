//===- Pooling.cpp - nn.average_pool_2d, nn.max_pool_2d -------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ExportRegistry.h"
#include "ExportedWindow.h"

using namespace qopt;
using namespace qopt::tflite;
using mlir::failure;
using mlir::LogicalResult;

/// `border` is what stands for the padding, which an average does not count.
template <typename Op>
static LogicalResult addPool(OperatorExporter &exporter, Op op,
                             schema::BuiltinOperator code, BorderValue border) {
  auto window = exportWindow(exporter, op.getInput(), border, op.getKernel(),
                             op.getStrides(), {1, 1}, op.getPadding());
  if (failed(window))
    return failure();
  auto options = schema::CreatePool2DOptions(
      exporter.getBuilder(), window->padding, op.getStrides()[1],
      op.getStrides()[0], op.getKernel()[1], op.getKernel()[0],
      exportActivation(op.getActivation()));
  auto version = OperatorExporter::choose(
      op.getType(), {{1, {1, 5, 0}}, {2, {1, 14, 0}}, {3, {2, 3, 0}}});
  return exporter.addOperator(code, version, window->input,
                              schema::BuiltinOptions::Pool2DOptions,
                              options.Union());
}

static LogicalResult exportAveragePool(OperatorExporter &exporter,
                                       nn::AveragePool2DOp op) {
  if (failed(exporter.expectDoubleRounding(op.getRounding())))
    return failure();
  return addPool(exporter, op, schema::BuiltinOperator::AVERAGE_POOL_2D,
                 BorderValue::None);
}

static LogicalResult exportMaxPool(OperatorExporter &exporter,
                                   nn::MaxPool2DOp op) {
  return addPool(exporter, op, schema::BuiltinOperator::MAX_POOL_2D,
                 BorderValue::Lowest);
}

void tflite::populatePooling(ExportRegistry &registry) {
  registry.add(exportAveragePool);
  registry.add(exportMaxPool);
}
