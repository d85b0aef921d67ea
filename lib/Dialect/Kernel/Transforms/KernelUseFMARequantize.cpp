// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// kernel-use-fma-requantize: asks the search in Numerics for every channel.

#include "ModuleTarget.h"
#include "PackWeights.h"
#include "qopt/Dialect/Kernel/Transforms/Passes.h"
#include "qopt/Numerics/FMARequantize.h"
#include "qopt/Support/PassStatistics.h"

#include "llvm/ADT/bit.h"

using namespace mlir;
using namespace qopt;
using namespace qopt::kernel;

namespace qopt::kernel {
#define GEN_PASS_DEF_KERNELUSEFMAREQUANTIZEPASS
#include "qopt/Dialect/Kernel/Transforms/Passes.h.inc"
} // namespace qopt::kernel

/// The bits of scales and offsets for all channels, with results limited to
/// [low, high]; nothing if one channel has none. Channels often share their
/// multiplier (weights quantized per tensor): each is searched once.
static std::optional<std::pair<SmallVector<int32_t>, SmallVector<int32_t>>>
findAll(ArrayRef<int32_t> mantissas, ArrayRef<int32_t> shifts, int32_t low,
        int32_t high) {
  SmallVector<int32_t> scales, offsets;
  DenseMap<std::pair<int32_t, int32_t>, numerics::FMARequantize> known;
  for (auto [mantissa, shift] : llvm::zip_equal(mantissas, shifts)) {
    auto [entry, isNew] = known.try_emplace({mantissa, shift});
    if (isNew) {
      std::optional<numerics::FMARequantize> found =
          numerics::findFMARequantize({mantissa, shift}, low, high);
      if (!found)
        return std::nullopt;
      entry->second = *found;
    }
    scales.push_back(llvm::bit_cast<int32_t>(entry->second.scale));
    offsets.push_back(llvm::bit_cast<int32_t>(entry->second.offset));
  }
  return std::pair(scales, offsets);
}

namespace {
struct KernelUseFMARequantizePass
    : public qopt::kernel::impl::KernelUseFMARequantizePassBase<
          KernelUseFMARequantizePass> {
  void runOnOperation() override {
    FailureOr<cpu::TargetFacts> facts = getModuleTargetFacts(getOperation());
    if (failed(facts))
      return signalPassFailure();
    if (!facts->avx512)
      return;
    getOperation().walk([&](Operation *op) {
      if (auto conv = dyn_cast<Conv2DOp>(op))
        replace(conv);
      else if (auto conv = dyn_cast<DepthwiseConv2DOp>(op))
        replace(conv);
    });
    recordStatistic(*this, "num-replaced", replaced);
    recordStatistic(*this, "num-refused", refused);
  }

  template <typename ConvOp>
  void replace(ConvOp op) {
    SmallVector<Attribute> stages(op.getStages().getValue());
    if (stages.size() < 2 || op.getPacked() ||
        !op.getBias().getType().getElementType().isInteger(32))
      return;
    auto requantize = dyn_cast<RequantizeAttr>(stages[0]);
    auto clamp = dyn_cast<ClampAttr>(stages[1]);
    if (!requantize || !clamp ||
        requantize.getRounding() != quant::RoundingMode::Double)
      return;
    bool isPerChannel = requantize.usesChannelScale();
    bool othersUseScale =
        llvm::any_of(ArrayRef(stages).drop_front(), [](Attribute stage) {
          return cast<StageAttrInterface>(stage).usesChannelScale();
        });
    if (isPerChannel && (othersUseScale || !op.getMultiplier()))
      return;
    std::optional<SmallVector<int32_t>> mantissas, shifts;
    if (isPerChannel) {
      mantissas = readConstant<int32_t>(op.getMultiplier());
      shifts = readConstant<int32_t>(op.getShift());
    } else {
      mantissas = {*requantize.getMultiplier()};
      shifts = {*requantize.getShift()};
    }
    // Without zero point; a range that leaves out 0 may as well hold it.
    int64_t low = int64_t(clamp.getMin()) - requantize.getZeroPoint();
    int64_t high = int64_t(clamp.getMax()) - requantize.getZeroPoint();
    low = std::min<int64_t>(low, 0);
    high = std::max<int64_t>(high, 0);
    if (!mantissas || !shifts || high - low > 256)
      return;
    auto found = findAll(*mantissas, *shifts, static_cast<int32_t>(low),
                         static_cast<int32_t>(high));
    if (!found) {
      ++refused;
      return;
    }
    ++replaced;
    OpBuilder builder(op);
    FloatAttr scale, offset;
    if (!isPerChannel) {
      scale = builder.getF32FloatAttr(llvm::bit_cast<float>(found->first[0]));
      offset = builder.getF32FloatAttr(llvm::bit_cast<float>(found->second[0]));
    }
    stages[0] = RequantizeFMAAttr::get(op.getContext(), scale, offset,
                                       requantize.getZeroPoint(), low < 0);
    op.setStagesAttr(builder.getArrayAttr(stages));
    if (!isPerChannel)
      return;
    Type i32 = builder.getI32Type();
    for (auto [operand, bits] :
         {std::pair(op.getMultiplierMutable(), found->first),
          std::pair(op.getShiftMutable(), found->second)}) {
      Value old = operand[0].get();
      MutableOperandRange(operand).assign(
          makeConstant<int32_t>(builder, old.getLoc(), i32, bits));
      if (Operation *constant = old.getDefiningOp(); old.use_empty())
        constant->erase();
    }
  }

  uint64_t replaced = 0, refused = 0;
};
} // namespace
