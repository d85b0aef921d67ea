//===- Export.cpp - nn IR as TensorFlow Lite models -----------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The function's arguments, its ops in program order, its results. Ops without
// a counterpart are all reported: a user wants to know whether one or ten stand
// in the way.
//
//===----------------------------------------------------------------------===//

#include "qopt/Translation/TFLite/TFLiteExport.h"

#include "ExportRegistry.h"

#include "qopt/Dialect/NN/IR/ModelFunction.h"
#include "llvm/Support/raw_ostream.h"

using namespace qopt;
using namespace qopt::tflite;
using mlir::failure;
using mlir::FailureOr;
using mlir::LogicalResult;
using mlir::success;

static FailureOr<mlir::func::FuncOp> findFunction(mlir::ModuleOp module) {
  auto found = nn::findExportedFunction(module);
  if (failed(found))
    return failure();
  mlir::func::FuncOp function = *found;
  // Neither importer nor runtime takes a graph without them.
  if (function.getNumArguments() == 0 || function.getNumResults() == 0)
    return function.emitError("expected a function with arguments and results "
                              "to export, found ")
           << function.getFunctionType();
  return function;
}

/// What to do about an op that no operator stands for.
static llvm::StringRef getAdvice(mlir::Operation *op) {
  if (mlir::isa<nn::BatchNormOp>(op))
    return "; fold it with nn-fold-batch-norm";
  if (mlir::isa<nn::ResidualAddOp>(op))
    return "; quantize with --profile=tflite, which adds tensors of 8 bits";
  if (op->getDialect() && op->getDialect()->getNamespace() == "quant")
    return "; export before phase 'integer'";
  return "";
}

static LogicalResult exportBody(mlir::func::FuncOp function,
                                ModelWriter &writer, ExportedTensors &tensors) {
  const ExportRegistry &registry = ExportRegistry::get();
  bool isKnown = true;
  for (mlir::Operation &op : function.getBody().front().without_terminator())
    if (!mlir::isa<nn::ConstantOp>(op) && !registry.lookup(&op)) {
      exportError(&op) << "the op has no counterpart" << getAdvice(&op);
      isKnown = false;
    }
  if (!isKnown)
    return failure();
  for (mlir::Operation &op : function.getBody().front().without_terminator()) {
    if (mlir::isa<nn::ConstantOp>(op))
      continue;
    OperatorExporter exporter(&op, writer, tensors);
    if (failed((*registry.lookup(&op))(exporter)))
      return failure();
  }
  return success();
}

LogicalResult qopt::exportTFLite(mlir::ModuleOp module,
                                 llvm::raw_ostream &out) {
  auto function = findFunction(module);
  if (failed(function))
    return failure();
  ModelWriter writer;
  ExportedTensors tensors(writer, *function);
  llvm::SmallVector<int32_t> inputs, outputs;
  for (mlir::BlockArgument argument : function->getArguments()) {
    auto input = tensors.define(argument, *function);
    if (failed(input))
      return failure();
    inputs.push_back(*input);
  }
  if (failed(exportBody(*function, writer, tensors)))
    return failure();
  mlir::Operation *terminator = function->getBody().front().getTerminator();
  for (mlir::Value value : terminator->getOperands()) {
    auto output = tensors.get(value, terminator);
    if (failed(output))
      return failure();
    outputs.push_back(*output);
  }
  out << writer.finish(inputs, outputs);
  return success();
}
