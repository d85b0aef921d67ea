//===- OperatorExporter.cpp - One op on its way into a file ---------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "OperatorExporter.h"

#include "ExportedTypes.h"

#include "llvm/Support/ErrorHandling.h"

using namespace qopt;
using namespace qopt::tflite;
using mlir::failure;
using mlir::LogicalResult;
using mlir::success;

int32_t OperatorExporter::addIntegers(llvm::ArrayRef<int64_t> values,
                                      llvm::StringRef suffix) {
  llvm::SmallVector<int32_t> narrow(values.begin(), values.end());
  return tensors.addIntegers(narrow, {int32_t(narrow.size())}, nameOf(suffix));
}

LogicalResult OperatorExporter::addOperator(schema::BuiltinOperator code,
                                            OperatorVersion version,
                                            llvm::ArrayRef<int32_t> inputs,
                                            schema::BuiltinOptions optionsType,
                                            flatbuffers::Offset<void> options) {
  auto output = addResult();
  if (failed(output))
    return failure();
  writer.addOperator(code, version, inputs, *output, optionsType, options);
  return success();
}

OperatorVersion OperatorExporter::choose(mlir::Type type,
                                         const Versions &versions) {
  switch (getStorageType(type).value_or(schema::TensorType::FLOAT32)) {
  case schema::TensorType::INT8:
    return versions.int8;
  case schema::TensorType::INT16:
    return versions.int16;
  default:
    return versions.first;
  }
}

LogicalResult
OperatorExporter::expectDoubleRounding(quant::RoundingMode rounding) {
  mlir::Type type = op->getResult(0).getType();
  if (rounding == quant::RoundingMode::Double ||
      mlir::getElementTypeOrSelf(type).isF32())
    return success();
  return error() << "rounding '" << quant::stringifyRoundingMode(rounding)
                 << "' is not the kernel's, expected 'double'";
}

LogicalResult OperatorExporter::expectBroadcast(int64_t maxRank) {
  auto result = mlir::cast<mlir::RankedTensorType>(op->getResult(0).getType());
  bool isSame = llvm::all_of(op->getOperandTypes(), [&](mlir::Type type) {
    return mlir::cast<mlir::RankedTensorType>(type).getShape() ==
           result.getShape();
  });
  if (isSame || result.getRank() <= maxRank)
    return success();
  return error() << "broadcasting in rank " << result.getRank()
                 << " is not supported by the kernel, expected at most "
                 << maxRank;
}

schema::ActivationFunctionType
tflite::exportActivation(nn::Activation activation) {
  switch (activation) {
  case nn::Activation::None:
    return schema::ActivationFunctionType::NONE;
  case nn::Activation::Relu:
    return schema::ActivationFunctionType::RELU;
  case nn::Activation::Relu6:
    return schema::ActivationFunctionType::RELU6;
  case nn::Activation::ReluN1To1:
    return schema::ActivationFunctionType::RELU_N1_TO_1;
  }
  llvm_unreachable("unknown activation");
}
