// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Verifiers, folds and interface methods of arithmetic, clamps and functions.

#include "Verify.h"

#include "qopt/Numerics/QuantizationParameters.h"

#include "mlir/Dialect/Traits.h"

#include <cmath>

using namespace mlir;
using namespace qopt;
using namespace qopt::nn;

//===----------------------------------------------------------------------===//
// AddOp, SubOp, MulOp
//===----------------------------------------------------------------------===//

template <typename BinaryOp>
static LogicalResult verifyBinary(BinaryOp op) {
  ArrayRef<int64_t> lhs = op.getLhs().getType().getShape();
  ArrayRef<int64_t> rhs = op.getRhs().getType().getShape();
  SmallVector<int64_t> expected;
  if (!OpTrait::util::getBroadcastedShape(lhs, rhs, expected))
    return op.emitOpError("operands of shapes ")
           << spell(lhs) << " and " << spell(rhs) << " do not broadcast";
  if (failed(verifyResultShape(op, expected)))
    return failure();
  std::pair<StringRef, Type> tensors[] = {{"lhs", op.getLhs().getType()},
                                          {"rhs", op.getRhs().getType()},
                                          {"result", op.getType()}};
  for (auto [name, type] : tensors)
    if (failed(verifySameStorage(op, name, type, "result", op.getType())) ||
        failed(verifySymmetricIf16Bits(op, name, type)))
      return failure();
  return success();
}

/// TFLite's kernel for powers of two shifts one operand right to the result's
/// scale; the other has that scale.
template <typename BinaryOp>
static LogicalResult verifyPotScale(BinaryOp op) {
  if (!op.getPotScale())
    return success();
  SmallVector<int, 3> exponents;
  for (Type type :
       {op.getLhs().getType(), op.getRhs().getType(), op.getType()}) {
    auto element =
        dyn_cast<quant::UniformQuantizedType>(getElementTypeOrSelf(type));
    if (!element || element.getStorageTypeIntegralWidth() != 16)
      return op.emitOpError("has pot_scale and elements of ")
             << getElementTypeOrSelf(type)
             << ", expected 16-bit quantized tensors";
    int exponent;
    if (!numerics::isPowerOfTwoScale(element.getScale(), exponent))
      return op.emitOpError("has pot_scale and scale ")
             << element.getScale() << ", expected a power of two";
    exponents.push_back(exponent);
  }
  int lhs = exponents[0] - exponents[2], rhs = exponents[1] - exponents[2];
  if (std::max(lhs, rhs) != 0)
    return op.emitOpError("has pot_scale and operands whose scales are 2^")
           << lhs << " and 2^" << rhs
           << " times the result's, expected 1 and at most 1";
  return success();
}

LogicalResult AddOp::verify() {
  return failed(verifyBinary(*this)) ? failure() : verifyPotScale(*this);
}

LogicalResult SubOp::verify() {
  return failed(verifyBinary(*this)) ? failure() : verifyPotScale(*this);
}

LogicalResult MulOp::verify() { return verifyBinary(*this); }

LogicalResult ResidualAddOp::verify() {
  constexpr int64_t limit = int64_t(1) << 30;
  if (failed(verifyResultShape(*this, getSum().getType().getShape())) ||
      failed(verifyResultShape(*this, getResidual().getType().getShape())))
    return failure();
  auto sum = dyn_cast<quant::UniformQuantizedType>(
      getElementTypeOrSelf(getSum().getType()));
  if (!sum || sum.getStorageTypeIntegralWidth() != 32 || !sum.isSigned() ||
      sum.getZeroPoint() != 0 || sum.getStorageTypeMin() < -limit ||
      sum.getStorageTypeMax() > limit)
    return emitOpError("sum has elements of ")
           << getElementTypeOrSelf(getSum().getType())
           << ", expected a quantized i32 with zero point 0 and a storage "
              "range within -1073741824:1073741824";
  for (auto [name, type] :
       {std::pair<StringRef, Type>{"residual", getResidual().getType()},
        {"result", getType()}}) {
    auto element =
        dyn_cast<quant::UniformQuantizedType>(getElementTypeOrSelf(type));
    if (!element || element.getStorageTypeIntegralWidth() > 16)
      return emitOpError() << name << " has elements of "
                           << getElementTypeOrSelf(type)
                           << ", expected a quantized type of 16 bits or fewer";
  }
  auto residual = cast<quant::UniformQuantizedType>(
      getElementTypeOrSelf(getResidual().getType()));
  double farthest = static_cast<double>(
      std::max(residual.getStorageTypeMax() - residual.getZeroPoint(),
               residual.getZeroPoint() - residual.getStorageTypeMin()));
  double scaled = farthest * (residual.getScale() / sum.getScale());
  if (!(scaled < static_cast<double>(limit)))
    return emitOpError("has a residual that reaches ")
           << scaled
           << " in the scale of the sum, expected less than 2^30; "
              "give the sum a coarser scale";
  return success();
}

//===----------------------------------------------------------------------===//
// ReluOp, Relu6Op, ClipOp
//===----------------------------------------------------------------------===//

template <typename UnaryOp>
static LogicalResult verifyUnary(UnaryOp op) {
  if (failed(verifyResultShape(op, op.getInput().getType().getShape())))
    return failure();
  if (failed(verifySymmetricIf16Bits(op, "input", op.getInput().getType())) ||
      failed(verifySymmetricIf16Bits(op, "result", op.getType())))
    return failure();
  return verifySameStorage(op, "input", op.getInput().getType(), "result",
                           op.getType());
}

LogicalResult ReluOp::verify() { return verifyUnary(*this); }
LogicalResult Relu6Op::verify() { return verifyUnary(*this); }

LogicalResult ClipOp::verify() {
  double low = getMin().convertToDouble(), high = getMax().convertToDouble();
  // Written so that a NaN fails too.
  if (!(low <= high))
    return emitOpError("min is ")
           << low << " and max " << high << ", expected min <= max";
  return verifyUnary(*this);
}

RealInterval ReluOp::getClampInterval() {
  return getActivationInterval(Activation::Relu);
}

RealInterval Relu6Op::getClampInterval() {
  return getActivationInterval(Activation::Relu6);
}

RealInterval ClipOp::getClampInterval() {
  return {getMin().convertToDouble(), getMax().convertToDouble()};
}

/// A clamp that changes nothing. On stored values: its bounds are the storage
/// range. On reals: what makes the input has clamped it to no wider interval.
static OpFoldResult foldClamp(ClampOpInterface op) {
  Value input = op->getOperand(0);
  Type type = input.getType();
  if (type != op->getResult(0).getType())
    return {};
  RealInterval interval = op.getClampInterval();
  if (auto element =
          dyn_cast<quant::UniformQuantizedType>(getElementTypeOrSelf(type))) {
    numerics::StorageRange storage{element.getStorageTypeMin(),
                                   element.getStorageTypeMax()};
    if (numerics::clampRange(interval.low, interval.high,
                             {element.getScale(), element.getZeroPoint()},
                             storage) == storage)
      return input;
  }
  RealInterval before;
  if (auto producer = input.getDefiningOp<ClampOpInterface>())
    before = producer.getClampInterval();
  else if (auto producer = input.getDefiningOp<ActivationFusableOpInterface>())
    before = producer.getFusedInterval();
  if (interval.after(before) == before)
    return input;
  return {};
}

OpFoldResult ReluOp::fold(FoldAdaptor) { return foldClamp(*this); }
OpFoldResult Relu6Op::fold(FoldAdaptor) { return foldClamp(*this); }
OpFoldResult ClipOp::fold(FoldAdaptor) { return foldClamp(*this); }

//===----------------------------------------------------------------------===//
// SoftmaxOp, LogisticOp
//===----------------------------------------------------------------------===//

/// Results in [0, 1]: TFLite's kernels have the parameters built in.
static std::optional<ScaleAndZeroPoint>
getUnitIntervalParameters(unsigned storageWidth, bool isSigned) {
  if (storageWidth == 8)
    return ScaleAndZeroPoint{1.0 / 256, isSigned ? -128 : 0};
  if (storageWidth == 16)
    return ScaleAndZeroPoint{1.0 / 32768, 0};
  return std::nullopt;
}

std::optional<ScaleAndZeroPoint>
SoftmaxOp::getFixedOutputParameters(unsigned storageWidth, bool isSigned) {
  return getUnitIntervalParameters(storageWidth, isSigned);
}

std::optional<ScaleAndZeroPoint>
LogisticOp::getFixedOutputParameters(unsigned storageWidth, bool isSigned) {
  return getUnitIntervalParameters(storageWidth, isSigned);
}

/// The quantized result has the scale that the op has built in, and the zero
/// point where that is built in as well.
static LogicalResult
verifyFixedOutputParameters(FixedOutputParametersOpInterface op,
                            bool checkZeroPoint) {
  auto result = dyn_cast<quant::UniformQuantizedType>(
      getElementTypeOrSelf(op->getResult(0).getType()));
  if (!result)
    return success();
  std::optional<ScaleAndZeroPoint> expected = op.getFixedOutputParameters(
      result.getStorageTypeIntegralWidth(), result.isSigned());
  if (!expected)
    return op->emitOpError("result has ")
           << result.getStorageTypeIntegralWidth() << " bits, expected 8 or 16";
  // TFLite allows a thousandth.
  if ((result.getZeroPoint() == expected->zeroPoint || !checkZeroPoint) &&
      std::abs(result.getScale() - expected->scale) <= 0.001 * expected->scale)
    return success();
  return op->emitOpError("result has scale ")
         << result.getScale() << " and zero point " << result.getZeroPoint()
         << ", expected " << expected->scale << " and " << expected->zeroPoint;
}

LogicalResult SoftmaxOp::verify() {
  if (failed(verifyDoubleOrFloat(*this, getRounding())))
    return failure();
  if (getType().getRank() == 0)
    return emitOpError("input has rank 0, expected 1 or more");
  if (!std::isfinite(getBeta().convertToDouble()))
    return emitOpError("beta is ")
           << getBeta().convertToDouble() << ", expected a finite number";
  if (failed(verifyResultShape(*this, getInput().getType().getShape())) ||
      failed(verifySymmetricIf16Bits(*this, "input", getInput().getType())))
    return failure();
  if (isa<FloatType>(getElementTypeOrSelf(getType())) !=
      isa<FloatType>(getElementTypeOrSelf(getInput().getType())))
    return emitOpError("mixes float and quantized tensors: input ")
           << getElementTypeOrSelf(getInput().getType()) << ", result "
           << getElementTypeOrSelf(getType());
  return verifyFixedOutputParameters(*this, /*checkZeroPoint=*/true);
}

LogicalResult LogisticOp::verify() {
  if (failed(verifyUnary(*this)))
    return failure();
  // The 8-bit kernel is a table, which can have any zero point.
  return verifyFixedOutputParameters(*this, /*checkZeroPoint=*/false);
}

//===----------------------------------------------------------------------===//
// TanhOp, HardSwishOp, LeakyReluOp
//===----------------------------------------------------------------------===//

/// TFLite's kernels for 16 bits are others; there are none for more.
static LogicalResult verify8BitsIfQuantized(Operation *op, Type type) {
  quant::QuantizedType quantized = getQuantizedElementType(type);
  if (!quantized || quantized.getStorageTypeIntegralWidth() == 8)
    return success();
  return op->emitOpError("has elements of ")
         << quantized << ", expected 8 bits of storage";
}

bool TanhOp::hasQuantizedForm(unsigned bits) { return bits == 8; }
bool HardSwishOp::hasQuantizedForm(unsigned bits) { return bits == 8; }
bool LeakyReluOp::hasQuantizedForm(unsigned bits) { return bits == 8; }

std::optional<ScaleAndZeroPoint>
TanhOp::getFixedOutputParameters(unsigned storageWidth, bool isSigned) {
  if (storageWidth != 8)
    return std::nullopt;
  return ScaleAndZeroPoint{1.0 / 128, isSigned ? 0 : 128};
}

LogicalResult TanhOp::verify() {
  if (failed(verifyUnary(*this)) ||
      failed(verify8BitsIfQuantized(*this, getType())))
    return failure();
  return verifyFixedOutputParameters(*this, /*checkZeroPoint=*/false);
}

LogicalResult HardSwishOp::verify() {
  if (failed(verifyUnary(*this)) ||
      failed(verify8BitsIfQuantized(*this, getType())))
    return failure();
  auto input = dyn_cast<quant::UniformQuantizedType>(
      getElementTypeOrSelf(getInput().getType()));
  auto result =
      dyn_cast<quant::UniformQuantizedType>(getElementTypeOrSelf(getType()));
  if (input && result && !(input.getScale() < 128 * result.getScale()))
    return emitOpError("has input scale ")
           << input.getScale() << " and result scale " << result.getScale()
           << ", expected a quotient below 128";
  return success();
}

LogicalResult LeakyReluOp::verify() {
  if (!std::isfinite(getAlpha().convertToDouble()))
    return emitOpError("alpha is ")
           << getAlpha().convertToDouble() << ", expected a finite number";
  if (failed(verifyUnary(*this)))
    return failure();
  return verify8BitsIfQuantized(*this, getType());
}
