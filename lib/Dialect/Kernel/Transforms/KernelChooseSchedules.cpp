// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// kernel-choose-schedules: asks the model of costs for the schedule of every
// convolution that has none.

#include "ModuleTarget.h"
#include "ScheduleModel.h"
#include "qopt/Dialect/Kernel/Transforms/Passes.h"
#include "qopt/Dialect/Kernel/Transforms/ScheduleDatabase.h"
#include "qopt/Support/PassStatistics.h"

using namespace mlir;
using namespace qopt::kernel;

namespace qopt::kernel {
#define GEN_PASS_DEF_KERNELCHOOSESCHEDULESPASS
#include "qopt/Dialect/Kernel/Transforms/Passes.h.inc"
} // namespace qopt::kernel

/// A schedule from outside may promise what does not hold. Everything else is
/// checked where the op is expanded; this needs the weights' values.
static LogicalResult verifyKept(DepthwiseConv2DOp op) {
  if (op.getScheduleAttr().getFamily() != InstructionFamily::TapPairs ||
      allowsTapPairs(op))
    return success();
  return op.emitOpError("schedule family 'tap_pairs' needs signed 8-bit inputs "
                        "and constant weights of at least -127; 'plain' does "
                        "not");
}
static LogicalResult verifyKept(Conv2DOp op) { return success(); }

namespace {
struct KernelChooseSchedulesPass
    : public qopt::kernel::impl::KernelChooseSchedulesPassBase<
          KernelChooseSchedulesPass> {
  using KernelChooseSchedulesPassBase::KernelChooseSchedulesPassBase;

  void runOnOperation() override {
    FailureOr<qopt::cpu::TargetFacts> facts =
        getModuleTargetFacts(getOperation());
    if (failed(facts))
      return signalPassFailure();
    if (!database.empty()) {
      llvm::Expected<ScheduleDatabase> loaded =
          ScheduleDatabase::load(database);
      if (!loaded) {
        getOperation().emitError() << llvm::toString(loaded.takeError());
        return signalPassFailure();
      }
      known = std::move(*loaded);
    }
    WalkResult result = getOperation().walk([&](Operation *op) {
      if (auto conv = dyn_cast<Conv2DOp>(op))
        return choose(conv, *facts);
      if (auto conv = dyn_cast<DepthwiseConv2DOp>(op))
        return choose(conv, *facts);
      return WalkResult::advance();
    });
    if (result.wasInterrupted())
      signalPassFailure();
    if (!database.empty())
      qopt::recordStatistic(*this, "num-tuned", tuned);
    qopt::recordStatistic(*this, "num-chosen", chosen);
    qopt::recordStatistic(*this, "num-kept", kept);
    qopt::recordStatistic(*this, "num-interleaved", interleaved);
    qopt::recordStatistic(*this, "num-byte-sums", byteSum);
  }

  template <typename ConvOp>
  WalkResult choose(ConvOp op, const qopt::cpu::TargetFacts &facts) {
    if (op.getScheduleAttr()) {
      ++kept;
      return WalkResult(op.getPacked() ? success() : verifyKept(op));
    }
    if (known.size() > 0) {
      llvm::Expected<ScheduleAttr> found =
          known.lookup(getScheduleKey(op), &getContext());
      if (!found)
        return WalkResult(op.emitError() << llvm::toString(found.takeError()));
      // What was the fastest for one CPU alone may not be for sharing.
      bool isOwn =
          *found && (*found).getFamily() == InstructionFamily::PMADDUBSW;
      if (*found && !(shareWeights && isOwn)) {
        op.setScheduleAttr(*found);
        ++tuned;
        return WalkResult(verifyKept(op));
      }
    }
    ScheduleOptions options;
    options.interleave = interleave;
    options.byteSums = byteSums && !shareWeights;
    if (ScheduleAttr schedule = chooseSchedule(op, facts, options)) {
      op.setScheduleAttr(schedule);
      ++chosen;
      interleaved += schedule.getInterleaved();
      byteSum += schedule.getFamily() == InstructionFamily::PMADDUBSW;
    }
    return WalkResult::advance();
  }

  uint64_t chosen = 0, kept = 0, interleaved = 0, tuned = 0, byteSum = 0;
  ScheduleDatabase known;
};
} // namespace
