//===- ExportedTypes.cpp - Element types of a file ------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A scale is float32 in the file. One that is not would be another number
// there, and results would differ: it is refused. Not so the scale of a 32-bit
// bias, which is the product of two others and which no kernel computes with.
//
//===----------------------------------------------------------------------===//

#include "ExportedTypes.h"

#include "qopt/Dialect/Quant/IR/QuantTypes.h"

#include "mlir/IR/TypeUtilities.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"

#include <cmath>

using namespace qopt;
using namespace qopt::tflite;
using mlir::failure;
using mlir::FailureOr;

static std::optional<schema::TensorType> getIntegerType(unsigned width,
                                                        bool isSigned) {
  if (!isSigned)
    return width == 8 ? std::optional(schema::TensorType::UINT8) : std::nullopt;
  switch (width) {
  case 4:
    return schema::TensorType::INT4;
  case 8:
    return schema::TensorType::INT8;
  case 16:
    return schema::TensorType::INT16;
  case 32:
    return schema::TensorType::INT32;
  case 64:
    return schema::TensorType::INT64;
  default:
    return std::nullopt;
  }
}

std::optional<schema::TensorType> tflite::getStorageType(mlir::Type type) {
  mlir::Type element = mlir::getElementTypeOrSelf(type);
  if (element.isF32())
    return schema::TensorType::FLOAT32;
  if (auto quantized = mlir::dyn_cast<quant::QuantizedType>(element))
    return getIntegerType(quantized.getStorageTypeIntegralWidth(),
                          quantized.isSigned());
  return std::nullopt;
}

/// Appends `scale` as float32.
static bool addScale(TensorParameters &parameters, double scale, bool isBias,
                     std::string &reason) {
  auto narrow = float(scale);
  if (!isBias && double(narrow) != scale) {
    llvm::raw_string_ostream(reason)
        << "scale " << llvm::format("%.17g", scale)
        << " is no float32, which is what the format has; quantize with "
           "float32 scales (profile tflite)";
    return false;
  }
  parameters.scales.push_back(narrow);
  return true;
}

static FailureOr<ExportedType> exportQuantized(quant::QuantizedType quantized,
                                               bool isConstant,
                                               std::string &reason) {
  llvm::raw_string_ostream os(reason);
  unsigned width = quantized.getStorageTypeIntegralWidth();
  auto type = getIntegerType(width, quantized.isSigned());
  if (!type) {
    os << "storage type " << quantized
       << " has no counterpart, expected i4, i8, u8, i16 or i32";
    return failure();
  }
  int64_t low = quant::getDefaultStorageMin(quantized.isSigned(), width);
  int64_t high = quant::getDefaultStorageMax(quantized.isSigned(), width);
  if (!isConstant && (quantized.getStorageTypeMin() != low ||
                      quantized.getStorageTypeMax() != high)) {
    os << "the storage range of " << quantized
       << " is narrow, expected the whole range " << low << ':' << high
       << " on a tensor that is not constant";
    return failure();
  }
  bool isBias = width == 32 && isConstant;
  ExportedType result{*type, {}};
  if (auto perTensor = mlir::dyn_cast<quant::UniformQuantizedType>(quantized)) {
    if (!addScale(result.parameters, perTensor.getScale(), isBias, reason))
      return failure();
    result.parameters.zeroPoints.push_back(perTensor.getZeroPoint());
  } else if (auto perAxis = mlir::dyn_cast<quant::UniformQuantizedPerAxisType>(
                 quantized)) {
    for (double scale : perAxis.getScales())
      if (!addScale(result.parameters, scale, isBias, reason))
        return failure();
    result.parameters.zeroPoints = perAxis.getZeroPoints().vec();
    result.parameters.dimension = perAxis.getQuantizedDimension();
  } else {
    os << quantized
       << " has no counterpart, expected parameters per tensor or per channel";
    return failure();
  }
  // A scale of 0 has no meaning: the bias of a channel whose weights are 0.
  if (llvm::any_of(result.parameters.scales, [](float scale) {
        return !std::isfinite(scale) || scale == 0;
      }))
    result.parameters = {};
  return result;
}

FailureOr<ExportedType> tflite::exportElementType(mlir::Type element,
                                                  bool isConstant,
                                                  std::string &reason) {
  if (element.isF32())
    return ExportedType{schema::TensorType::FLOAT32, {}};
  if (auto quantized = mlir::dyn_cast<quant::QuantizedType>(element))
    return exportQuantized(quantized, isConstant, reason);
  if (auto integer = mlir::dyn_cast<mlir::IntegerType>(element))
    if (auto type = getIntegerType(integer.getWidth(), /*isSigned=*/true))
      return ExportedType{*type, {}};
  llvm::raw_string_ostream(reason)
      << "element type " << element
      << " has no counterpart, expected f32, a quantized type or i4, i8, i16, "
         "i32, i64";
  return failure();
}
