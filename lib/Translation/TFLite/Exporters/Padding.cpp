//===- Padding.cpp - nn.pad -----------------------------------------------===//
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

static LogicalResult exportPad(OperatorExporter &exporter, nn::PadOp op) {
  auto input = exporter.getInput(op.getInput());
  auto output = exporter.addResult();
  if (failed(input) || failed(output))
    return failure();
  return addPadOperator(
      exporter, *input,
      mlir::cast<mlir::RankedTensorType>(op.getInput().getType()), op.getLow(),
      op.getHigh(), op.getValue().convertToDouble(), *output);
}

void tflite::populatePadding(ExportRegistry &registry) {
  registry.add(exportPad);
}
