// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// kernel-fuse-bands: runs neighbouring kernels on a few rows at a time where
// the arena is too large otherwise.

#include "ChooseBands.h"
#include "EmitBands.h"
#include "ModuleTarget.h"
#include "qopt/Dialect/Kernel/IR/Bands.h"
#include "qopt/Dialect/Kernel/Transforms/Passes.h"
#include "qopt/Support/PassStatistics.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

namespace qopt::kernel {
#define GEN_PASS_DEF_KERNELFUSEBANDSPASS
#include "qopt/Dialect/Kernel/Transforms/Passes.h.inc"
} // namespace qopt::kernel

using namespace mlir;
using namespace qopt;
using namespace qopt::kernel;

/// Kernels in order and nothing but buffers between them.
static bool isStraight(func::FuncOp function) {
  return function.getBody().hasOneBlock() &&
         llvm::none_of(function.getBody().front(),
                       [](Operation &op) { return op.getNumRegions() != 0; });
}

static BandNotes makeNotes(const BandGraph &graph, const BandChoice &choice) {
  BandNotes notes;
  notes.arenaBefore = choice.arenaBefore;
  notes.arena = choice.arena;
  for (const BandPlan &plan : choice.plans) {
    BandNote note;
    for (unsigned kernel = plan.begin; kernel < plan.end; ++kernel)
      note.kernels += !graph.kernels[kernel].isBorder;
    const BandKernel &last = graph.kernels[plan.end - 1];
    note.rows = std::min(plan.kernels.back().rows, last.write.rows);
    note.bands = plan.endBand - plan.firstBand;
    notes.chains.push_back(note);
  }
  return notes;
}

namespace {

struct KernelFuseBandsPass
    : kernel::impl::KernelFuseBandsPassBase<KernelFuseBandsPass> {
  using KernelFuseBandsPassBase::KernelFuseBandsPassBase;

  void runOnOperation() override {
    ModuleOp module = getOperation();
    if (maxKernels < 1) {
      module.emitError("max-kernels is ")
          << maxKernels.getValue() << ", expected at least 1";
      return signalPassFailure();
    }
    if (!(maxOverhead >= 0)) {
      module.emitError("max-overhead is ")
          << maxOverhead.getValue() << " percent, expected at least 0";
      return signalPassFailure();
    }
    FailureOr<cpu::TargetFacts> facts = getModuleTargetFacts(module);
    if (failed(facts))
      return signalPassFailure();
    for (auto function : module.getOps<func::FuncOp>())
      if (function.isPublic() && !function.isExternal() && isStraight(function))
        fuse(function, *facts);
  }

private:
  void fuse(func::FuncOp function, const cpu::TargetFacts &facts) {
    BandGraph graph = BandGraph::of(function.getBody().front(), facts);
    // What is a little too large needs no long stretches, whatever they cost.
    BandLimits limits;
    limits.arena = getPlainArena(graph);
    limits.length = std::min<unsigned>(maxKernels, kShort);
    limits.overhead = std::numeric_limits<double>::infinity();
    BandChoice choice = chooseBands(graph, limits);
    if (minArena) {
      limits = {/*arena=*/0, maxKernels, maxOverhead / 100};
      BandChoice least = chooseBands(graph, limits);
      if (least.arena < choice.arena)
        choice = std::move(least);
    }
    recordStatistic(*this, "arena-before", choice.arenaBefore);
    recordStatistic(*this, "arena-after", choice.arena);
    if (choice.plans.empty())
      return;
    BandNotes notes = makeNotes(graph, choice);
    for (const BandNote &note : notes.chains)
      recordStatistic(*this, "num-kernels", note.kernels);
    recordStatistic(*this, "num-chains", choice.plans.size());
    setBandNotes(function, notes);
    for (auto [number, plan] : llvm::enumerate(choice.plans))
      emitBands(graph, plan, number);
  }

  static constexpr unsigned kShort = 8;
};

} // namespace
