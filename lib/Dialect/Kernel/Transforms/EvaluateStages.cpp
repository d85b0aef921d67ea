// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "EvaluateStages.h"

#include "qopt/Numerics/Elementwise.h"
#include "qopt/Numerics/FixedPoint.h"

#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace qopt;
using namespace qopt::kernel;

using MaybeValue = std::optional<int64_t>;

/// x scaled in this mode; nothing where x is out of the mode's domain.
static MaybeValue scale(int64_t x, int32_t multiplier, int32_t shift,
                        quant::RoundingMode mode) {
  if (mode == quant::RoundingMode::Float || mode == quant::RoundingMode::Real ||
      !llvm::isInt<32>(x))
    return std::nullopt;
  return numerics::applyMultiplier(x, {multiplier, shift},
                                   static_cast<numerics::RoundingMode>(mode));
}

static MaybeValue scale(MaybeValue x, AffineAttr affine,
                        quant::RoundingMode mode) {
  return x ? scale(*x, affine.getMultiplier(), affine.getShift(), mode) : x;
}

static MaybeValue plus(MaybeValue x, MaybeValue y) {
  return x && y ? MaybeValue(*x + *y) : std::nullopt;
}

/// signA · a + signB · b on the common scale, where a is the running value.
template <typename Stage>
static MaybeValue addScaled(Stage stage, int64_t signA, int64_t a,
                            int64_t signB, int64_t b) {
  quant::RoundingMode mode = stage.getRounding();
  int64_t unit = int64_t(1) << stage.getLeftShift();
  MaybeValue lhs =
      scale((a + stage.getValue().getOffset()) * unit, stage.getValue(), mode);
  MaybeValue rhs = scale((b + stage.getOperand().getOffset()) * unit,
                         stage.getOperand(), mode);
  if (!lhs || !rhs)
    return std::nullopt;
  return plus(scale(signA * *lhs + signB * *rhs, stage.getOutput(), mode),
              stage.getOutput().getOffset());
}

static MaybeValue lookUp(TableAttr stage, int64_t value) {
  DenseIntElementsAttr entries = stage.getEntries();
  uint64_t index =
      static_cast<uint64_t>(value) % uint64_t(entries.getNumElements());
  APInt entry = *(entries.value_begin<APInt>() + static_cast<int64_t>(index));
  return stage.getIsUnsigned() ? static_cast<int64_t>(entry.getZExtValue())
                               : entry.getSExtValue();
}

MaybeValue kernel::evaluateStage(StageAttrInterface attribute, int64_t value,
                                 int64_t operand) {
  return llvm::TypeSwitch<Attribute, MaybeValue>(attribute)
      .Case([&](ClampAttr stage) {
        return std::clamp<int64_t>(value, stage.getMin(), stage.getMax());
      })
      .Case([&](TableAttr stage) { return lookUp(stage, value); })
      .Case([&](RequantizeAttr stage) -> MaybeValue {
        if (!stage.getMultiplier())
          return std::nullopt;
        return plus(scale(value, *stage.getMultiplier(), *stage.getShift(),
                          stage.getRounding()),
                    stage.getZeroPoint());
      })
      .Case(
          [&](AddAttr stage) { return addScaled(stage, 1, value, 1, operand); })
      .Case([&](SubAttr stage) {
        int64_t sign = stage.getReversed() ? -1 : 1;
        return addScaled(stage, sign, value, -sign, operand);
      })
      .Case([&](MulAttr stage) {
        int64_t product = (value + stage.getValueOffset()) *
                          (operand + stage.getOperandOffset());
        return plus(scale(product, stage.getOutput(), stage.getRounding()),
                    stage.getOutput().getOffset());
      })
      .Default(MaybeValue());
}

StageRange kernel::getRangeOfByte(bool isUnsigned) {
  return isUnsigned ? StageRange{0, 255} : StageRange{-128, 127};
}

std::optional<StageRange>
kernel::getByteRange(StagedOpInterface op, ArrayRef<StageAttrInterface> stages,
                     size_t index) {
  std::optional<StageRange> range;
  if (index > 0) {
    range = stages[index - 1].getValueRange();
  } else if (auto elementwise = dyn_cast<ElementwiseOp>(op.getOperation())) {
    if (elementwise.getInput().getType().getElementType().isInteger(8))
      range = getRangeOfByte(elementwise.getInputUnsigned());
  }
  if (range && range->max - range->min > 255)
    return std::nullopt;
  return range;
}
