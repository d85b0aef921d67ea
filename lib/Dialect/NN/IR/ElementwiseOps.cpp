//===- ElementwiseOps.cpp - Element-wise ops ----------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Verifiers, folds and interface methods of arithmetic, clamps and functions.
//
//===----------------------------------------------------------------------===//

#include "Verify.h"

#include "mlir/Dialect/Traits.h"

#include <cmath>

using namespace mlir;
using namespace qopt;
using namespace qopt::nn;

//===----------------------------------------------------------------------===//
// AddOp, SubOp, MulOp
//===----------------------------------------------------------------------===//

/// 16-bit arithmetic in TFLite has no zero points.
static LogicalResult verifySymmetricIf16Bits(Operation *op, StringRef name,
                                             Type type) {
  auto quantized =
      dyn_cast<quant::UniformQuantizedType>(getElementTypeOrSelf(type));
  if (!quantized || quantized.getStorageTypeIntegralWidth() != 16 ||
      quantized.getZeroPoint() == 0)
    return success();
  return op->emitOpError() << name << " has 16 bits and zero point "
                           << quantized.getZeroPoint() << ", expected 0";
}

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

LogicalResult AddOp::verify() { return verifyBinary(*this); }
LogicalResult SubOp::verify() { return verifyBinary(*this); }
LogicalResult MulOp::verify() { return verifyBinary(*this); }

#define QOPT_FUSABLE_OP_METHODS(OP)                                            \
  RealInterval OP::getFusedInterval() {                                        \
    return getActivationInterval(getActivation());                             \
  }                                                                            \
  LogicalResult OP::setFusedInterval(RealInterval interval) {                  \
    std::optional<Activation> activation = nn::getActivation(interval);        \
    if (!activation)                                                           \
      return failure();                                                        \
    setActivation(*activation);                                                \
    return success();                                                          \
  }

QOPT_FUSABLE_OP_METHODS(AddOp)
QOPT_FUSABLE_OP_METHODS(SubOp)
QOPT_FUSABLE_OP_METHODS(MulOp)

#undef QOPT_FUSABLE_OP_METHODS

//===----------------------------------------------------------------------===//
// ReluOp, Relu6Op, ClipOp
//===----------------------------------------------------------------------===//

template <typename UnaryOp>
static LogicalResult verifyUnary(UnaryOp op) {
  if (failed(verifyResultShape(op, op.getInput().getType().getShape())))
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

// TODO-FOLDS
OpFoldResult ReluOp::fold(FoldAdaptor) { return {}; }
OpFoldResult Relu6Op::fold(FoldAdaptor) { return {}; }
OpFoldResult ClipOp::fold(FoldAdaptor) { return {}; }

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

/// The quantized result has the parameters that the op has built in.
static LogicalResult
verifyFixedOutputParameters(FixedOutputParametersOpInterface op) {
  auto result = dyn_cast<quant::UniformQuantizedType>(
      getElementTypeOrSelf(op->getResult(0).getType()));
  if (!result)
    return success();
  std::optional<ScaleAndZeroPoint> expected = op.getFixedOutputParameters(
      result.getStorageTypeIntegralWidth(), result.isSigned());
  if (!expected)
    return op->emitOpError("result has ")
           << result.getStorageTypeIntegralWidth() << " bits, expected 8 or 16";
  if (result.getZeroPoint() == expected->zeroPoint &&
      std::abs(result.getScale() - expected->scale) <= 0.001 * expected->scale)
    return success();
  return op->emitOpError("result has scale ")
         << result.getScale() << " and zero point " << result.getZeroPoint()
         << ", expected " << expected->scale << " and " << expected->zeroPoint;
}

LogicalResult SoftmaxOp::verify() {
  if (getType().getRank() == 0)
    return emitOpError("input has rank 0, expected 1 or more");
  if (!std::isfinite(getBeta().convertToDouble()))
    return emitOpError("beta is ")
           << getBeta().convertToDouble() << ", expected a finite number";
  if (failed(verifyResultShape(*this, getInput().getType().getShape())))
    return failure();
  return verifyFixedOutputParameters(*this);
}

LogicalResult LogisticOp::verify() {
  if (failed(verifyUnary(*this)))
    return failure();
  return verifyFixedOutputParameters(*this);
}
