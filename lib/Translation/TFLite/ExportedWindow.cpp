//===- ExportedWindow.cpp - Explicit padding as SAME or VALID -------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ExportedWindow.h"

#include "Padding.h"

#include <algorithm>
#include <cmath>
#include <limits>

using namespace qopt;
using namespace qopt::tflite;
using mlir::failure;
using mlir::FailureOr;
using mlir::LogicalResult;
using mlir::success;

/// PAD copies with loops of so many dimensions.
static constexpr int64_t maxPadRank = 5;

/// The stored value of a real: the border of a quantized tensor.
static int64_t getStored(quant::UniformQuantizedType type, double real) {
  double low = type.getStorageTypeMin(), high = type.getStorageTypeMax();
  double value = type.getZeroPoint() + std::round(real / type.getScale());
  return int64_t(std::clamp(value, low, high));
}

LogicalResult tflite::addPadOperator(OperatorExporter &op, int32_t input,
                                     mlir::RankedTensorType type,
                                     llvm::ArrayRef<int64_t> low,
                                     llvm::ArrayRef<int64_t> high, double real,
                                     int32_t output) {
  if (type.getRank() > maxPadRank)
    return op.error() << "a border in rank " << type.getRank()
                      << " is not supported by the kernel, expected at most "
                      << maxPadRank;
  llvm::SmallVector<int32_t> numbers;
  for (auto [before, after] : llvm::zip(low, high)) {
    numbers.push_back(before);
    numbers.push_back(after);
  }
  int32_t paddings = op.tensors.addIntegers(
      numbers, {int32_t(type.getRank()), 2}, op.nameOf("paddings"));

  bool isWide = type.getRank() > 4;
  OperatorVersion wide{4, {2, 6, 0}};
  mlir::Type element = type.getElementType();
  auto quantized = mlir::dyn_cast<quant::UniformQuantizedType>(element);
  // A float border may be an infinity, which no integer holds.
  int64_t stored =
      quantized ? getStored(quantized, real)
      : mlir::isa<mlir::FloatType>(element)
          ? 0
          : static_cast<int64_t>(std::clamp(real, -0x1p62, 0x1p62));
  if (quantized ? stored == quantized.getZeroPoint() : real == 0) {
    auto version = OperatorExporter::choose(
        type, {{1, {1, 5, 0}}, {2, {1, 14, 0}}, {3, {2, 4, 0}}});
    op.writer.addOperator(schema::BuiltinOperator::PAD, isWide ? wide : version,
                          {input, paddings}, output);
    return success();
  }
  auto value =
      op.tensors.addScalar(element, real, stored, op.nameOf("border"), op.op);
  if (failed(value))
    return failure();
  auto version = OperatorExporter::choose(
      type, {{1, {1, 9, 0}}, {2, {1, 14, 0}}, {3, {2, 4, 0}}});
  op.writer.addOperator(schema::BuiltinOperator::PADV2, isWide ? wide : version,
                        {input, paddings, *value}, output);
  return success();
}

/// Pads the image with elements.
static FailureOr<int32_t> addPadded(OperatorExporter &op, int32_t input,
                                    mlir::RankedTensorType type,
                                    llvm::ArrayRef<int64_t> padding,
                                    BorderValue border) {
  llvm::SmallVector<int64_t> shape(type.getShape());
  shape[1] += padding[0] + padding[1];
  shape[2] += padding[2] + padding[3];
  auto padded =
      op.tensors.addIntermediate(type.clone(shape), op.nameOf("padded"), op.op);
  if (failed(padded))
    return failure();
  double value = border == BorderValue::Lowest
                     ? -std::numeric_limits<double>::infinity()
                     : 0;
  if (failed(addPadOperator(op, input, type, {0, padding[0], padding[2], 0},
                            {0, padding[1], padding[3], 0}, value, *padded)))
    return failure();
  return *padded;
}

FailureOr<ExportedWindow> tflite::exportWindow(
    OperatorExporter &op, mlir::Value input, BorderValue border,
    llvm::ArrayRef<int64_t> kernel, llvm::ArrayRef<int64_t> strides,
    llvm::ArrayRef<int64_t> dilations, llvm::ArrayRef<int64_t> padding) {
  auto tensor = op.getInput(input);
  if (failed(tensor))
    return failure();
  if (llvm::all_of(padding, [](int64_t size) { return size == 0; }))
    return ExportedWindow{*tensor, schema::Padding::VALID};
  auto type = mlir::cast<mlir::RankedTensorType>(input.getType());
  std::array<int64_t, 4> same = getSamePadding(
      {type.getDimSize(1), type.getDimSize(2)}, {kernel[0], kernel[1]},
      {strides[0], strides[1]}, {dilations[0], dilations[1]});
  if (llvm::ArrayRef(same) == padding)
    return ExportedWindow{*tensor, schema::Padding::SAME};
  if (border == BorderValue::None) {
    auto diagnostic = op.error();
    diagnostic << "padding (top, bottom, left, right) ";
    llvm::interleaveComma(padding, diagnostic);
    diagnostic << " is not expressible, expected none (VALID) or ";
    llvm::interleaveComma(same, diagnostic);
    return diagnostic << " (SAME)";
  }
  auto padded = addPadded(op, *tensor, type, padding, border);
  if (failed(padded))
    return failure();
  return ExportedWindow{*padded, schema::Padding::VALID};
}
