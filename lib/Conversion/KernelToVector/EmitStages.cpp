// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Walks a list of stages; what one stage means stands in EmitIntegerStages.cpp
// and EmitFloatStages.cpp.

#include "qopt/Conversion/KernelToVector/EmitStages.h"
#include "qopt/Dialect/Kernel/IR/ConvolutionLayout.h"

using namespace mlir;
using namespace qopt;
using namespace qopt::emit;

const StageEmissions &StageEmissions::get() {
  static const StageEmissions emissions = [] {
    StageEmissions all;
    addIntegerStages(all);
    addFloatStages(all);
    addFMAStages(all);
    addRealStages(all);
    addSumStages(all);
    addDynamicStages(all);
    return all;
  }();
  return emissions;
}

StageEmitter::StageEmitter(VectorEmitter &e, kernel::StagedOpInterface op,
                           ShiftRange shifts)
    : StageEmitter(e, op, op.getChannelMultiplier(), op.getChannelShift(),
                   shifts) {}

StageEmitter::StageEmitter(VectorEmitter &e, kernel::StagedOpInterface op,
                           Value multiplier, Value shift, ShiftRange shifts)
    : e(e), op(op), stages(op.getStageList()), multiplier(multiplier),
      shift(shift), shifts(shifts) {}

std::optional<ByteTail> ByteTail::of(kernel::StagedOpInterface op) {
  SmallVector<kernel::StageAttrInterface> stages = op.getStageList();
  auto table = stages.empty() ? kernel::TableAttr()
                              : dyn_cast<kernel::TableAttr>(stages.back());
  if (table && !table.isOfBytes())
    return std::nullopt;
  if (table)
    stages.pop_back();
  auto clamp = stages.empty() ? kernel::ClampAttr()
                              : dyn_cast<kernel::ClampAttr>(stages.back());
  if (!clamp || (!clamp.isToSignedByte() && !clamp.isToUnsignedByte()))
    return std::nullopt;
  return ByteTail{0,
                  clamp.getMin(),
                  clamp.getMax(),
                  !clamp.isToSignedByte(),
                  op->hasAttr(kernel::kWordResultsAttrName),
                  table ? table.getEntries() : DenseIntElementsAttr()};
}

/// Whether a requantize shifts every accumulator to the right, so that its
/// result, at most 2^30, and a small zero point are far from the limits.
static bool shiftsRight(kernel::RequantizeAttr stage, ShiftRange shifts) {
  if (stage.getRounding() != quant::RoundingMode::Double &&
      stage.getRounding() != quant::RoundingMode::Single)
    return false;
  return stage.usesChannelScale() ? shifts.max < 0 : *stage.getShift() < 0;
}

/// Whether the stage after this one makes all negative results, counted from
/// the zero point, the same.
static bool isClampedBelow(kernel::StagedOpInterface op, size_t index,
                           kernel::RequantizeAttr stage) {
  SmallVector<kernel::StageAttrInterface> stages = op.getStageList();
  auto clamp = index + 1 < stages.size()
                   ? dyn_cast<kernel::ClampAttr>(stages[index + 1])
                   : kernel::ClampAttr();
  return clamp && clamp.getMin() >= stage.getZeroPoint();
}

std::optional<ByteTail> StageEmitter::takeByteTail() {
  std::optional<ByteTail> tail = ByteTail::of(op);
  if (!tail)
    return std::nullopt;
  stages.pop_back_n(tail->table ? 2 : 1);
  auto fma = stages.empty()
                 ? kernel::RequantizeFMAAttr()
                 : dyn_cast<kernel::RequantizeFMAAttr>(stages.back());
  // Its product is far from the limits of 32 bits; the sum with a small zero
  // point may be formed in 16.
  if (fma && std::abs(fma.getZeroPoint()) < 1024) {
    tail->zeroPoint = fma.getZeroPoint();
    stages.back() = kernel::RequantizeFMAAttr::get(
        fma.getContext(), fma.getScale(), fma.getOffset(), /*zero_point=*/0,
        fma.getIsSigned(), fma.getRest(), fma.getIsSplit(), fma.getToNearest());
  }
  auto requantize = stages.empty()
                        ? kernel::RequantizeAttr()
                        : dyn_cast<kernel::RequantizeAttr>(stages.back());
  if (requantize && std::abs(requantize.getZeroPoint()) < 1024 &&
      shiftsRight(requantize, shifts)) {
    tail->zeroPoint = requantize.getZeroPoint();
    stages.back() = requantize.getWithResultOffset(-requantize.getZeroPoint());
  }
  return tail;
}

bool StageEmitter::usesChannels() const {
  return llvm::any_of(stages,
                      [](auto stage) { return stage.usesChannelScale(); });
}

StageEmitter::Channels StageEmitter::prepare(Value channel, int64_t lanes) {
  Channels channels;
  for (auto [index, stage] : llvm::enumerate(stages)) {
    PreparedMultiplier &prepared = channels.multipliers.emplace_back();
    // As it was, before its zero point was left to packing.
    auto original = dyn_cast<kernel::RequantizeAttr>(op.getStageList()[index]);
    bool belowIsAlike = original && isClampedBelow(op, index, original);
    prepared.isClampedBelow = belowIsAlike;
    if (!stage.usesChannelScale())
      continue;
    if (auto fma = dyn_cast<kernel::RequantizeFMAAttr>(stage)) {
      // The bits of the numbers, not prepared in any way.
      prepared.mantissa = e.load(multiplier, channel, lanes);
      prepared.right = e.load(shift, channel, lanes);
      if (fma.getIsSplit()) {
        int64_t size = cast<MemRefType>(multiplier.getType()).getNumElements();
        prepared.left = e.load(multiplier, e.add(channel, size / 2), lanes);
      }
      continue;
    }
    if (auto real = dyn_cast<kernel::RequantizeRealAttr>(stage)) {
      prepared.mantissa =
          prepareRealMultiplier(e, real, e.load(multiplier, channel, lanes),
                                e.load(shift, channel, lanes));
      continue;
    }
    auto requantize = cast<kernel::RequantizeAttr>(stage);
    prepared = prepareMultiplier(
        e, static_cast<numerics::RoundingMode>(requantize.getRounding()),
        e.load(multiplier, channel, lanes), e.load(shift, channel, lanes),
        shifts);
    prepared.isClampedBelow = belowIsAlike;
  }
  return channels;
}

Interval Interval::ofStorage(Type element, bool isUnsigned) {
  if (!element.isInteger() || element.getIntOrFloatBitWidth() > 16)
    return {};
  int64_t span = int64_t(1) << element.getIntOrFloatBitWidth();
  if (isUnsigned)
    return {0, span - 1};
  return {-span / 2, span / 2 - 1};
}

Value StageEmitter::apply(const Channels &channels, Value value,
                          LoadOperand loadOperand, Interval range) {
  unsigned operand = 0;
  for (auto [stage, prepared] : llvm::zip_equal(stages, channels.multipliers)) {
    unsigned next = operand;
    auto load = [&] { return loadOperand(next++); };
    Interval result;
    StageInputs inputs{e, prepared, load, range, result};
    value = StageEmissions::get().emit(stage, value, inputs);
    operand += stage.getNumStageOperands();
    range = result;
  }
  return value;
}
