// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Stages on float32, and those between float32 and integers. No product is
// contracted with a sum but inside the functions of EmitMath.h: all other
// results are the same on every target.

#include "qopt/Conversion/KernelToVector/EmitMath.h"
#include "qopt/Conversion/KernelToVector/EmitStages.h"

using namespace mlir;
using namespace qopt;
using namespace qopt::emit;

/// SSE2 has no rounding instruction; near 1.5·2^23 the floats are the integers.
Value qopt::emit::emitRoundToEven(VectorEmitter &e, Value v) {
  Value shifter = e.constant(v.getType(), 12582912.0);
  return e.sub(e.add(v, shifter), shifter);
}

/// To the nearest integer, ties away from zero, of values below 2^22 in
/// magnitude: trunc(v ± h) with h the greatest float below 1/2. (With 1/2
/// itself, the float before 1/2 would reach 1; every other sum has too few bits
/// to hold the difference, so that a tie is rounded to the next integer.)
static Value roundTiesAway(VectorEmitter &e, Value v) {
  constexpr int64_t belowHalf = 0x3effffff;
  Type i32 = e.getI32Type();
  Value half = e.bitAnd(e.bitcastLanes(v, i32), int64_t(INT32_MIN));
  half = arith::OrIOp::create(e, half, e.constant(half.getType(), belowHalf));
  return e.toInt32(e.add(v, e.bitcastLanes(half, e.getF32Type())));
}

/// To the nearest integer; \p v fits \p integer. Exact for every magnitude.
static Value roundToNearest(VectorEmitter &e, Value v, Type integer,
                            bool tiesToEven) {
  Type type = VectorEmitter::withElement(v.getType(), integer);
  Value zero = e.constant(type, int64_t(0));
  Value truncated = arith::FPToSIOp::create(e, type, v);
  // Exact: the two differ by less than 1.
  Value rest = e.sub(v, arith::SIToFPOp::create(e, v.getType(), truncated));
  auto compare = [&](arith::CmpFPredicate predicate, double bound) -> Value {
    return arith::CmpFOp::create(e, predicate, rest,
                                 e.constant(v.getType(), bound));
  };
  Value up = e.select(compare(arith::CmpFPredicate::OGE, 0.5),
                      e.constant(type, int64_t(1)), zero);
  Value down = e.select(compare(arith::CmpFPredicate::OLE, -0.5),
                        e.constant(type, int64_t(-1)), zero);
  Value rounded = e.add(truncated, e.add(up, down));
  if (!tiesToEven)
    return rounded;
  Value tie = arith::OrIOp::create(e, compare(arith::CmpFPredicate::OEQ, 0.5),
                                   compare(arith::CmpFPredicate::OEQ, -0.5));
  Value even = e.compare(arith::CmpIPredicate::eq, e.bitAnd(truncated, 1), 0);
  return e.select(arith::AndIOp::create(e, tie, even), truncated, rounded);
}

static Value emitQuantize(kernel::QuantizeAttr stage, Value v,
                          const StageInputs &inputs) {
  VectorEmitter &e = inputs.e;
  // What is still to be added after rounding.
  int64_t zeroPoint = stage.getZeroPointFirst() ? 0 : stage.getZeroPoint();
  int64_t low = stage.getMin() - zeroPoint, high = stage.getMax() - zeroPoint;
  constexpr int64_t exact = 1 << 22;
  bool isNarrow = low >= -exact && high <= exact;
  if (!isNarrow) {
    // Floats this large are coarse; the integers are clamped again below.
    low -= 1024;
    high += 1024;
  }
  Type type = v.getType();
  Value scale = e.constant(type, stage.getScale().getValueAsDouble());
  Value q = arith::DivFOp::create(e, v, scale);
  if (stage.getZeroPointFirst())
    q = e.add(q, e.constant(type, double(stage.getZeroPoint())));
  // Clamped before the conversion, which is undefined beyond the integers. This
  // order of operands turns NaN into the minimum.
  Value floor = e.constant(type, static_cast<double>(low));
  Value above = arith::CmpFOp::create(e, arith::CmpFPredicate::OGT, q, floor);
  q = e.select(above, q, floor);
  q = e.min(q, e.constant(type, static_cast<double>(high)));

  Type i32 = e.getI32Type();
  if (isNarrow) {
    Value rounded = stage.getTiesToEven() ? e.toInt32(emitRoundToEven(e, q))
                                          : roundTiesAway(e, q);
    return e.add(rounded, zeroPoint);
  }
  // 32-bit storage: the sum with the zero point needs more bits.
  Value rounded = roundToNearest(e, q, e.getI64Type(), stage.getTiesToEven());
  Value sum = e.clamp(e.add(rounded, zeroPoint), int64_t(stage.getMin()),
                      int64_t(stage.getMax()));
  return e.toInteger(sum, i32);
}

static Value emitDequantize(kernel::DequantizeAttr stage, Value v,
                            const StageInputs &inputs) {
  VectorEmitter &e = inputs.e;
  Value centred = e.toFloat(e.sub(v, stage.getZeroPoint()));
  return e.mul(centred, e.constant(centred.getType(),
                                   stage.getScale().getValueAsDouble()));
}

static Value emitAddF32(kernel::AddF32Attr, Value v,
                        const StageInputs &inputs) {
  return inputs.e.add(v, inputs.operand());
}

static Value emitSubF32(kernel::SubF32Attr stage, Value v,
                        const StageInputs &inputs) {
  Value r = inputs.operand();
  return stage.getReversed() ? inputs.e.sub(r, v) : inputs.e.sub(v, r);
}

static Value emitMulF32(kernel::MulF32Attr, Value v,
                        const StageInputs &inputs) {
  return inputs.e.mul(v, inputs.operand());
}

static Value emitClampF32(kernel::ClampF32Attr stage, Value v,
                          const StageInputs &inputs) {
  return inputs.e.clamp(v, stage.getMin().getValueAsDouble(),
                        stage.getMax().getValueAsDouble());
}

/// 1 / (1 + exp(v)).
static Value emitFalling(VectorEmitter &e, Value v) {
  Value one = e.constant(v.getType(), 1.0);
  Value exponential = emitExp(e, v, kLargestOfReciprocal);
  return emitReciprocal(e, e.add(exponential, one));
}

static Value emitLogisticF32(kernel::LogisticF32Attr, Value v,
                             const StageInputs &inputs) {
  return emitFalling(inputs.e, arith::NegFOp::create(inputs.e, v));
}

/// 1 - 2 / (exp(2 v) + 1): off by a unit of 2^-24, not of v, around 0.
static Value emitTanhF32(kernel::TanhF32Attr, Value v,
                         const StageInputs &inputs) {
  VectorEmitter &e = inputs.e;
  Value quotient = emitFalling(e, e.add(v, v));
  return e.sub(e.constant(v.getType(), 1.0), e.add(quotient, quotient));
}

static Value emitHardSwishF32(kernel::HardSwishF32Attr, Value v,
                              const StageInputs &inputs) {
  VectorEmitter &e = inputs.e;
  Type type = v.getType();
  Value gate = e.clamp(e.add(v, e.constant(type, 3.0)), 0.0, 6.0);
  return arith::DivFOp::create(e, e.mul(v, gate), e.constant(type, 6.0));
}

static Value emitLeakyReluF32(kernel::LeakyReluF32Attr stage, Value v,
                              const StageInputs &inputs) {
  VectorEmitter &e = inputs.e;
  Type type = v.getType();
  Value scaled =
      e.mul(v, e.constant(type, stage.getAlpha().getValueAsDouble()));
  Value positive = arith::CmpFOp::create(e, arith::CmpFPredicate::OGE, v,
                                         e.constant(type, 0.0));
  return e.select(positive, v, scaled);
}

void qopt::emit::addFloatStages(StageEmissions &emissions) {
  emissions.add(emitQuantize);
  emissions.add(emitDequantize);
  emissions.add(emitAddF32);
  emissions.add(emitSubF32);
  emissions.add(emitMulF32);
  emissions.add(emitClampF32);
  emissions.add(emitLogisticF32);
  emissions.add(emitTanhF32);
  emissions.add(emitHardSwishF32);
  emissions.add(emitLeakyReluF32);
}
