// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// kernel-pack-weights: packs the constants of every scheduled convolution.

#include "AccumulatorRanges.h"
#include "ModuleTarget.h"
#include "PackWeights.h"
#include "qopt/Dialect/Kernel/IR/ByteSumLayout.h"
#include "qopt/Dialect/Kernel/Transforms/Passes.h"
#include "qopt/Support/PassStatistics.h"

#include <cmath>

using namespace mlir;
using namespace qopt::kernel;

namespace qopt::kernel {
#define GEN_PASS_DEF_KERNELPACKWEIGHTSPASS
#include "qopt/Dialect/Kernel/Transforms/Passes.h.inc"
} // namespace qopt::kernel

namespace {
struct KernelPackWeightsPass
    : public qopt::kernel::impl::KernelPackWeightsPassBase<
          KernelPackWeightsPass> {
  void runOnOperation() override {
    FailureOr<qopt::cpu::TargetFacts> facts =
        getModuleTargetFacts(getOperation());
    if (failed(facts))
      return signalPassFailure();
    packsOnNeon = facts->neon;
    WalkResult result = getOperation().walk([&](Operation *op) {
      if (auto conv = dyn_cast<Conv2DOp>(op))
        return pack(conv);
      if (auto conv = dyn_cast<DepthwiseConv2DOp>(op))
        return pack(conv);
      return WalkResult::advance();
    });
    if (result.wasInterrupted())
      signalPassFailure();
    qopt::recordStatistic(*this, "num-packed", packed);
    qopt::recordStatistic(*this, "num-byte-steps", byteSteps);
    qopt::recordStatistic(*this, "num-split-steps", splitSteps);
  }

  /// One of few ranges that hold the shifts: what matters is whether any shifts
  /// to the left, and whether any (or all) to the right.
  DenseI32ArrayAttr getShiftRange(ArrayRef<int32_t> shifts) {
    int32_t min = 30, max = -31;
    for (int32_t shift : shifts) {
      min = std::min(min, shift);
      max = std::max(max, shift);
    }
    return DenseI32ArrayAttr::get(&getContext(),
                                  {min >= 0 ? 0 : -31, max < 0    ? -1
                                                       : max == 0 ? 0
                                                                  : 30});
  }

  /// Whether the results of a requantize that only a clamp follows fit 16 bits,
  /// for all accumulators that the constants allow.
  template <typename ConvOp>
  bool fitsWords(ConvOp op, ArrayRef<int32_t> shifts) {
    auto multipliers = readConstant<int32_t>(op.getMultiplier());
    auto requantize = dyn_cast<RequantizeAttr>(op.getStages()[0]);
    if (!multipliers || !requantize || op.getStages().size() != 2 ||
        !isa<ClampAttr>(op.getStages()[1]) ||
        (requantize.getRounding() != qopt::quant::RoundingMode::Double &&
         requantize.getRounding() != qopt::quant::RoundingMode::Single))
      return false;
    SmallVector<Accumulators> ranges = getAccumulatorRanges(op);
    if (ranges.size() != shifts.size() || ranges.size() != multipliers->size())
      return false;
    // Rounding adds at most one, and the zero point may have been added, too.
    double most =
        32767.0 - 1 - std::abs(static_cast<double>(requantize.getZeroPoint()));
    for (auto [range, multiplier, shift] :
         llvm::zip_equal(ranges, *multipliers, shifts)) {
      int64_t magnitude = std::max(-range.first, range.second);
      if (std::ldexp(static_cast<double>(magnitude) * multiplier, shift - 31) >=
          most)
        return false;
    }
    return true;
  }

  /// What became of the steps of a convolution that adds up in 16 bits.
  void countSteps(Conv2DOp op) {
    if (!op.getFilterSteps())
      return;
    auto table = readConstant<int8_t>(op.getFilterSteps());
    if (!table)
      return;
    ConvolutionLayout layout = getConvolutionLayout(op, op.getScheduleAttr());
    int64_t steps = layout.getNumBlocks() * layout.getStepsOfWindow();
    byteSteps += steps;
    splitSteps += countByteSteps(op, *table) - steps;
  }

  template <typename ConvOp>
  WalkResult pack(ConvOp op) {
    // After kernel-use-fma-requantize they are no shifts.
    bool hasShifts = llvm::any_of(op.getStages(), [](Attribute stage) {
      auto requantize = dyn_cast<RequantizeAttr>(stage);
      return requantize && requantize.usesChannelScale();
    });
    if (hasShifts)
      if (auto shifts = readConstant<int32_t>(op.getShift())) {
        op->setAttr(kShiftRangeAttrName, getShiftRange(*shifts));
        if (packsOnNeon && !op.getPacked() && fitsWords(op, *shifts))
          op->setAttr(kWordResultsAttrName, UnitAttr::get(&getContext()));
      }
    if (op.getPacked() || !op.getScheduleAttr())
      return WalkResult::advance();
    SmallVector<Operation *> constants;
    for (Value operand : op->getOperands())
      if (Operation *constant = operand.getDefiningOp<arith::ConstantOp>())
        if (!llvm::is_contained(constants, constant))
          constants.push_back(constant);
    OpBuilder builder(op);
    FailureOr<bool> isPacked = packWeights(op, builder);
    if (failed(isPacked))
      return WalkResult::interrupt();
    if (!*isPacked)
      return WalkResult::advance();
    op.setPacked(true);
    ++packed;
    if constexpr (std::is_same_v<ConvOp, Conv2DOp>)
      countSteps(op);
    for (Operation *constant : constants)
      if (constant->use_empty())
        constant->erase();
    return WalkResult::advance();
  }

  bool packsOnNeon = false;
  uint64_t packed = 0, byteSteps = 0, splitSteps = 0;
};
} // namespace
