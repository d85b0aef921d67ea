//===- Casts.cpp - quant.qcast, dcast, requantize, scast ------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ExportRegistry.h"
#include "ExportedTypes.h"

#include "qopt/Dialect/Quant/IR/QuantOps.h"

using namespace qopt;
using namespace qopt::tflite;
using mlir::failure;
using mlir::LogicalResult;
using mlir::success;

static mlir::FailureOr<int32_t> getTensor(OperatorExporter &exporter) {
  mlir::Value input = exporter.op->getOperand(0);
  if (!mlir::isa<mlir::RankedTensorType>(input.getType()))
    return exporter.error() << "expected tensors, found " << input.getType();
  return exporter.getInput(input);
}

/// The kernels of QUANTIZE know 8, 16 and 32 bits, one scale for a tensor.
static LogicalResult addQuantize(OperatorExporter &exporter) {
  mlir::Type result = exporter.op->getResult(0).getType();
  auto input = getTensor(exporter);
  if (failed(input))
    return failure();
  for (mlir::Type type : {exporter.op->getOperand(0).getType(), result}) {
    auto quantized =
        mlir::dyn_cast<quant::QuantizedType>(mlir::getElementTypeOrSelf(type));
    if (!quantized)
      continue;
    unsigned width = quantized.getStorageTypeIntegralWidth();
    if (!mlir::isa<quant::UniformQuantizedType>(quantized) ||
        (width != 8 && width != 16 && width != 32))
      return exporter.error() << "QUANTIZE has no kernel for " << type
                              << ", expected 8, 16 or 32 bits and one scale";
  }
  OperatorVersion first{1, {1, 14, 0}};
  return exporter.addOperator(
      schema::BuiltinOperator::QUANTIZE,
      OperatorExporter::choose(result, {first, first, {2, {1, 15, 0}}}),
      *input);
}

static LogicalResult exportQuantize(OperatorExporter &exporter,
                                    quant::QuantizeCastOp op) {
  auto rounding = op.getRounding();
  if (rounding && *rounding != quant::RoundingMode::Double)
    return exporter.error()
           << "rounding '" << quant::stringifyRoundingMode(*rounding)
           << "' is not the kernel's, expected 'double'";
  return addQuantize(exporter);
}

static LogicalResult exportRequantize(OperatorExporter &exporter,
                                      quant::RequantizeOp op) {
  if (failed(exporter.expectDoubleRounding(op.getRounding())))
    return failure();
  if (op.getMin() || op.getMax())
    return exporter.error() << "QUANTIZE does not clamp, found a clamp to "
                            << op.getClampMin() << ':' << op.getClampMax();
  return addQuantize(exporter);
}

static LogicalResult exportDequantize(OperatorExporter &exporter,
                                      quant::DequantizeCastOp op) {
  auto input = getTensor(exporter);
  if (failed(input))
    return failure();
  mlir::Type type = op.getInput().getType();
  auto storage = getStorageType(type);
  OperatorVersion version{1, {1, 13, 1}};
  if (storage == schema::TensorType::INT4)
    version = {6, {2, 18, 0}};
  else if (mlir::isa<quant::UniformQuantizedPerAxisType>(
               mlir::getElementTypeOrSelf(type)))
    version = {5, {2, 7, 0}};
  else
    version = OperatorExporter::choose(
        type, {version, {2, {1, 14, 0}}, {3, {1, 15, 0}}});
  if (storage == schema::TensorType::INT32)
    return exporter.error() << "DEQUANTIZE has no kernel for " << type
                            << ", expected at most 16 bits";
  return exporter.addOperator(schema::BuiltinOperator::DEQUANTIZE, version,
                              *input);
}

/// Casts come in pairs, by way of plain integers: the second one is exported.
static LogicalResult exportStorageCast(OperatorExporter &exporter,
                                       quant::StorageCastOp op) {
  auto isQuantized = [](mlir::Value value) {
    return mlir::isa<quant::QuantizedType>(mlir::getElementTypeOrSelf(value));
  };
  if (isQuantized(op.getInput())) {
    if (llvm::all_of(op->getUsers(), [](mlir::Operation *user) {
          return mlir::isa<quant::StorageCastOp>(user);
        }))
      return success();
    return exporter.error() << "stored integers are used as plain numbers; "
                               "export before phase 'integer'";
  }
  if (exporter.tensors.isDefined(op.getResult()))
    return success();
  auto first = op.getInput().getDefiningOp<quant::StorageCastOp>();
  if (!first ||
      first.getQuantizedType().isSigned() != op.getQuantizedType().isSigned())
    return exporter.error() << "plain integers cannot become quantized values";
  auto input = exporter.getInput(first.getInput());
  if (failed(input))
    return failure();
  return addReshapeOperator(
      exporter, *input,
      mlir::cast<mlir::RankedTensorType>(op.getType()).getShape());
}

void tflite::populateCasts(ExportRegistry &registry) {
  registry.add(exportQuantize);
  registry.add(exportRequantize);
  registry.add(exportDequantize);
  registry.add(exportStorageCast);
}
