//===- Casts.cpp - QUANTIZE, DEQUANTIZE -----------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Between reals and quantized values, and from one quantization to another.
// Half-precision constants, which models of half the size keep their weights
// in, become float32 on the way in.
//
//===----------------------------------------------------------------------===//

#include "Registry.h"

#include "qopt/Dialect/NN/IR/NN.h"
#include "qopt/Dialect/Quant/IR/QuantOps.h"

using namespace qopt;
using namespace qopt::tflite;
using mlir::failure;
using mlir::LogicalResult;

static bool isQuantized(mlir::Type type) {
  return mlir::isa<quant::QuantizedType>(mlir::getElementTypeOrSelf(type));
}

static LogicalResult importQuantize(OperatorImporter &op) {
  if (failed(op.expectOperands(1, 1)))
    return failure();
  auto input = op.getInput(0, "input");
  auto result = op.getOutputType();
  if (failed(input) || failed(result))
    return failure();
  mlir::Type type = input->getType();
  if (!isQuantized(*result) ||
      !(isQuantized(type) || mlir::getElementTypeOrSelf(type).isF32()))
    return op.error() << "expected a float or quantized input and a quantized "
                         "output, found "
                      << type << " and " << *result;
  if (isQuantized(type))
    return op.setOutput(quant::RequantizeOp::create(
        op.builder, op.loc, *result, *input,
        quant::RoundingModeAttr::get(op.builder.getContext(),
                                     quant::RoundingMode::Double),
        /*min=*/nullptr, /*max=*/nullptr));
  return op.setOutput(quant::QuantizeCastOp::create(op.builder, op.loc, *result,
                                                    *input,
                                                    /*rounding=*/nullptr));
}

/// Widens a constant; every half is a float.
static LogicalResult importHalf(OperatorImporter &op,
                                mlir::RankedTensorType result) {
  auto halves = op.getConstant(0, "input of type FLOAT16");
  if (failed(halves))
    return failure();
  if (halves->getType().getShape() != result.getShape() ||
      !result.getElementType().isF32())
    return op.error()
           << "expected a FLOAT32 output of the input's shape, found "
           << result;
  auto floats =
      halves->mapValues(op.builder.getF32Type(), [](const llvm::APFloat &half) {
        bool losesInfo;
        llvm::APFloat value = half;
        value.convert(llvm::APFloat::IEEEsingle(),
                      llvm::APFloat::rmNearestTiesToEven, &losesInfo);
        return value.bitcastToAPInt();
      });
  return op.setOutput(
      nn::ConstantOp::create(op.builder, op.loc, result, floats));
}

static LogicalResult importDequantize(OperatorImporter &op) {
  if (failed(op.expectOperands(1, 1)))
    return failure();
  auto result = op.getOutputType();
  if (failed(result))
    return failure();
  if (op.hasInput(0) && op.getInputType(0) == schema::TensorType::FLOAT16)
    return importHalf(op, *result);
  auto input = op.getInput(0, "input");
  if (failed(input))
    return failure();
  if (!isQuantized(input->getType()) || !result->getElementType().isF32())
    return op.error()
           << "expected a quantized input and a FLOAT32 output, found "
           << input->getType() << " and " << *result;
  return op.setOutput(
      quant::DequantizeCastOp::create(op.builder, op.loc, *result, *input));
}

void tflite::populateCasts(Registry &registry) {
  registry[schema::BuiltinOperator::QUANTIZE] = importQuantize;
  registry[schema::BuiltinOperator::DEQUANTIZE] = importDequantize;
}
