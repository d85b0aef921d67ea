// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a stage attribute may hold, checked when it is made.

#include "qopt/Dialect/Kernel/IR/Kernel.h"

#include <cmath>

using namespace mlir;
using namespace qopt::kernel;
using qopt::quant::RoundingMode;
using EmitError = llvm::function_ref<InFlightDiagnostic()>;

/// Float parameters are f32, finite, and positive.
static LogicalResult verifyScale(EmitError emitError, FloatAttr scale) {
  if (!scale.getType().isF32())
    return emitError() << "expected scale of type f32, found "
                       << scale.getType();
  const APFloat &value = scale.getValue();
  if (!value.isFinite() || value.isNegative() || value.isZero())
    return emitError() << "expected finite positive scale, found " << scale;
  return success();
}

static LogicalResult verifyRange(EmitError emitError, int32_t min,
                                 int32_t max) {
  if (min > max)
    return emitError() << "expected min <= max, found min " << min
                       << " and max " << max;
  return success();
}

/// The multiplies of an addition only shrink (TFLite requires multipliers below
/// one), and the shift before them must leave room in 32 bits.
static LogicalResult verifyAddition(EmitError emitError, RoundingMode rounding,
                                    int32_t leftShift, AffineAttr value,
                                    AffineAttr operand, AffineAttr output) {
  if (rounding == RoundingMode::Float || rounding == RoundingMode::Real ||
      rounding == RoundingMode::Wide)
    return emitError() << "expected rounding double, single or shift, found "
                       << qopt::quant::stringifyRoundingMode(rounding);
  if (leftShift < 0 || leftShift > 30)
    return emitError() << "expected left_shift in 0...30, found " << leftShift;
  for (AffineAttr part : {value, operand, output})
    if (part.getShift() > 0)
      return emitError() << "expected shifts of at most 0, found "
                         << part.getShift();
  return success();
}

LogicalResult RequantizeAttr::verify(EmitError emitError, RoundingMode rounding,
                                     std::optional<int32_t> multiplier,
                                     std::optional<int32_t> shift,
                                     int32_t zeroPoint, bool rightShifts) {
  if (rounding == RoundingMode::Float || rounding == RoundingMode::Real)
    return emitError() << "rounding "
                       << qopt::quant::stringifyRoundingMode(rounding)
                       << " has no fixed-point form";
  if (multiplier.has_value() != shift.has_value())
    return emitError() << "expected both multiplier and shift, or neither";
  if (multiplier && *multiplier < 0)
    return emitError() << "expected multiplier of at least 0, found "
                       << *multiplier;
  if (shift && (*shift < -31 || *shift > 30))
    return emitError() << "expected shift in -31...30, found " << *shift;
  if (shift && rightShifts)
    return emitError() << "right_shifts describes shift operands, found an "
                          "immediate shift";
  return success();
}

LogicalResult RequantizeRealAttr::verify(EmitError emitError,
                                         RoundingMode rounding,
                                         FloatAttr multiplier,
                                         int32_t zeroPoint, int32_t min,
                                         int32_t max) {
  if (rounding != RoundingMode::Float && rounding != RoundingMode::Real)
    return emitError() << "expected rounding float or real, found "
                       << qopt::quant::stringifyRoundingMode(rounding);
  if (multiplier) {
    double value = multiplier.getValueAsDouble();
    if (!multiplier.getType().isF64() || !std::isfinite(value) || value < 0)
      return emitError() << "expected a finite f64 multiplier of at least 0, "
                         << "found " << multiplier;
    if (rounding == RoundingMode::Float &&
        static_cast<double>(static_cast<float>(value)) != value)
      return emitError() << "expected a float32 number as multiplier of "
                         << "rounding float, found " << multiplier;
  }
  constexpr int32_t most = 1 << 16;
  for (int32_t bound : {zeroPoint, min, max})
    if (bound < -most || bound > most)
      return emitError() << "expected zero_point, min and max in [" << -most
                         << ", " << most << "], found " << bound;
  return verifyRange(emitError, min, max);
}

LogicalResult ClampAttr::verify(EmitError emitError, int32_t min, int32_t max) {
  return verifyRange(emitError, min, max);
}

LogicalResult AddAttr::verify(EmitError emitError, RoundingMode rounding,
                              int32_t leftShift, AffineAttr value,
                              AffineAttr operand, AffineAttr output,
                              bool isUnsigned) {
  return verifyAddition(emitError, rounding, leftShift, value, operand, output);
}

LogicalResult ResidualAttr::verify(EmitError emitError, RoundingMode rounding,
                                   AffineAttr operand, AffineAttr output,
                                   bool isUnsigned) {
  if (rounding != RoundingMode::Single && rounding != RoundingMode::Double)
    return emitError() << "expected rounding single or double, found "
                       << quant::stringifyRoundingMode(rounding);
  for (AffineAttr affine : {operand, output})
    if (affine.getMultiplier() < 0 || affine.getShift() < -31 ||
        affine.getShift() > 30)
      return emitError()
             << "expected a multiplier of at least 0 and a shift in "
                "-31...30, found "
             << affine.getMultiplier() << " and " << affine.getShift();
  return success();
}

LogicalResult SubAttr::verify(EmitError emitError, RoundingMode rounding,
                              int32_t leftShift, AffineAttr value,
                              AffineAttr operand, AffineAttr output,
                              bool isUnsigned, bool reversed) {
  return verifyAddition(emitError, rounding, leftShift, value, operand, output);
}

LogicalResult AddPotAttr::verify(EmitError emitError, int32_t valueShift,
                                 int32_t operandShift, bool subtract,
                                 bool reversed) {
  for (int32_t shift : {valueShift, operandShift})
    if (shift < 0 || shift > 15)
      return emitError() << "expected shifts in 0...15, found " << shift;
  if (reversed && !subtract)
    return emitError() << "reversed needs subtract";
  return success();
}

LogicalResult TableAttr::verify(EmitError emitError,
                                DenseIntElementsAttr entries, bool isUnsigned) {
  Type element = entries.getElementType();
  if (!element.isInteger(8) && !element.isInteger(16))
    return emitError() << "expected entries of type i8 or i16, found "
                       << element;
  int64_t size = entries.getNumElements();
  if (entries.getType().getRank() != 1 || (size != 256 && size != 65536))
    return emitError() << "expected 256 or 65536 entries, found "
                       << entries.getType();
  return success();
}

LogicalResult QuantizeAttr::verify(EmitError emitError, FloatAttr scale,
                                   int32_t zeroPoint, int32_t min, int32_t max,
                                   bool tiesToEven, bool zeroPointFirst) {
  if (failed(verifyScale(emitError, scale)))
    return failure();
  return verifyRange(emitError, min, max);
}

LogicalResult DequantizeAttr::verify(EmitError emitError, FloatAttr scale,
                                     int32_t zeroPoint) {
  return verifyScale(emitError, scale);
}

LogicalResult ClampF32Attr::verify(EmitError emitError, FloatAttr min,
                                   FloatAttr max) {
  for (FloatAttr bound : {min, max}) {
    if (!bound.getType().isF32())
      return emitError() << "expected bounds of type f32, found "
                         << bound.getType();
    if (bound.getValue().isNaN())
      return emitError() << "expected bounds that are numbers, found " << bound;
  }
  if (min.getValue() > max.getValue())
    return emitError() << "expected min <= max, found min " << min
                       << " and max " << max;
  return success();
}
