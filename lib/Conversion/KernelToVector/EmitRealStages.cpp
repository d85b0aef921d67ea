// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// #kernel.requantize_real: a conversion to floating point, one product, a clamp
// and a rounding. Each step is one IEEE operation, and the clamp stands between
// the product and the sum that rounds, so that nothing can be contracted: all
// targets compute the same bits.

#include "qopt/Conversion/KernelToVector/EmitStages.h"

using namespace mlir;
using namespace qopt;
using namespace qopt::emit;

/// Integers to floats of this type, each the nearest one.
static Value convert(VectorEmitter &e, Value v, Type element) {
  return arith::SIToFPOp::create(
      e, VectorEmitter::withElement(v.getType(), element), v);
}

/// The nearest integers of f64 values below 2^31 in magnitude, ties away from
/// zero: trunc(v ± h) with h the greatest number below 1/2. (With 1/2 itself,
/// the number before 1/2 would reach 1; every other sum has too few bits to
/// hold the difference, so that a tie is rounded up to the next integer.)
static Value roundTiesAway(VectorEmitter &e, Value v) {
  constexpr int64_t belowHalf = 0x3fdfffffffffffff;
  Type i64 = e.getI64Type();
  Value half = e.bitAnd(e.bitcastLanes(v, i64), INT64_MIN);
  half = arith::OrIOp::create(e, half, e.constant(half.getType(), belowHalf));
  return e.toInt32(e.add(v, e.bitcastLanes(half, e.getF64Type())));
}

static Value emitRequantizeReal(kernel::RequantizeRealAttr stage, Value v,
                                const StageInputs &inputs) {
  VectorEmitter &e = inputs.e;
  bool isReal = stage.getRounding() == quant::RoundingMode::Real;
  Type element = isReal ? Type(e.getF64Type()) : Type(e.getF32Type());
  Value multiplier = inputs.channelMultiplier.mantissa;
  if (!stage.usesChannelScale())
    multiplier = e.constant(VectorEmitter::withElement(v.getType(), element),
                            stage.getMultiplier().getValueAsDouble());
  inputs.result = {stage.getMin(), stage.getMax()};
  if (!isReal)
    return emitRequantizeFloat(e, v, multiplier, stage.getZeroPoint(),
                               stage.getMin(), stage.getMax());
  double low =
      static_cast<double>(int64_t(stage.getMin()) - stage.getZeroPoint());
  double high =
      static_cast<double>(int64_t(stage.getMax()) - stage.getZeroPoint());
  Value scaled = e.clamp(e.mul(convert(e, v, element), multiplier), low, high);
  return e.add(roundTiesAway(e, scaled), stage.getZeroPoint());
}

Value qopt::emit::prepareRealMultiplier(VectorEmitter &e,
                                        kernel::RequantizeRealAttr stage,
                                        Value high, Value low) {
  if (stage.getRounding() == quant::RoundingMode::Float)
    return e.bitcastLanes(high, e.getF32Type());
  Type i64 = e.getI64Type();
  Value bits = arith::OrIOp::create(e, e.shiftLeft(e.toInteger(high, i64), 32),
                                    e.toInteger(low, i64, /*isUnsigned=*/true));
  return e.bitcastLanes(bits, e.getF64Type());
}

void qopt::emit::addRealStages(StageEmissions &emissions) {
  emissions.add(emitRequantizeReal);
}
