// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Stages on integers: each emission is the formula in the description of the
// attribute.

#include "qopt/Conversion/KernelToVector/EmitStages.h"

using namespace mlir;
using namespace qopt;
using namespace qopt::emit;

static numerics::RoundingMode modeOf(quant::RoundingMode mode) {
  return static_cast<numerics::RoundingMode>(mode);
}

/// A constant fixed-point multiplier applied to v.
static Value multiply(VectorEmitter &e, quant::RoundingMode mode, Value v,
                      int32_t multiplier, int32_t shift) {
  Type type = VectorEmitter::withElement(v.getType(), e.getI32Type());
  return emitMultiply(
      e, v, prepareMultiplier(e, modeOf(mode), type, multiplier, shift));
}

/// The stage operand as i32.
static Value operandOf(const StageInputs &inputs, bool isUnsigned = false) {
  return inputs.e.toInteger(inputs.operand(), inputs.e.getI32Type(),
                            isUnsigned);
}

static Value emitRequantize(kernel::RequantizeAttr stage, Value v,
                            const StageInputs &inputs) {
  VectorEmitter &e = inputs.e;
  Value scaled = stage.usesChannelScale()
                     ? emitMultiply(e, v, inputs.channelMultiplier)
                     : multiply(e, stage.getRounding(), v,
                                *stage.getMultiplier(), *stage.getShift());
  return e.add(scaled, stage.getZeroPoint());
}

static Value emitClamp(kernel::ClampAttr stage, Value v,
                       const StageInputs &inputs) {
  return inputs.e.clamp(v, int64_t(stage.getMin()), int64_t(stage.getMax()));
}

/// mbqm((x + offset) << leftShift, multiplier, shift)
static Value rescale(VectorEmitter &e, quant::RoundingMode mode, Value x,
                     kernel::AffineAttr affine, int32_t leftShift) {
  Value shifted = e.shiftLeft(e.add(x, affine.getOffset()), leftShift);
  return multiply(e, mode, shifted, affine.getMultiplier(), affine.getShift());
}

template <typename SumAttr>
static std::pair<Value, Value> rescaleBoth(SumAttr stage, Value v,
                                           const StageInputs &inputs) {
  return {rescale(inputs.e, stage.getRounding(), v, stage.getValue(),
                  stage.getLeftShift()),
          rescale(inputs.e, stage.getRounding(),
                  operandOf(inputs, stage.getIsUnsigned()), stage.getOperand(),
                  stage.getLeftShift())};
}

/// mbqm(sum) + offset
static Value finish(VectorEmitter &e, quant::RoundingMode mode, Value sum,
                    kernel::AffineAttr output) {
  Value scaled =
      multiply(e, mode, sum, output.getMultiplier(), output.getShift());
  return e.add(scaled, output.getOffset());
}

static Value emitAdd(kernel::AddAttr stage, Value v,
                     const StageInputs &inputs) {
  auto [a, b] = rescaleBoth(stage, v, inputs);
  return finish(inputs.e, stage.getRounding(), inputs.e.add(a, b),
                stage.getOutput());
}

static Value emitSub(kernel::SubAttr stage, Value v,
                     const StageInputs &inputs) {
  auto [a, b] = rescaleBoth(stage, v, inputs);
  if (stage.getReversed())
    std::swap(a, b);
  return finish(inputs.e, stage.getRounding(), inputs.e.sub(a, b),
                stage.getOutput());
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
  Value r = operandOf(inputs, stage.getIsUnsigned());
  Value product = e.mul(e.add(v, stage.getValueOffset()),
                        e.add(r, stage.getOperandOffset()));
  return finish(e, stage.getRounding(), product, stage.getOutput());
}

static Value emitTable(kernel::TableAttr stage, Value v,
                       const StageInputs &inputs) {
  VectorEmitter &e = inputs.e;
  DenseIntElementsAttr entries = stage.getEntries();
  int64_t count = entries.getNumElements();
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
  emissions.add(emitSub);
  emissions.add(emitAddPot);
  emissions.add(emitMul);
  emissions.add(emitTable);
}
