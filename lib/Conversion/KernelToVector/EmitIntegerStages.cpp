// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Stages on integers: each emission is the formula in the description of the
// attribute.

#include "ByteTable.h"

#include "qopt/Conversion/KernelToVector/EmitStages.h"

using namespace mlir;
using namespace qopt;
using namespace qopt::emit;

static numerics::RoundingMode modeOf(quant::RoundingMode mode) {
  return static_cast<numerics::RoundingMode>(mode);
}

/// A constant fixed-point multiplier applied to v.
static Value multiply(VectorEmitter &e, quant::RoundingMode mode, Value v,
                      int32_t multiplier, int32_t shift, Interval range,
                      bool isClampedBelow = false) {
  Type type = VectorEmitter::withElement(v.getType(), e.getI32Type());
  bool bounded = shift <= 0 && range.fits(30);
  PreparedMultiplier m =
      prepareMultiplier(e, modeOf(mode), type, multiplier, shift);
  m.isClampedBelow = isClampedBelow;
  return emitMultiply(e, v, m, bounded);
}

/// The stage operand as i32.
static Value operandOf(const StageInputs &inputs) {
  return inputs.e.toInteger(inputs.operand(), inputs.e.getI32Type());
}

static Value emitRequantize(kernel::RequantizeAttr stage, Value v,
                            const StageInputs &inputs) {
  VectorEmitter &e = inputs.e;
  Value scaled =
      stage.usesChannelScale()
          ? emitMultiply(e, v, inputs.channelMultiplier)
          : multiply(e, stage.getRounding(), v, *stage.getMultiplier(),
                     *stage.getShift(), inputs.range,
                     inputs.channelMultiplier.isClampedBelow);
  return e.add(scaled, stage.getZeroPoint());
}

static Value emitClamp(kernel::ClampAttr stage, Value v,
                       const StageInputs &inputs) {
  inputs.result = {stage.getMin(), stage.getMax()};
  return inputs.e.clamp(v, int64_t(stage.getMin()), int64_t(stage.getMax()));
}

/// mbqm((x + offset) << leftShift, multiplier, shift), and its range.
///
/// The shift is known not to overflow, so with k = 31 - leftShift the operand
/// x' = x + offset lies within ±2^k. Where squares of that fit 32 bits, so does
/// the high product: with multiplier = high·2^k + low,
///   (x'·2^leftShift·multiplier + 2^30) >> 31
///     = (x'·multiplier + 2^(k-1)) >> k
///     = x'·high + ((x'·low + 2^(k-1)) >> k).
static std::pair<Value, Interval> rescale(VectorEmitter &e,
                                          quant::RoundingMode mode, Value x,
                                          kernel::AffineAttr affine,
                                          int32_t leftShift, Interval range) {
  Value centred = e.add(x, affine.getOffset());
  range = range + affine.getOffset();
  int64_t multiplier = affine.getMultiplier();
  int32_t shift = affine.getShift(), k = 31 - leftShift;
  // A product: a left shift of a negative number is undefined in C++17.
  const int64_t scale = int64_t(1) << leftShift;
  Interval shifted{range.min * scale, range.max * scale};
  if (mode != quant::RoundingMode::Double || k > 15 || k < 1 || shift > 0)
    return {multiply(e, mode, e.shiftLeft(centred, leftShift), multiplier,
                     shift, shifted),
            shifted};
  int64_t high = multiplier >> k, low = multiplier & ((int64_t(1) << k) - 1);
  Value product = e.mul(centred, high);
  if (low)
    product = e.add(
        product,
        e.shiftRight(e.add(e.mul(centred, low), int64_t(1) << (k - 1)), k));
  return {emitRoundingRightShift(e, product, -shift, shifted.fits(30)),
          shifted};
}

/// The terms of a sum and the range of their sum or difference.
struct Terms {
  Value value, operand;
  Interval range;
};

template <typename SumAttr>
static Terms rescaleBoth(SumAttr stage, Value v, const StageInputs &inputs) {
  VectorEmitter &e = inputs.e;
  Value r = inputs.operand();
  Interval operandRange = Interval::ofStorage(getElementTypeOrSelf(r.getType()),
                                              stage.getIsUnsigned());
  r = e.toInteger(r, e.getI32Type(), stage.getIsUnsigned());
  auto [a, aRange] = rescale(e, stage.getRounding(), v, stage.getValue(),
                             stage.getLeftShift(), inputs.range);
  auto [b, bRange] = rescale(e, stage.getRounding(), r, stage.getOperand(),
                             stage.getLeftShift(), operandRange);
  // Either sign of either term.
  int64_t bound = std::max({-aRange.min, aRange.max, int64_t(0)}) +
                  std::max({-bRange.min, bRange.max, int64_t(0)});
  return {a, b, {-bound, bound}};
}

/// mbqm(sum) + offset
static Value finish(VectorEmitter &e, quant::RoundingMode mode, Value sum,
                    kernel::AffineAttr output, Interval range) {
  Value scaled =
      multiply(e, mode, sum, output.getMultiplier(), output.getShift(), range);
  return e.add(scaled, output.getOffset());
}

static Value emitAdd(kernel::AddAttr stage, Value v,
                     const StageInputs &inputs) {
  auto [a, b, range] = rescaleBoth(stage, v, inputs);
  return finish(inputs.e, stage.getRounding(), inputs.e.add(a, b),
                stage.getOutput(), range);
}

/// x·multiplier·2^shift / 2^31 in `single`, for an x that a 16-bit storage and
/// its zero point give (|x| < 2^17) and a product of at most 2^30. With
/// multiplier = high·2^16 + low and e = 31 - shift,
///   (x·multiplier + 2^(e-1)) >> e
///     = (x·high + ((x·low + (2^(e-1) mod 2^16)) >> 16)
///        + floor(2^(e-1) / 2^16)) >> (e - 16),
/// and nothing leaves 32 bits where |x| < 2^15.
static Value rescaleNarrow(VectorEmitter &e, Value x, kernel::AffineAttr affine,
                           quant::RoundingMode mode, Interval range) {
  Value centred = e.add(x, affine.getOffset());
  range = range + affine.getOffset();
  int exponent = 31 - affine.getShift();
  if (mode != quant::RoundingMode::Single || !range.fits(15) || exponent < 16 ||
      exponent > 46)
    return multiply(e, mode, centred, affine.getMultiplier(), affine.getShift(),
                    range);
  int64_t high = affine.getMultiplier() >> 16;
  int64_t low = affine.getMultiplier() & 0xffff;
  int64_t half = int64_t(1) << (exponent - 1);
  Value sum = e.mul(centred, high);
  if (low)
    sum =
        e.add(sum, e.shiftRight(e.add(e.mul(centred, low), half & 0xffff), 16));
  return e.shiftRight(e.add(sum, half >> 16), exponent - 16);
}

/// `single` with a power of two is one rounding shift.
static Value emitResidual(kernel::ResidualAttr stage, Value v,
                          const StageInputs &inputs) {
  VectorEmitter &e = inputs.e;
  Value r = inputs.operand();
  Interval operandRange = Interval::ofStorage(getElementTypeOrSelf(r.getType()),
                                              stage.getIsUnsigned());
  r = e.toInteger(r, e.getI32Type(), stage.getIsUnsigned());
  Value sum = e.add(v, rescaleNarrow(e, r, stage.getOperand(),
                                     stage.getRounding(), operandRange));
  kernel::AffineAttr output = stage.getOutput();
  constexpr int64_t bound = int64_t(1) << 31;
  if (stage.getRounding() == quant::RoundingMode::Single &&
      output.getMultiplier() == 1 << 30 && output.getShift() <= 0 &&
      output.getShift() > -29) {
    int places = 1 - output.getShift();
    // Rounded after a shift: the sum may use all 32 bits.
    Value rounded = e.add(e.shiftRight(sum, places - 1), 1);
    return e.add(e.shiftRight(rounded, 1), output.getOffset());
  }
  return finish(e, stage.getRounding(), sum, output,
                Interval{-bound, bound - 1});
}

static Value emitSub(kernel::SubAttr stage, Value v,
                     const StageInputs &inputs) {
  auto [a, b, range] = rescaleBoth(stage, v, inputs);
  if (stage.getReversed())
    std::swap(a, b);
  return finish(inputs.e, stage.getRounding(), inputs.e.sub(a, b),
                stage.getOutput(), range);
}

static Value emitAddPot(kernel::AddPotAttr stage, Value v,
                        const StageInputs &inputs) {
  VectorEmitter &e = inputs.e;
  Value a = emitRoundingRightShift(e, v, stage.getValueShift());
  Value b =
      emitRoundingRightShift(e, operandOf(inputs), stage.getOperandShift());
  if (stage.getReversed())
    std::swap(a, b);
  return e.clamp(stage.getSubtract() ? e.sub(a, b) : e.add(a, b),
                 int64_t(INT16_MIN), int64_t(INT16_MAX));
}

static Value emitMul(kernel::MulAttr stage, Value v,
                     const StageInputs &inputs) {
  VectorEmitter &e = inputs.e;
  Value r = inputs.operand();
  Interval operandRange = Interval::ofStorage(getElementTypeOrSelf(r.getType()),
                                              stage.getIsUnsigned());
  r = e.toInteger(r, e.getI32Type(), stage.getIsUnsigned());
  bool narrow = (inputs.range + stage.getValueOffset()).fits(15) &&
                (operandRange + stage.getOperandOffset()).fits(15);
  Value product = e.mul(e.add(v, stage.getValueOffset()),
                        e.add(r, stage.getOperandOffset()));
  // The product as it is, for a stage behind that scales it.
  kernel::AffineAttr output = stage.getOutput();
  if (output.getMultiplier() == 1 << 30 && output.getShift() == 1 && narrow)
    return e.add(product, output.getOffset());
  constexpr int64_t bound = (int64_t(1) << 30) - 1;
  return finish(e, stage.getRounding(), product, stage.getOutput(),
                narrow ? Interval{-bound, bound} : Interval());
}

static Value emitTable(kernel::TableAttr stage, Value v,
                       const StageInputs &inputs) {
  VectorEmitter &e = inputs.e;
  DenseIntElementsAttr entries = stage.getEntries();
  int64_t count = entries.getNumElements();
  if (stage.isOfBytes() && isa<VectorType>(v.getType()) &&
      hasFastTableLookUp(e.facts))
    return e.toInteger(lookUpBytes(e, entries, e.toInteger(v, e.getI8Type())),
                       e.getI32Type(), stage.getIsUnsigned());
  Value indices = e.bitAnd(v, count - 1);
  // Wide tables stay as they are; small ones get 32-bit entries, which x86 can
  // gather.
  if (count == 256) {
    SmallVector<int32_t> wide;
    for (const APInt &entry : entries.getValues<APInt>())
      wide.push_back(static_cast<int32_t>(
          stage.getIsUnsigned() ? entry.getZExtValue() : entry.getSExtValue()));
    auto type = RankedTensorType::get({count}, e.getI32Type());
    return e.lookUp(e.table(DenseElementsAttr::get(type, ArrayRef(wide))),
                    indices);
  }
  return e.toInteger(e.lookUp(e.table(entries), indices), e.getI32Type(),
                     stage.getIsUnsigned());
}

void qopt::emit::addIntegerStages(StageEmissions &emissions) {
  emissions.add(emitRequantize);
  emissions.add(emitClamp);
  emissions.add(emitAdd);
  emissions.add(emitResidual);
  emissions.add(emitSub);
  emissions.add(emitAddPot);
  emissions.add(emitMul);
  emissions.add(emitTable);
}
