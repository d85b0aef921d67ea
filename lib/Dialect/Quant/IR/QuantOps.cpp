// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Verifiers and folders of the operations. What ODS already says (kinds of
// types, equal shapes) is not checked again here. No folder changes a bit: see
// the rules on rounding in the documentation of numerics.

#include "qopt/Dialect/Quant/IR/QuantOps.h"
#include "mlir/IR/Builders.h"

using namespace mlir;
using namespace qopt::quant;

//===----------------------------------------------------------------------===//
// Shared checks
//===----------------------------------------------------------------------===//

bool qopt::quant::haveSameShape(Type lhs, Type rhs) {
  auto left = dyn_cast<TensorType>(lhs), right = dyn_cast<TensorType>(rhs);
  if (!left || !right)
    return !left && !right;
  if (left.hasRank() != right.hasRank())
    return false;
  return !left.hasRank() || left.getShape() == right.getShape();
}

static LogicalResult verifyPerAxis(Operation *op, StringRef name,
                                   UniformQuantizedPerAxisType element,
                                   Type type) {
  auto tensor = dyn_cast<TensorType>(type);
  if (!tensor)
    return op->emitOpError("scalar types may not use per-axis quantization; ")
           << name << " is " << type;
  if (!tensor.hasRank())
    return success();
  int64_t axis = element.getQuantizedDimension();
  if (axis >= tensor.getRank())
    return op->emitOpError(
               "quantized dimension must be less than tensor rank; ")
           << name << " has dimension " << axis << " and rank "
           << tensor.getRank();
  int64_t size = tensor.getDimSize(axis);
  int64_t scales = element.getScales().size();
  if (!ShapedType::isDynamic(size) && size != scales)
    return op->emitOpError(
               "quantized dimension size does not match number of scales; ")
           << name << " has size " << size << " and " << scales << " scales";
  return success();
}

static LogicalResult verifySubChannel(Operation *op, StringRef name,
                                      UniformQuantizedSubChannelType element,
                                      Type type) {
  if (!isa<TensorType>(type))
    return op->emitOpError(
               "scalar types may not use sub-channel quantization; ")
           << name << " is " << type;
  auto tensor = dyn_cast<RankedTensorType>(type);
  if (!tensor)
    return op->emitOpError(
               "tensor containing the sub-channel quantized type must be "
               "ranked; ")
           << name << " is " << type;
  ArrayRef<int64_t> blocks = element.getScales().getType().getShape();
  if (int64_t(blocks.size()) != tensor.getRank())
    return op->emitOpError("rank of scales must match the rank of the tensor; ")
           << name << " has " << blocks.size() << " and " << tensor.getRank();
  SmallVector<int64_t> blockSizes(tensor.getShape());
  for (auto [axis, size] : element.getBlockSizeInfo()) {
    if (axis >= tensor.getRank())
      return op->emitOpError(
                 "quantized dimension must be less than tensor rank; ")
             << name << " has dimension " << axis << " and rank "
             << tensor.getRank();
    blockSizes[axis] = size;
  }
  for (int64_t axis = 0; axis != tensor.getRank(); ++axis) {
    int64_t size = tensor.getDimSize(axis);
    if (ShapedType::isDynamic(size))
      continue;
    // A tensor without elements has one block along its empty axis.
    int64_t block = std::max<int64_t>(blockSizes[axis], 1);
    if (size % block)
      return op->emitOpError("size ")
             << size << " of " << name << " along axis " << axis
             << " is not a multiple of the block size " << block;
    if (std::max<int64_t>(size / block, 1) != blocks[axis])
      return op->emitOpError("number of scales of ")
             << name << " along axis " << axis << " is " << blocks[axis]
             << "; expected size / block size = " << size << " / " << block
             << " = " << size / block;
  }
  return success();
}

LogicalResult qopt::quant::verifyQuantizedElements(Operation *op,
                                                   StringRef name, Type type) {
  Type element = getElementTypeOrSelf(type);
  if (auto perAxis = dyn_cast<UniformQuantizedPerAxisType>(element))
    return verifyPerAxis(op, name, perAxis, type);
  if (auto subChannel = dyn_cast<UniformQuantizedSubChannelType>(element))
    return verifySubChannel(op, name, subChannel, type);
  return success();
}

static LogicalResult verifyExpressedType(Operation *op, QuantizedType quantized,
                                         FloatType floatType) {
  if (quantized.getExpressedType() == floatType)
    return success();
  auto diagnostic = op->emitOpError(
      "expressed type in quantized type expected to match float type; ");
  if (FloatType expressed = quantized.getExpressedType())
    return diagnostic << "found " << expressed << " and " << floatType;
  return diagnostic << "found none and " << floatType;
}

/// Checks the optional clamp bounds of a requantize against the result's range.
template <typename OpTy>
static LogicalResult verifyClamp(OpTy op) {
  QuantizedType type = op.getResultQuantizedType();
  int64_t least = type.getStorageTypeMin(), greatest = type.getStorageTypeMax();
  int64_t min = op.getClampMin(), max = op.getClampMax();
  if (min < least || min > greatest)
    return op.emitOpError("min ")
           << min << " outside the storage range [" << least << ", " << greatest
           << "] of the result";
  if (max < least || max > greatest)
    return op.emitOpError("max ")
           << max << " outside the storage range [" << least << ", " << greatest
           << "] of the result";
  if (min > max)
    return op.emitOpError("min ") << min << " above max " << max;
  return success();
}

//===----------------------------------------------------------------------===//
// QuantizeCastOp
//===----------------------------------------------------------------------===//

FloatType QuantizeCastOp::getFloatType() {
  return cast<FloatType>(getElementTypeOrSelf(getInput().getType()));
}

QuantizedType QuantizeCastOp::getQuantizedType() {
  return cast<QuantizedType>(getElementTypeOrSelf(getResult().getType()));
}

LogicalResult QuantizeCastOp::verify() {
  if (std::optional<RoundingMode> mode = getRounding())
    if (*mode != RoundingMode::Double && *mode != RoundingMode::Float)
      return emitOpError("rounding '")
             << stringifyRoundingMode(*mode)
             << "' is not one of a quantize; expected 'double' or 'float'";
  if (failed(verifyExpressedType(*this, getQuantizedType(), getFloatType())))
    return failure();
  return verifyQuantizedElements(*this, "result", getResult().getType());
}

//===----------------------------------------------------------------------===//
// DequantizeCastOp
//===----------------------------------------------------------------------===//

FloatType DequantizeCastOp::getFloatType() {
  return cast<FloatType>(getElementTypeOrSelf(getResult().getType()));
}

QuantizedType DequantizeCastOp::getQuantizedType() {
  return cast<QuantizedType>(getElementTypeOrSelf(getInput().getType()));
}

LogicalResult DequantizeCastOp::verify() {
  if (failed(verifyExpressedType(*this, getQuantizedType(), getFloatType())))
    return failure();
  return verifyQuantizedElements(*this, "input", getInput().getType());
}

//===----------------------------------------------------------------------===//
// StorageCastOp
//===----------------------------------------------------------------------===//

IntegerType StorageCastOp::getIntegerType() {
  Type input = getElementTypeOrSelf(getInput().getType());
  if (auto integer = dyn_cast<IntegerType>(input))
    return integer;
  return cast<IntegerType>(getElementTypeOrSelf(getResult().getType()));
}

QuantizedType StorageCastOp::getQuantizedType() {
  Type input = getElementTypeOrSelf(getInput().getType());
  if (auto quantized = dyn_cast<QuantizedType>(input))
    return quantized;
  return cast<QuantizedType>(getElementTypeOrSelf(getResult().getType()));
}

LogicalResult StorageCastOp::verify() {
  QuantizedType quantized = getQuantizedType();
  if (quantized.getStorageType() != getIntegerType())
    return emitOpError("storage type in quantized type expected to match "
                       "integer type; found ")
           << quantized << " and " << getIntegerType();
  if (failed(verifyQuantizedElements(*this, "input", getInput().getType())))
    return failure();
  return verifyQuantizedElements(*this, "result", getResult().getType());
}

// scast(scast(x)) -> x, when x already has the type that comes out.
OpFoldResult StorageCastOp::fold(FoldAdaptor) {
  auto source = getInput().getDefiningOp<StorageCastOp>();
  if (!source || source.getInput().getType() != getType())
    return {};
  return source.getInput();
}

//===----------------------------------------------------------------------===//
// RequantizeOp
//===----------------------------------------------------------------------===//

QuantizedType RequantizeOp::getInputQuantizedType() {
  return cast<QuantizedType>(getElementTypeOrSelf(getInput().getType()));
}

QuantizedType RequantizeOp::getResultQuantizedType() {
  return cast<QuantizedType>(getElementTypeOrSelf(getResult().getType()));
}

int64_t RequantizeOp::getClampMin() {
  return getMin().value_or(getResultQuantizedType().getStorageTypeMin());
}

int64_t RequantizeOp::getClampMax() {
  return getMax().value_or(getResultQuantizedType().getStorageTypeMax());
}

LogicalResult RequantizeOp::verify() {
  QuantizedType input = getInputQuantizedType();
  QuantizedType result = getResultQuantizedType();
  if (input.getExpressedType() != result.getExpressedType())
    return emitOpError("expressed types of input and result differ: ")
           << input.getExpressedType() << " and " << result.getExpressedType();
  if (failed(verifyQuantizedElements(*this, "input", getInput().getType())) ||
      failed(verifyQuantizedElements(*this, "result", getResult().getType())))
    return failure();
  return verifyClamp(*this);
}

//===----------------------------------------------------------------------===//
// ApplyMultiplierOp
//===----------------------------------------------------------------------===//

QuantizedType ApplyMultiplierOp::getResultQuantizedType() {
  return cast<QuantizedType>(getElementTypeOrSelf(getResult().getType()));
}

int64_t ApplyMultiplierOp::getClampMin() {
  return getMin().value_or(getResultQuantizedType().getStorageTypeMin());
}

int64_t ApplyMultiplierOp::getClampMax() {
  return getMax().value_or(getResultQuantizedType().getStorageTypeMax());
}

std::optional<int32_t> ApplyMultiplierOp::getMultiplierAxis() {
  if (FixedPointMultiplierAttr fixed = getFixedPointMultiplier())
    return fixed.getAxis();
  return getRealMultiplier().getAxis();
}

/// Checks that a multiplier per channel fits the tensor.
static LogicalResult verifyMultiplierAxis(ApplyMultiplierOp op) {
  std::optional<int32_t> axis = op.getMultiplierAxis();
  if (!axis)
    return success();
  auto tensor = dyn_cast<RankedTensorType>(op.getInput().getType());
  if (!tensor || *axis >= tensor.getRank())
    return op.emitOpError("multiplier axis ")
           << *axis << " is not an axis of " << op.getInput().getType();
  int64_t size = tensor.getDimSize(*axis);
  int64_t count = op.getFixedPointMultiplier()
                      ? op.getFixedPointMultiplier().getMultipliers().size()
                      : op.getRealMultiplier().getMultipliers().size();
  if (size != count)
    return op.emitOpError("expected as many multipliers as the size along "
                          "axis ")
           << *axis << ", found " << count << " and " << size;
  return success();
}

static LogicalResult verifyMultiplierRounding(ApplyMultiplierOp op) {
  RoundingMode mode = op.getRounding();
  RealMultiplierAttr real = op.getRealMultiplier();
  bool needsReal = mode == RoundingMode::Float || mode == RoundingMode::Real;
  if (needsReal != !!real)
    return op.emitOpError("rounding '")
           << stringifyRoundingMode(mode) << "' needs a "
           << (needsReal ? "#quant.real_multiplier" : "#quant.multiplier")
           << ", found " << op.getMultiplier();
  if (mode == RoundingMode::Float)
    for (double value : real.getMultipliers().asArrayRef())
      if (static_cast<double>(static_cast<float>(value)) != value)
        return op.emitOpError("multiplier ")
               << value << " is not a float32 number, which rounding 'float' "
               << "needs";
  if (mode == RoundingMode::Shift)
    for (int32_t value : op.getFixedPointMultiplier().getMultipliers())
      if (value != 0 && value != 1 << 30)
        return op.emitOpError("multiplier ")
               << value
               << " is not a power of two, which rounding 'shift' needs; "
                  "expected 1073741824 or 0";
  return success();
}

LogicalResult ApplyMultiplierOp::verify() {
  if (isa<UniformQuantizedSubChannelType>(getResultQuantizedType()))
    return emitOpError("result may not use sub-channel quantization");
  if (failed(verifyMultiplierAxis(*this)) ||
      failed(verifyMultiplierRounding(*this)))
    return failure();
  if (std::optional<int64_t> zeroPoint = getInputZeroPoint()) {
    unsigned width =
        getElementTypeOrSelf(getInput().getType()).getIntOrFloatBitWidth();
    bool fits = getInputUnsigned()
                    ? *zeroPoint >= 0 && llvm::isUIntN(width, *zeroPoint)
                    : llvm::isIntN(width, *zeroPoint);
    if (!fits)
      return emitOpError("input_zero_point ")
             << *zeroPoint << " outside the range of "
             << (getInputUnsigned() ? "an unsigned " : "a signed ") << width
             << "-bit integer";
  }
  if (failed(verifyQuantizedElements(*this, "result", getResult().getType())))
    return failure();
  return verifyClamp(*this);
}

#define GET_OP_CLASSES
#include "qopt/Dialect/Quant/IR/QuantOps.cpp.inc"

void QuantDialect::registerOperations() {
  addOperations<
#define GET_OP_LIST
#include "qopt/Dialect/Quant/IR/QuantOps.cpp.inc"
      >();
}
