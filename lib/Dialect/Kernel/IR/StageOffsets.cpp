// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Stages on numbers that are stored with another offset: the same real numbers,
// so the arithmetic is the same and only constants change.

#include "qopt/Dialect/Kernel/IR/Kernel.h"

#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace qopt::kernel;

/// The sum where it fits 32 bits.
static std::optional<int32_t> sum(int32_t a, int64_t b) {
  int64_t result = a + b;
  if (!llvm::isInt<32>(result))
    return std::nullopt;
  return static_cast<int32_t>(result);
}

static AffineAttr addOffset(AffineAttr affine, int64_t offset) {
  std::optional<int32_t> moved = sum(affine.getOffset(), offset);
  if (!moved)
    return {};
  return AffineAttr::get(affine.getContext(), *moved, affine.getMultiplier(),
                         affine.getShift());
}

//===----------------------------------------------------------------------===//
// Results
//===----------------------------------------------------------------------===//

StageAttrInterface RequantizeAttr::getWithResultOffset(int32_t offset) const {
  std::optional<int32_t> zeroPoint = sum(getZeroPoint(), offset);
  if (!zeroPoint)
    return {};
  return RequantizeAttr::get(getContext(), getRounding(), getMultiplier(),
                             getShift(), *zeroPoint, getRightShifts());
}

StageAttrInterface
RequantizeFMAAttr::getWithResultOffset(int32_t offset) const {
  std::optional<int32_t> zeroPoint = sum(getZeroPoint(), offset);
  if (!zeroPoint)
    return {};
  return RequantizeFMAAttr::get(getContext(), getScale(), getOffset(),
                                *zeroPoint, getIsSigned(), getRest(),
                                getIsSplit(), getToNearest());
}

StageAttrInterface
RequantizeRealAttr::getWithResultOffset(int32_t offset) const {
  constexpr int64_t bound = int64_t(1) << 16;
  int64_t min = int64_t(getMin()) + offset, max = int64_t(getMax()) + offset;
  std::optional<int32_t> zeroPoint = sum(getZeroPoint(), offset);
  if (!zeroPoint || min < -bound || max > bound)
    return {};
  return RequantizeRealAttr::get(getContext(), getRounding(), getMultiplier(),
                                 *zeroPoint, static_cast<int32_t>(min),
                                 static_cast<int32_t>(max));
}

StageAttrInterface QuantizeAttr::getWithResultOffset(int32_t offset) const {
  // A sum with another zero point would be rounded to float32 otherwise.
  if (getZeroPointFirst())
    return {};
  std::optional<int32_t> zeroPoint = sum(getZeroPoint(), offset);
  std::optional<int32_t> min = sum(getMin(), offset);
  std::optional<int32_t> max = sum(getMax(), offset);
  if (!zeroPoint || !min || !max)
    return {};
  return QuantizeAttr::get(getContext(), getScale(), *zeroPoint, *min, *max,
                           getTiesToEven(), /*zero_point_first=*/false);
}

StageAttrInterface AddAttr::getWithResultOffset(int32_t offset) const {
  AffineAttr output = addOffset(getOutput(), offset);
  if (!output)
    return {};
  return AddAttr::get(getContext(), getRounding(), getLeftShift(), getValue(),
                      getOperand(), output, getIsUnsigned());
}

StageAttrInterface SubAttr::getWithResultOffset(int32_t offset) const {
  AffineAttr output = addOffset(getOutput(), offset);
  if (!output)
    return {};
  return SubAttr::get(getContext(), getRounding(), getLeftShift(), getValue(),
                      getOperand(), output, getIsUnsigned(), getReversed());
}

StageAttrInterface MulAttr::getWithResultOffset(int32_t offset) const {
  AffineAttr output = addOffset(getOutput(), offset);
  if (!output)
    return {};
  return MulAttr::get(getContext(), getRounding(), getValueOffset(),
                      getOperandOffset(), output, getIsUnsigned());
}

StageAttrInterface ResidualAttr::getWithResultOffset(int32_t offset) const {
  AffineAttr output = addOffset(getOutput(), offset);
  if (!output)
    return {};
  return ResidualAttr::get(getContext(), getRounding(), getOperand(), output,
                           getIsUnsigned());
}

/// Entries with the other sign, where the offset is between the two.
StageAttrInterface TableAttr::getWithResultOffset(int32_t offset) const {
  if (!getEntries().getElementType().isInteger(8) ||
      offset != (getIsUnsigned() ? -128 : 128))
    return {};
  SmallVector<APInt> entries;
  for (APInt entry : getEntries().getValues<APInt>())
    entries.push_back(entry ^ APInt::getSignMask(8));
  auto flipped = cast<DenseIntElementsAttr>(
      DenseElementsAttr::get(getEntries().getType(), entries));
  return TableAttr::get(getContext(), flipped, !getIsUnsigned());
}

//===----------------------------------------------------------------------===//
// Running values and stage operands
//===----------------------------------------------------------------------===//

StageAttrInterface AddAttr::getWithValueOffset(int32_t offset) const {
  AffineAttr value = addOffset(getValue(), -int64_t(offset));
  if (!value)
    return {};
  return AddAttr::get(getContext(), getRounding(), getLeftShift(), value,
                      getOperand(), getOutput(), getIsUnsigned());
}

StageAttrInterface AddAttr::getWithOperandOffset(int32_t offset,
                                                 bool isUnsigned) const {
  AffineAttr operand = addOffset(getOperand(), -int64_t(offset));
  if (!operand)
    return {};
  return AddAttr::get(getContext(), getRounding(), getLeftShift(), getValue(),
                      operand, getOutput(), isUnsigned);
}

StageAttrInterface SubAttr::getWithValueOffset(int32_t offset) const {
  AffineAttr value = addOffset(getValue(), -int64_t(offset));
  if (!value)
    return {};
  return SubAttr::get(getContext(), getRounding(), getLeftShift(), value,
                      getOperand(), getOutput(), getIsUnsigned(),
                      getReversed());
}

StageAttrInterface SubAttr::getWithOperandOffset(int32_t offset,
                                                 bool isUnsigned) const {
  AffineAttr operand = addOffset(getOperand(), -int64_t(offset));
  if (!operand)
    return {};
  return SubAttr::get(getContext(), getRounding(), getLeftShift(), getValue(),
                      operand, getOutput(), isUnsigned, getReversed());
}

StageAttrInterface MulAttr::getWithValueOffset(int32_t offset) const {
  std::optional<int32_t> value = sum(getValueOffset(), -int64_t(offset));
  if (!value)
    return {};
  return MulAttr::get(getContext(), getRounding(), *value, getOperandOffset(),
                      getOutput(), getIsUnsigned());
}

StageAttrInterface MulAttr::getWithOperandOffset(int32_t offset,
                                                 bool isUnsigned) const {
  std::optional<int32_t> operand = sum(getOperandOffset(), -int64_t(offset));
  if (!operand)
    return {};
  return MulAttr::get(getContext(), getRounding(), getValueOffset(), *operand,
                      getOutput(), isUnsigned);
}

StageAttrInterface ResidualAttr::getWithOperandOffset(int32_t offset,
                                                      bool isUnsigned) const {
  AffineAttr operand = addOffset(getOperand(), -int64_t(offset));
  if (!operand)
    return {};
  return ResidualAttr::get(getContext(), getRounding(), operand, getOutput(),
                           isUnsigned);
}

StageAttrInterface DequantizeAttr::getWithValueOffset(int32_t offset) const {
  std::optional<int32_t> zeroPoint = sum(getZeroPoint(), offset);
  if (!zeroPoint)
    return {};
  return DequantizeAttr::get(getContext(), getScale(), *zeroPoint);
}

/// The index is the low byte; 128 more or less flips its top bit.
StageAttrInterface TableAttr::getWithValueOffset(int32_t offset) const {
  int64_t count = getEntries().getNumElements();
  if (count != 256 || (offset != 128 && offset != -128))
    return {};
  auto values = llvm::to_vector(getEntries().getValues<APInt>());
  SmallVector<APInt> entries;
  for (int64_t i = 0; i < count; ++i)
    entries.push_back(values[i ^ 128]);
  auto moved = cast<DenseIntElementsAttr>(
      DenseElementsAttr::get(getEntries().getType(), entries));
  return TableAttr::get(getContext(), moved, getIsUnsigned());
}
