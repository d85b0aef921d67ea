// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// See Verify.h.

#include "Verify.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MathExtras.h"

#include <cmath>

using namespace mlir;
using namespace qopt::nn;

std::string qopt::nn::spell(ArrayRef<int64_t> shape) {
  if (shape.empty())
    return "scalar";
  std::string text;
  llvm::raw_string_ostream os(text);
  llvm::interleave(shape, os, "x");
  return text;
}

/// True if the number of elements fits 63 bits, and that of any part of the
/// shape does too: an extent of 0 counts as 1.
static bool isCountable(ArrayRef<int64_t> shape) {
  int64_t count = 1;
  for (int64_t extent : shape)
    if (llvm::MulOverflow(count, std::max<int64_t>(extent, 1), count))
      return false;
  return true;
}

LogicalResult qopt::nn::detail::verifySoundTensors(Operation *op) {
  auto verify = [&](StringRef name, Type type) -> LogicalResult {
    auto tensor = dyn_cast<RankedTensorType>(type);
    if (tensor && tensor.hasStaticShape() && !isCountable(tensor.getShape()))
      return op->emitOpError()
             << name << " has shape " << spell(tensor.getShape())
             << ", which is more than 2^63 - 1 elements";
    return quant::verifyQuantizedElements(op, name, type);
  };
  for (auto [index, type] : llvm::enumerate(op->getOperandTypes()))
    if (failed(verify(("operand #" + Twine(index)).str(), type)))
      return failure();
  for (Type type : op->getResultTypes())
    if (failed(verify("result", type)))
      return failure();
  return success();
}

LogicalResult qopt::nn::verifyRank(Operation *op, StringRef what, Type type,
                                   int64_t rank) {
  int64_t found = cast<ShapedType>(type).getRank();
  if (found == rank)
    return success();
  return op->emitOpError(what)
         << " has rank " << found << ", expected " << rank;
}

LogicalResult qopt::nn::verifyResultShape(Operation *op,
                                          ArrayRef<int64_t> expected) {
  ArrayRef<int64_t> found =
      cast<ShapedType>(op->getResult(0).getType()).getShape();
  if (found == expected)
    return success();
  return op->emitOpError("result has shape ")
         << spell(found) << ", expected " << spell(expected);
}

LogicalResult qopt::nn::verifyNumbers(Operation *op, StringRef name,
                                      ArrayRef<int64_t> numbers, size_t count,
                                      int64_t least) {
  if (numbers.size() != count)
    return op->emitOpError() << name << " has " << numbers.size()
                             << " numbers, expected " << count;
  for (int64_t number : numbers)
    if (number < least)
      return op->emitOpError() << name << " holds " << number << ", expected "
                               << least << " or more";
  return success();
}

LogicalResult qopt::nn::verifyDoubleOrFloat(Operation *op,
                                            quant::RoundingMode rounding) {
  if (rounding == quant::RoundingMode::Double ||
      rounding == quant::RoundingMode::Float)
    return success();
  return op->emitOpError("rounding is '")
         << quant::stringifyRoundingMode(rounding)
         << "', expected 'double' or 'float'";
}

/// One dimension of inferWindowedExtents.
static FailureOr<int64_t> inferWindowedExtent(Operation *op, StringRef name,
                                              int64_t extent, int64_t padding0,
                                              int64_t padding1, int64_t kernel,
                                              int64_t dilation,
                                              int64_t stride) {
  int64_t padded, span;
  if (llvm::AddOverflow(extent, padding0, padded) ||
      llvm::AddOverflow(padded, padding1, padded) ||
      llvm::MulOverflow(kernel - 1, dilation, span) ||
      llvm::AddOverflow(span, int64_t(1), span))
    return op->emitOpError("padded ")
           << name << " or dilated kernel " << name << " overflows 64 bits";
  if (padded < span)
    return op->emitOpError("padded input has ")
           << name << " " << padded << ", less than the kernel's " << span;
  return (padded - span) / stride + 1;
}

FailureOr<std::array<int64_t, 2>>
qopt::nn::inferWindowedExtents(Operation *op, ArrayRef<int64_t> imageShape,
                               const Window &window) {
  Padding padding(window.padding);
  auto height = inferWindowedExtent(op, "height", imageShape[1], padding.top,
                                    padding.bottom, window.kernel[0],
                                    window.dilations[0], window.strides[0]);
  if (failed(height))
    return failure();
  auto width = inferWindowedExtent(op, "width", imageShape[2], padding.left,
                                   padding.right, window.kernel[1],
                                   window.dilations[1], window.strides[1]);
  if (failed(width))
    return failure();
  return std::array<int64_t, 2>{*height, *width};
}

LogicalResult qopt::nn::verifySameStorage(Operation *op, StringRef firstName,
                                          Type first, StringRef secondName,
                                          Type second) {
  Type firstElement = getElementTypeOrSelf(first);
  Type secondElement = getElementTypeOrSelf(second);
  auto firstQuantized = dyn_cast<quant::QuantizedType>(firstElement);
  auto secondQuantized = dyn_cast<quant::QuantizedType>(secondElement);
  bool same = firstQuantized && secondQuantized
                  ? firstQuantized.getStorageType() ==
                            secondQuantized.getStorageType() &&
                        firstQuantized.isSigned() == secondQuantized.isSigned()
                  : firstElement == secondElement;
  if (same)
    return success();
  return op->emitOpError() << firstName << " and " << secondName
                           << " differ in storage: " << firstElement << " and "
                           << secondElement;
}

LogicalResult qopt::nn::verifySameParameters(Operation *op, StringRef firstName,
                                             Type first, StringRef secondName,
                                             Type second) {
  if (failed(verifySameStorage(op, firstName, first, secondName, second)))
    return failure();
  Type firstElement = getElementTypeOrSelf(first);
  Type secondElement = getElementTypeOrSelf(second);
  if (firstElement == secondElement)
    return success();
  auto a = dyn_cast<quant::UniformQuantizedType>(firstElement);
  auto b = dyn_cast<quant::UniformQuantizedType>(secondElement);
  if (a && b && a.getZeroPoint() == b.getZeroPoint() &&
      std::abs(a.getScale() - b.getScale()) <= 1e-6)
    return success();
  return op->emitOpError() << firstName << " and " << secondName
                           << " need the same scale and zero point, found "
                           << firstElement << " and " << secondElement
                           << "; requantize one of them";
}

LogicalResult qopt::nn::verifySymmetricIf16Bits(Operation *op, StringRef name,
                                                Type type) {
  auto quantized =
      dyn_cast<quant::UniformQuantizedType>(getElementTypeOrSelf(type));
  if (!quantized || quantized.getStorageTypeIntegralWidth() != 16 ||
      quantized.getZeroPoint() == 0)
    return success();
  return op->emitOpError() << name << " has 16 bits and zero point "
                           << quantized.getZeroPoint() << ", expected 0";
}

LogicalResult qopt::nn::verifyAxis(Operation *op, int64_t axis, int64_t rank) {
  if (axis >= 0 && axis < rank)
    return success();
  return op->emitOpError("axis is ")
         << axis << ", expected 0 or more and less than the rank " << rank;
}
