// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// kernel-pack-weights: packs the constants of every scheduled convolution.

#include "PackWeights.h"
#include "qopt/Dialect/Kernel/Transforms/Passes.h"
#include "qopt/Support/PassStatistics.h"

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

  template <typename ConvOp>
  WalkResult pack(ConvOp op) {
    // After kernel-use-fma-requantize they are no shifts.
    bool hasShifts = llvm::any_of(op.getStages(), [](Attribute stage) {
      auto requantize = dyn_cast<RequantizeAttr>(stage);
      return requantize && requantize.usesChannelScale();
    });
    if (hasShifts)
      if (auto shifts = readConstant<int32_t>(op.getShift()))
        op->setAttr(kShiftRangeAttrName, getShiftRange(*shifts));
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
    for (Operation *constant : constants)
      if (constant->use_empty())
        constant->erase();
    return WalkResult::advance();
  }

  uint64_t packed = 0;
};
} // namespace
