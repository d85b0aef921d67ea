// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// kernel-use-scaled-sums: asks the search in Numerics for every sum of bytes.

#include "EvaluateStages.h"
#include "qopt/Dialect/Kernel/IR/Kernel.h"
#include "qopt/Dialect/Kernel/Transforms/Passes.h"
#include "qopt/Numerics/ScaledSum.h"
#include "qopt/Support/PassStatistics.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

using namespace mlir;
using namespace qopt;
using namespace qopt::kernel;

namespace qopt::kernel {
#define GEN_PASS_DEF_KERNELUSESCALEDSUMSPASS
#include "qopt/Dialect/Kernel/Transforms/Passes.h.inc"
} // namespace qopt::kernel

/// The zero point that a requantize adds before the clamp and the sum goes into
/// the sum, where it costs nothing: the three stages without it, or nothing.
static std::optional<std::array<StageAttrInterface, 3>>
moveZeroPoint(ArrayRef<StageAttrInterface> stages) {
  auto requantize = dyn_cast<RequantizeAttr>(stages[0]);
  auto clamp = dyn_cast<ClampAttr>(stages[1]);
  if (!requantize || !clamp || requantize.getZeroPoint() == 0)
    return std::nullopt;
  int32_t offset = -requantize.getZeroPoint();
  StageAttrInterface scaled = requantize.getWithResultOffset(offset);
  StageAttrInterface sum = stages[2].getWithValueOffset(offset);
  int64_t min = int64_t(clamp.getMin()) + offset;
  int64_t max = int64_t(clamp.getMax()) + offset;
  if (!scaled || !sum || min < INT32_MIN || max > INT32_MAX)
    return std::nullopt;
  StageAttrInterface bounds = ClampAttr::get(
      clamp.getContext(), static_cast<int32_t>(min), static_cast<int32_t>(max));
  return std::array<StageAttrInterface, 3>{scaled, bounds, sum};
}

static numerics::SumOperand makeOperand(StageRange range, AffineAttr affine,
                                        int32_t leftShift) {
  return numerics::makeSumOperand(static_cast<int32_t>(range.min),
                                  static_cast<int32_t>(range.max),
                                  -affine.getOffset(), leftShift,
                                  {affine.getMultiplier(), affine.getShift()});
}

static void negate(numerics::SumOperand &operand) {
  for (int32_t &term : operand.terms)
    term = -term;
}

namespace {
struct KernelUseScaledSumsPass
    : kernel::impl::KernelUseScaledSumsPassBase<KernelUseScaledSumsPass> {
  using KernelUseScaledSumsPassBase::KernelUseScaledSumsPassBase;

  void runOnOperation() override {
    getOperation().walk([&](StagedOpInterface op) { replaceSums(op); });
  }

private:
  void replaceSums(StagedOpInterface op) {
    SmallVector<StageAttrInterface> stages = op.getStageList();
    unsigned operand = 0;
    bool changed = false;
    for (size_t index = 0; index < stages.size(); ++index) {
      StageAttrInterface stage = stages[index];
      unsigned first = operand;
      operand += stage.getNumStageOperands();
      auto clamp = index + 1 < stages.size()
                       ? dyn_cast<ClampAttr>(stages[index + 1])
                       : ClampAttr();
      std::optional<StageRange> range = getByteRange(op, stages, index);
      if (!range || !clamp || clamp.getMax() - int64_t(clamp.getMin()) > 255 ||
          !isByteSum(op, stage, first))
        continue;
      if (auto moved = index >= 2
                           ? moveZeroPoint(ArrayRef(stages).slice(index - 2, 3))
                           : std::nullopt) {
        std::copy(moved->begin(), moved->end(), stages.begin() + index - 2);
        stage = stages[index];
        range = getByteRange(op, stages, index);
        changed = true;
      }
      ScaledSumAttr sum;
      if (auto add = dyn_cast<AddAttr>(stage))
        sum = find(add, *range, clamp, /*isSub=*/false, /*reversed=*/false);
      else if (auto sub = dyn_cast<SubAttr>(stage))
        sum = find(sub, *range, clamp, /*isSub=*/true, sub.getReversed());
      recordStatistic(*this, sum ? "num-replaced" : "num-refused", 1);
      if (!sum)
        continue;
      stages[index] = sum;
      changed = true;
    }
    if (!changed)
      return;
    SmallVector<Attribute> attributes(stages.begin(), stages.end());
    op.setStagesAttr(ArrayAttr::get(&getContext(), attributes));
  }

  /// An addition or subtraction whose operand is a byte.
  static bool isByteSum(StagedOpInterface op, Attribute stage, unsigned first) {
    quant::RoundingMode rounding;
    if (auto add = dyn_cast<AddAttr>(stage))
      rounding = add.getRounding();
    else if (auto sub = dyn_cast<SubAttr>(stage))
      rounding = sub.getRounding();
    else
      return false;
    auto type = cast<ShapedType>(op.getStageOperands()[first].getType());
    return rounding == quant::RoundingMode::Double &&
           type.getElementType().isInteger(8);
  }

  template <typename SumAttr>
  ScaledSumAttr find(SumAttr stage, StageRange range, ClampAttr clamp,
                     bool isSub, bool reversed) {
    StageRange operandRange = getRangeOfByte(stage.getIsUnsigned());
    Attribute key = ArrayAttr::get(
        &getContext(),
        {Attribute(stage), Attribute(clamp),
         DenseI64ArrayAttr::get(&getContext(), {range.min, range.max})});
    auto [entry, isNew] = known.try_emplace(key);
    if (!isNew)
      return entry->second;
    numerics::SumOperand value =
        makeOperand(range, stage.getValue(), stage.getLeftShift());
    numerics::SumOperand operand =
        makeOperand(operandRange, stage.getOperand(), stage.getLeftShift());
    if (isSub)
      negate(reversed ? value : operand);
    AffineAttr output = stage.getOutput();
    std::optional<numerics::ScaledSum> found =
        numerics::findScaledSum(value, operand,
                                {{output.getMultiplier(), output.getShift()},
                                 output.getOffset(),
                                 clamp.getMin(),
                                 clamp.getMax()});
    if (!found)
      return {};
    return entry->second = ScaledSumAttr::get(
               &getContext(), found->lhs, found->rhs, found->offset,
               found->shift, stage.getIsUnsigned());
  }

  DenseMap<Attribute, ScaledSumAttr> known;
};
} // namespace
