//===- Casts.cpp - quant.qcast, dcast, requantize, scast out --------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A change of parameters is a table: between two pairs of casts ONNX Runtime
// takes one of the pairs away, which changes values.
//
//===----------------------------------------------------------------------===//

#include "ExportRegistry.h"

#include "StoredFunctions.h"

#include "qopt/Dialect/Quant/IR/QuantOps.h"

using namespace qopt;
using namespace qopt::onnx_export;
using mlir::LogicalResult;
using mlir::success;

static LogicalResult exportTable(GraphWriter &writer, mlir::Operation *op) {
  auto table = getStoredFunction(op);
  if (failed(table))
    return mlir::failure();
  addTable(writer, op, *table);
  return success();
}

/// A dequantized tensor of 8 bits quantized again is a function of the first.
static bool isTable(quant::QuantizeCastOp op) {
  auto cast = op.getInput().getDefiningOp<quant::DequantizeCastOp>();
  return cast && !cast.getInput().getDefiningOp<nn::ConstantOp>() &&
         isQuantizedTo8Bits(cast.getInput()) &&
         isQuantizedTo8Bits(op.getResult());
}

static LogicalResult exportQuantize(GraphWriter &writer,
                                    quant::QuantizeCastOp op) {
  if (isTable(op))
    return exportTable(writer, op);
  if (op.getRounding() != quant::RoundingMode::Float)
    writer.noteInexact(op, "it rounds ties to even");
  if (mlir::isa<quant::UniformQuantizedPerAxisType>(
          getType(op.getResult()).getElementType())) {
    auto p = writer.getParameters(op.getType());
    writer.addNode("QuantizeLinear",
                   {writer.getReals(op.getInput()), p.scale, p.zeroPoint},
                   writer.define(op.getResult()), {Attribute("axis", p.axis)});
    return success();
  }
  Layout layout = writer.getLayout(op.getInput());
  writer.setReals(op.getResult(), layout,
                  writer.getReals(op.getInput(), layout));
  return success();
}

static LogicalResult exportDequantize(GraphWriter &writer,
                                      quant::DequantizeCastOp op) {
  bool isRead = !llvm::all_of(op->getUsers(), [](mlir::Operation *user) {
    auto cast = mlir::dyn_cast<quant::QuantizeCastOp>(user);
    return cast && isTable(cast);
  });
  if (!isRead)
    return success();
  Layout layout = writer.getLayout(op.getInput());
  writer.alias(op.getResult(), layout, writer.getReals(op.getInput(), layout));
  return success();
}

static LogicalResult exportRequantize(GraphWriter &writer,
                                      quant::RequantizeOp op) {
  if (isQuantizedTo8Bits(op.getInput()) && isQuantizedTo8Bits(op.getResult()))
    return exportTable(writer, op);
  writer.noteInexact(op, "it changes parameters of 16 bits through float32");
  Layout layout = writer.getLayout(op.getInput());
  writer.setReals(op.getResult(), layout,
                  writer.getReals(op.getInput(), layout));
  return success();
}

/// Casts come in pairs, by way of plain integers, and change the parameters
/// that the file has elsewhere.
static LogicalResult exportStorageCast(GraphWriter &writer,
                                       quant::StorageCastOp op) {
  auto quantized = nn::getQuantizedElementType(op.getInput().getType());
  if (quantized) {
    bool isPair = llvm::all_of(op->getUsers(), [&](mlir::Operation *user) {
      auto second = mlir::dyn_cast<quant::StorageCastOp>(user);
      return second &&
             second.getQuantizedType().isSigned() == quantized.isSigned();
    });
    if (!isPair)
      return op.emitOpError("cannot be exported to .onnx: stored integers are "
                            "used as plain numbers; export before phase "
                            "'integer'");
  } else if (!op.getInput().getDefiningOp<quant::StorageCastOp>()) {
    return op.emitOpError("cannot be exported to .onnx: plain integers become "
                          "quantized values");
  }
  Layout layout = writer.getLayout(op.getInput());
  writer.alias(op.getResult(), layout, writer.getTensor(op.getInput(), layout));
  return success();
}

void onnx_export::populateCastExporters(ExportRegistry &registry) {
  addExporter<quant::QuantizeCastOp, exportQuantize>(registry);
  addExporter<quant::DequantizeCastOp, exportDequantize>(registry);
  addExporter<quant::RequantizeOp, exportRequantize>(registry);
  addExporter<quant::StorageCastOp, exportStorageCast>(registry);
}
