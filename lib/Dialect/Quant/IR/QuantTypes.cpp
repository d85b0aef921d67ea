// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The checks that make a quantized type trustworthy: they run whenever one is
// built from text, from bytecode or with getChecked, so that no pass has to ask
// again whether a scale is positive or a zero point can be stored.

#include "qopt/Dialect/Quant/IR/QuantTypes.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "mlir/IR/TypeUtilities.h"
#include "qopt/Dialect/Quant/IR/QuantDialect.h"
#include "llvm/ADT/SmallSet.h"
#include "llvm/ADT/TypeSwitch.h"
#include <cmath>

using namespace mlir;
using namespace qopt::quant;

using EmitError = function_ref<InFlightDiagnostic()>;

//===----------------------------------------------------------------------===//
// Checks shared by several types
//===----------------------------------------------------------------------===//

static LogicalResult verifyStorage(EmitError emitError, unsigned flags,
                                   IntegerType storageType, int64_t min,
                                   int64_t max) {
  if (flags & ~unsigned(QuantizationFlags::Signed))
    return emitError() << "unknown flags " << flags << "; expected 0 or 1";
  if (!storageType || !storageType.isSignless())
    return emitError() << "illegal storage type: expected a signless integer";
  unsigned width = storageType.getWidth();
  if (width == 0 || width > maxStorageBits)
    return emitError() << "illegal storage type size: " << width
                       << "; expected 1 to " << maxStorageBits << " bits";
  if (min >= max)
    return emitError() << "illegal storage min and storage max: (" << min << ":"
                       << max << "); expected the first to be less";
  bool isSigned = flags & QuantizationFlags::Signed;
  int64_t least = getDefaultStorageMin(isSigned, width);
  if (min < least)
    return emitError() << "illegal storage type minimum: " << min
                       << "; expected at least " << least;
  int64_t greatest = getDefaultStorageMax(isSigned, width);
  if (max > greatest)
    return emitError() << "illegal storage type maximum: " << max
                       << "; expected at most " << greatest;
  return success();
}

static LogicalResult verifyExpressed(EmitError emitError, FloatType type) {
  if (!type)
    return emitError() << "expected a float type as the expressed type";
  return success();
}

static LogicalResult verifyScale(EmitError emitError, FloatType expressedType,
                                 double scale) {
  const llvm::fltSemantics &semantics = expressedType.getFloatSemantics();
  double least = APFloat::getSmallest(semantics).convertToDouble();
  double greatest = APFloat::getLargest(semantics).convertToDouble();
  // Written so that a NaN fails.
  if (std::isfinite(scale) && scale > 0 && scale >= least && scale <= greatest)
    return success();
  return emitError() << "scale " << scale << " out of expressed type range ["
                     << least << ", " << greatest << "] of " << expressedType;
}

static LogicalResult verifyZeroPoint(EmitError emitError, int64_t zeroPoint,
                                     int64_t min, int64_t max) {
  if (zeroPoint >= min && zeroPoint <= max)
    return success();
  return emitError() << "zero point " << zeroPoint
                     << " outside the storage range [" << min << ", " << max
                     << "]";
}

//===----------------------------------------------------------------------===//
// Verifiers
//===----------------------------------------------------------------------===//

LogicalResult AnyQuantizedType::verify(EmitError emitError, unsigned flags,
                                       IntegerType storageType, FloatType,
                                       int64_t storageTypeMin,
                                       int64_t storageTypeMax) {
  return verifyStorage(emitError, flags, storageType, storageTypeMin,
                       storageTypeMax);
}

LogicalResult
UniformQuantizedType::verify(EmitError emitError, unsigned flags,
                             IntegerType storageType, FloatType expressedType,
                             APFloat scaleValue, int64_t zeroPoint,
                             int64_t storageTypeMin, int64_t storageTypeMax) {
  if (failed(verifyStorage(emitError, flags, storageType, storageTypeMin,
                           storageTypeMax)) ||
      failed(verifyExpressed(emitError, expressedType)) ||
      failed(
          verifyScale(emitError, expressedType, scaleValue.convertToDouble())))
    return failure();
  return verifyZeroPoint(emitError, zeroPoint, storageTypeMin, storageTypeMax);
}

LogicalResult UniformQuantizedPerAxisType::verify(
    EmitError emitError, unsigned flags, IntegerType storageType,
    FloatType expressedType, DenseF64ArrayAttr scaleValues,
    ArrayRef<int64_t> zeroPoints, int32_t quantizedDimension,
    int64_t storageTypeMin, int64_t storageTypeMax) {
  if (failed(verifyStorage(emitError, flags, storageType, storageTypeMin,
                           storageTypeMax)) ||
      failed(verifyExpressed(emitError, expressedType)))
    return failure();
  ArrayRef<double> scales = scaleValues.asArrayRef();
  if (scales.empty())
    return emitError() << "expected at least one scale";
  if (scales.size() != zeroPoints.size())
    return emitError() << "illegal number of scales and zero points: "
                       << scales.size() << " and " << zeroPoints.size()
                       << "; expected as many of each";
  if (quantizedDimension < 0)
    return emitError() << "illegal quantized dimension: " << quantizedDimension
                       << "; expected 0 or more";
  for (double scale : scales)
    if (failed(verifyScale(emitError, expressedType, scale)))
      return failure();
  for (int64_t zeroPoint : zeroPoints)
    if (failed(verifyZeroPoint(emitError, zeroPoint, storageTypeMin,
                               storageTypeMax)))
      return failure();
  return success();
}

/// The integer in `bits`, whose signedness the element type does not tell.
static int64_t readStored(const APInt &bits, unsigned flags) {
  return flags & QuantizationFlags::Signed ? bits.getSExtValue()
                                           : int64_t(bits.getZExtValue());
}

LogicalResult UniformQuantizedSubChannelType::verify(
    EmitError emitError, unsigned flags, IntegerType storageType,
    FloatType expressedType, DenseElementsAttr scales,
    DenseElementsAttr zeroPoints, ArrayRef<int32_t> quantizedDimensions,
    ArrayRef<int64_t> blockSizes, int64_t storageTypeMin,
    int64_t storageTypeMax) {
  if (failed(verifyStorage(emitError, flags, storageType, storageTypeMin,
                           storageTypeMax)) ||
      failed(verifyExpressed(emitError, expressedType)))
    return failure();
  if (!scales || scales.getElementType() != expressedType)
    return emitError() << "expected scales of the expressed type "
                       << expressedType;
  if (!zeroPoints || zeroPoints.getElementType() != storageType)
    return emitError() << "expected zero points of the storage type "
                       << storageType;
  if (scales.getType().getShape() != zeroPoints.getType().getShape())
    return emitError() << "illegal shape of scales and zero points: "
                       << scales.getType() << " and " << zeroPoints.getType()
                       << "; expected one shape";
  if (scales.empty())
    return emitError() << "expected at least one scale";
  if (quantizedDimensions.size() != blockSizes.size())
    return emitError() << "illegal number of quantized dimensions and block "
                          "sizes: "
                       << quantizedDimensions.size() << " and "
                       << blockSizes.size() << "; expected as many of each";
  llvm::SmallSet<int32_t, 8> seen;
  for (auto [axis, size] : llvm::zip(quantizedDimensions, blockSizes)) {
    if (axis < 0)
      return emitError() << "illegal quantized dimension: " << axis
                         << "; expected 0 or more";
    if (!seen.insert(axis).second)
      return emitError() << "quantized dimension " << axis << " listed twice";
    if (size <= 0)
      return emitError() << "illegal block size: " << size
                         << "; expected 1 or more";
  }
  for (const APFloat &scale : scales.getValues<APFloat>())
    if (failed(verifyScale(emitError, expressedType, scale.convertToDouble())))
      return failure();
  for (const APInt &zeroPoint : zeroPoints.getValues<APInt>())
    if (failed(verifyZeroPoint(emitError, readStored(zeroPoint, flags),
                               storageTypeMin, storageTypeMax)))
      return failure();
  return success();
}

int64_t UniformQuantizedSubChannelType::getZeroPoint(int64_t index) const {
  return readStored(getZeroPoints().getValues<APInt>()[index], getFlags());
}

LogicalResult CalibratedQuantizedType::verify(EmitError emitError,
                                              FloatType expressedType,
                                              APFloat minValue,
                                              APFloat maxValue) {
  if (failed(verifyExpressed(emitError, expressedType)))
    return failure();
  double min = minValue.convertToDouble(), max = maxValue.convertToDouble();
  if (std::isfinite(min) && std::isfinite(max) && min < max)
    return success();
  return emitError() << "illegal min and max: (" << min << ":" << max
                     << "); expected finite values, the first less";
}

//===----------------------------------------------------------------------===//
// The common interface
//===----------------------------------------------------------------------===//

QuantizedType QuantizedType::getQuantizedElementType(Type type) {
  return dyn_cast_or_null<QuantizedType>(getElementTypeOrSelf(type));
}

static Type withElementType(Type type, Type element) {
  if (!element)
    return Type();
  if (auto shaped = dyn_cast<ShapedType>(type))
    return shaped.clone(element);
  return element;
}

Type QuantizedType::castToStorageType(Type type) {
  QuantizedType element = getQuantizedElementType(type);
  return element ? withElementType(type, element.getStorageType()) : Type();
}

Type QuantizedType::castToExpressedType(Type type) {
  QuantizedType element = getQuantizedElementType(type);
  return element ? withElementType(type, element.getExpressedType()) : Type();
}

//===----------------------------------------------------------------------===//
// Registration
//===----------------------------------------------------------------------===//

#include "qopt/Dialect/Quant/IR/QuantTypeInterfaces.cpp.inc"

#define GET_TYPEDEF_CLASSES
#include "qopt/Dialect/Quant/IR/QuantTypes.cpp.inc"

void QuantDialect::registerTypes() {
  addTypes<
#define GET_TYPEDEF_LIST
#include "qopt/Dialect/Quant/IR/QuantTypes.cpp.inc"
      >();
}
