// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Fixed-point multiplication on vectors of 32-bit lanes.
//
// `double`, for a mantissa m >= 0 and a shift split into left and right:
//   x' = x << left                        (wraps, as in TFLite)
//   h  = (x'·m + 2^30) >> 31              (cannot saturate as m < 2^31)
//   y  = (h + (h >> 31) + 2^(right-1)) >> right   if right >= 1, else h
// The last line is rounding to nearest with ties away from zero: for h < 0 the
// extra -1 turns floor's tie toward +infinity into one away from zero. Its sum
// needs 33 bits when h is near 2^31, so it is computed as
//   y  = (((h + (h >> 31)) >> (right-1)) + 1) >> 1
// which is equal, since floors of divisions by powers of two compose. The inner
// sum fits: h >= -2^31 + 1 because m <= 2^31 - 1.
//
// The 64-bit products:
// * x86 multiplies the even 32-bit lanes of two vectors (vpmuldq). Even and odd
//   lanes are multiplied apart, without widening, and blended.
// * AArch64 has the whole of h in one instruction, sqrdmulh, and a rounding
//   shift with ties toward +infinity whose sum is not limited to 32 bits,
//   srshl.
// * Anything else, and scalars, multiply in 64 bits.

#include "qopt/Conversion/KernelToVector/EmitFixedPoint.h"

using namespace mlir;
using namespace qopt::emit;
using qopt::cpu::Architecture;
using qopt::numerics::RoundingMode;

//===----------------------------------------------------------------------===//
// Products
//===----------------------------------------------------------------------===//

static bool usesNeon(VectorEmitter &e, Value x) {
  return e.facts.architecture == Architecture::AArch64 && e.facts.neon &&
         isa<VectorType>(x.getType());
}

/// Whether 64-bit products are taken from even and odd lanes.
static bool usesEvenAndOdd(VectorEmitter &e, Value x) {
  return e.facts.architecture == Architecture::X86 && e.facts.sse41 &&
         e.lanesOf(x) >= 2;
}

/// The 32-bit lanes 0, 2, … (1, 3, …) sign-extended to 64 bits in place. The
/// shifts vanish: the multiplication looks at the low halves only.
static Value evenOrOdd(VectorEmitter &e, Value x, bool odd) {
  int64_t pairs = e.lanesOf(x) / 2;
  Value wide = vector::BitCastOp::create(e, e.vector(pairs, e.getI64Type()), x);
  if (!odd)
    wide = e.shiftLeft(wide, 32);
  return e.shiftRight(wide, 32);
}

/// Applies \p narrow to the 64-bit products of x and m and returns the low
/// halves of the results; \p parameters are split the same way.
static Value
multiplyLanes(VectorEmitter &e, Value x, Value m, ValueRange parameters,
              function_ref<Value(Value product, ValueRange)> narrow) {
  Type i64 = e.getI64Type(), i32 = e.getI32Type();
  int64_t lanes = e.lanesOf(x);
  if (!usesEvenAndOdd(e, x)) {
    SmallVector<Value> wide;
    for (Value parameter : parameters)
      wide.push_back(e.toInteger(parameter, i64));
    Value product = e.mul(e.toInteger(x, i64), e.toInteger(m, i64));
    return e.toInteger(narrow(product, wide), i32);
  }
  if (lanes % 2) {
    // One lane more, of undefined content.
    SmallVector<Value> wider;
    for (Value parameter : parameters)
      wider.push_back(e.slice(parameter, 0, lanes + 1));
    Value y = multiplyLanes(e, e.slice(x, 0, lanes + 1),
                            e.slice(m, 0, lanes + 1), wider, narrow);
    return e.slice(y, 0, lanes);
  }
  Value halves[2];
  for (int odd = 0; odd < 2; ++odd) {
    SmallVector<Value> split;
    for (Value parameter : parameters)
      split.push_back(evenOrOdd(e, parameter, odd));
    Value product = e.mul(evenOrOdd(e, x, odd), evenOrOdd(e, m, odd));
    halves[odd] = vector::BitCastOp::create(e, e.vector(lanes, i32),
                                            narrow(product, split));
  }
  SmallVector<int64_t> mask;
  for (int64_t lane = 0; lane < lanes; ++lane)
    mask.push_back(lane % 2 ? lanes + lane - 1 : lane);
  return vector::ShuffleOp::create(e, halves[0], halves[1], mask);
}

/// As multiplyLanes with `(product + 2^30) >> 31`. The results of odd lanes are
/// left in the high halves, which saves moving them.
static Value doublingHighByPairs(VectorEmitter &e, Value x, Value m) {
  int64_t lanes = e.lanesOf(x);
  if (lanes % 2)
    return e.slice(doublingHighByPairs(e, e.slice(x, 0, lanes + 1),
                                       e.slice(m, 0, lanes + 1)),
                   0, lanes);
  Type type = e.vector(lanes, e.getI32Type());
  Value even = e.mul(evenOrOdd(e, x, false), evenOrOdd(e, m, false));
  Value odd = e.mul(evenOrOdd(e, x, true), evenOrOdd(e, m, true));
  even = e.shiftRightLogical(e.add(even, int64_t(1) << 30), 31);
  odd = e.shiftLeft(e.add(odd, int64_t(1) << 30), 1);
  even = vector::BitCastOp::create(e, type, even);
  odd = vector::BitCastOp::create(e, type, odd);
  SmallVector<int64_t> mask;
  for (int64_t lane = 0; lane < lanes; ++lane)
    mask.push_back(lane % 2 ? lanes + lane : lane);
  return vector::ShuffleOp::create(e, even, odd, mask);
}

/// One of AArch64's vector intrinsics on 4 x i32, for any number of lanes.
static Value neon(VectorEmitter &e, StringRef name, Value a, Value b) {
  return e.mapPieces({a, b}, 4, [&](ValueRange pieces) {
    return e.intrinsic(name, pieces.front().getType(), pieces);
  });
}

Value qopt::emit::emitDoublingHighMultiply(VectorEmitter &e, Value x, Value m) {
  if (usesNeon(e, x))
    return neon(e, "llvm.aarch64.neon.sqrdmulh.v4i32", x, m);
  if (usesEvenAndOdd(e, x))
    return doublingHighByPairs(e, x, m);
  return multiplyLanes(e, x, m, {}, [&](Value product, ValueRange) {
    return e.shiftRight(e.add(product, int64_t(1) << 30), 31);
  });
}

//===----------------------------------------------------------------------===//
// Shifts
//===----------------------------------------------------------------------===//

Value qopt::emit::emitRoundingRightShift(VectorEmitter &e, Value x,
                                         int exponent, bool bounded) {
  if (exponent == 0)
    return x;
  unsigned width = getElementTypeOrSelf(x.getType()).getIntOrFloatBitWidth();
  if (bounded) {
    Value lowered = e.add(x, e.shiftRight(x, width - 1));
    return e.shiftRight(e.add(lowered, int64_t(1) << (exponent - 1)), exponent);
  }
  // INT_MIN - 1 would wrap: the sign is added after the first bits are gone.
  if (exponent == 1) {
    // floor(x / 2) plus the lost bit if x >= 0: the same as x - (x < 0), but
    // (x >> 1) + (x & 1 & ~sign).
    Value sign = e.shiftRight(x, width - 1);
    Value odd = e.bitAnd(e.bitAnd(x, 1), e.add(sign, 1));
    return e.add(e.shiftRight(x, 1), odd);
  }
  // floor((floor((x - s) / 2^(n-1)) + 1) / 2) with s = 1 for x < 0. Instead of
  // x - s, which wraps for the lowest value only, saturate that value first:
  // with n >= 2 the lowest value and its successor round to the same result.
  int64_t lowest = width == 64 ? INT64_MIN : -(int64_t(1) << (width - 1));
  Value sign = e.shiftRight(x, width - 1);
  Value lowered = e.add(e.max(x, lowest + 1), sign);
  return e.shiftRight(e.add(e.shiftRight(lowered, exponent - 1), 1), 1);
}

//===----------------------------------------------------------------------===//
// The rounding modes
//===----------------------------------------------------------------------===//

static PreparedMultiplier prepareDouble(VectorEmitter &e, Value mantissa,
                                        Value shift, ShiftRange range) {
  PreparedMultiplier m;
  m.mantissa = mantissa;
  if (range.max > 0)
    m.left = e.max(shift, 0);
  if (range.min >= 0)
    return m;
  Value right = range.max > 0 ? e.min(shift, 0) : shift;
  if (usesNeon(e, shift)) {
    // srshl shifts to the right by a negative number.
    m.right = right;
    if (range.max >= 0)
      m.shifted = e.shiftRight(shift, 31);
    return m;
  }
  Value zero = e.constant(shift.getType(), int64_t(0));
  m.right = e.sub(zero, e.add(right, 1));
  if (range.max >= 0) {
    m.right = e.max(m.right, 0);
    m.shifted = e.compare(arith::CmpIPredicate::slt, shift, 0);
  }
  return m;
}

static Value multiplyDouble(VectorEmitter &e, Value x,
                            const PreparedMultiplier &m, bool bounded) {
  if (m.left)
    x = e.shiftLeft(x, m.left);
  Value h = emitDoublingHighMultiply(e, x, m.mantissa);
  if (!m.right)
    return h;
  // Takes 1 off negative numbers, see above.
  Value lowered = h;
  if (!m.isClampedBelow) {
    Value sign = e.shiftRight(h, 31);
    if (m.shifted && usesNeon(e, h))
      sign = e.bitAnd(sign, m.shifted);
    lowered = e.add(h, sign);
  }
  if (usesNeon(e, h))
    return neon(e, "llvm.aarch64.neon.srshl.v4i32", lowered, m.right);
  Value y;
  if (bounded) {
    // |h| < 2^30, and the sum with 2^(right-1) <= 2^30 fits.
    Value one = e.constant(h.getType(), int64_t(1));
    Value sum = e.add(lowered, e.shiftLeft(one, m.right));
    y = e.shiftRight(sum, e.add(m.right, 1));
  } else {
    y = e.shiftRight(lowered, m.right);
    y = e.shiftRight(e.add(y, 1), 1);
  }
  return m.shifted ? e.select(m.shifted, y, h) : y;
}

/// `single` and `wide`: one rounding shift of a 64-bit product by base - shift,
/// which is at least 1.
static PreparedMultiplier prepareOneShift(VectorEmitter &e, Value mantissa,
                                          Value shift, int64_t base) {
  PreparedMultiplier m;
  m.mantissa = mantissa;
  m.right = e.sub(e.constant(shift.getType(), base), shift);
  return m;
}

/// (product + 2^(right-1)) >> right
static Value shiftProduct(VectorEmitter &e, Value product, Value right) {
  Value half =
      e.shiftLeft(e.constant(product.getType(), int64_t(1)), e.sub(right, 1));
  return e.shiftRight(e.add(product, half), right);
}

static Value multiplySingle(VectorEmitter &e, Value x,
                            const PreparedMultiplier &m) {
  return multiplyLanes(e, x, m.mantissa, {m.right},
                       [&](Value product, ValueRange parameters) {
                         return shiftProduct(e, product, parameters[0]);
                       });
}

/// TFLite's 16 bits of the mantissa, rounded but kept below 2^15.
static Value reduceMantissa(VectorEmitter &e, Value mantissa) {
  // From 0x7fff0000 on: 0x7fff. Capping there first keeps the sum in 32 bits,
  // and (0x7fff0000 - 1 + 2^15) >> 16 is 0x7fff already.
  return e.shiftRight(e.add(e.min(mantissa, 0x7fff0000 - 1), 1 << 15), 16);
}

static Value multiplyWide(VectorEmitter &e, Value x,
                          const PreparedMultiplier &m) {
  Type i64 = e.getI64Type();
  Value product = e.mul(e.toInteger(x, i64), e.toInteger(m.mantissa, i64));
  Value y = shiftProduct(e, product, e.toInteger(m.right, i64));
  return e.toInteger(y, e.getI32Type());
}

/// `shift`: M = 2^(shift-1), so no product.
static PreparedMultiplier prepareShift(VectorEmitter &e, Value shift,
                                       ShiftRange range) {
  PreparedMultiplier m;
  if (range.max > 1)
    m.left = e.max(e.sub(shift, 1), 0);
  if (range.min >= 1)
    return m;
  // One less than the right shift 1 - shift, as in `double`.
  m.right = e.max(e.sub(e.constant(shift.getType(), int64_t(0)), shift), 0);
  if (range.max >= 1)
    m.shifted = e.compare(arith::CmpIPredicate::slt, shift, 1);
  return m;
}

static Value multiplyShift(VectorEmitter &e, Value x,
                           const PreparedMultiplier &m) {
  if (m.left)
    x = e.shiftLeft(x, m.left);
  if (!m.right)
    return x;
  // (x >> n) + bit n-1 of x. Right shifts reach 32: n - 1 is at most 31.
  Value lower = e.shiftRight(x, m.right);
  Value y = e.add(e.shiftRight(lower, 1), e.bitAnd(lower, 1));
  return m.shifted ? e.select(m.shifted, y, x) : y;
}

PreparedMultiplier qopt::emit::prepareMultiplier(VectorEmitter &e,
                                                 RoundingMode mode,
                                                 Value mantissa, Value shift,
                                                 ShiftRange range) {
  PreparedMultiplier m;
  switch (mode) {
  case RoundingMode::Double:
    m = prepareDouble(e, mantissa, shift, range);
    break;
  case RoundingMode::Single:
    m = prepareOneShift(e, mantissa, shift, 31);
    break;
  case RoundingMode::Wide:
    m = prepareOneShift(e, reduceMantissa(e, mantissa), shift, 15);
    break;
  case RoundingMode::Shift:
    m = prepareShift(e, shift, range);
    break;
  case RoundingMode::Float:
  case RoundingMode::Real:
    llvm_unreachable("float and real have no fixed-point multiplier");
  }
  m.mode = mode;
  return m;
}

PreparedMultiplier qopt::emit::prepareMultiplier(VectorEmitter &e,
                                                 RoundingMode mode, Type type,
                                                 int32_t mantissa,
                                                 int32_t shift) {
  return prepareMultiplier(e, mode, e.constant(type, int64_t(mantissa)),
                           e.constant(type, int64_t(shift)), {shift, shift});
}

Value qopt::emit::emitMultiply(VectorEmitter &e, Value x,
                               const PreparedMultiplier &m, bool bounded) {
  assert((m.mode == RoundingMode::Wide ||
          getElementTypeOrSelf(x.getType()).isInteger(32)) &&
         "only the wide mode takes 64-bit accumulators");
  switch (m.mode) {
  case RoundingMode::Double:
    return multiplyDouble(e, x, m, bounded);
  case RoundingMode::Single:
    return multiplySingle(e, x, m);
  case RoundingMode::Wide:
    return multiplyWide(e, x, m);
  case RoundingMode::Shift:
    return multiplyShift(e, x, m);
  case RoundingMode::Float:
  case RoundingMode::Real:
    break;
  }
  llvm_unreachable("float and real have no fixed-point multiplier");
}

Value qopt::emit::emitRequantizeFloat(VectorEmitter &e, Value x,
                                      Value multiplier, int32_t zeroPoint,
                                      int32_t min, int32_t max) {
  assert(min >= -(1 << 16) && max <= 1 << 16 && "8 or 16 bits");
  double low = static_cast<double>(static_cast<int64_t>(min) - zeroPoint);
  double high = static_cast<double>(static_cast<int64_t>(max) - zeroPoint);
  Value scaled = e.clamp(e.mul(e.toFloat(x), multiplier), low, high);
  // Near 1.5·2^23 the floats are the integers, so the sum rounds to the nearest
  // one, ties to even. (A rounding instruction is missing below SSE4.1.)
  Value shifter = e.constant(scaled.getType(), 12582912.0);
  return e.add(e.toInt32(e.sub(e.add(scaled, shifter), shifter)), zeroPoint);
}
