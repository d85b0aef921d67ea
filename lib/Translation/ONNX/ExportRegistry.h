//===- ExportRegistry.h - Which function exports which op -------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The open table from ops to export functions, and what these share.
//
//===----------------------------------------------------------------------===//

#ifndef QOPT_LIB_TRANSLATION_ONNX_EXPORTREGISTRY_H
#define QOPT_LIB_TRANSLATION_ONNX_EXPORTREGISTRY_H

#include "GraphWriter.h"

#include <map>

namespace qopt::onnx_export {

using ExportFunction = mlir::LogicalResult (*)(GraphWriter &,
                                               mlir::Operation *);
/// By the name of the op.
using ExportRegistry = std::map<std::string, ExportFunction>;

const ExportRegistry &getExportRegistry();

void populateArithmeticExporters(ExportRegistry &registry);
void populateCastExporters(ExportRegistry &registry);
void populateFunctionExporters(ExportRegistry &registry);
void populateLinearExporters(ExportRegistry &registry);
void populateMovementExporters(ExportRegistry &registry);
void populateReductionExporters(ExportRegistry &registry);

/// An export function as a table's entry: `function` takes the op by its class.
template <typename Op, mlir::LogicalResult (*function)(GraphWriter &, Op)>
void addExporter(ExportRegistry &registry) {
  registry[Op::getOperationName().str()] = [](GraphWriter &writer,
                                              mlir::Operation *op) {
    return function(writer, mlir::cast<Op>(op));
  };
}

inline mlir::RankedTensorType getType(mlir::Value value) {
  return mlir::cast<mlir::RankedTensorType>(value.getType());
}

/// Whether a value has height, width and channels that the other order of
/// dimensions applies to.
inline bool isImage(mlir::Value value) { return getType(value).getRank() == 4; }

/// Whether a tensor is quantized to 8 bits with one scale: what operators on
/// integers take.
bool isQuantizedTo8Bits(mlir::Value value);

/// Remembers that the runtime differs unless `rounding` is what it does.
void checkFloatRounding(GraphWriter &writer, mlir::Operation *op,
                        quant::RoundingMode rounding);

} // namespace qopt::onnx_export

#endif // QOPT_LIB_TRANSLATION_ONNX_EXPORTREGISTRY_H
