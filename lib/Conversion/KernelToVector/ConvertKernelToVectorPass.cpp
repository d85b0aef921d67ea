// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// convert-kernel-to-vector: applies the expansions of all families of kernels
// once to every op, and reports what none of them accepted.

#include "qopt/Conversion/KernelToVector/ExpandConvolutions.h"
#include "qopt/Conversion/KernelToVector/Passes.h"
#include "qopt/Support/PassStatistics.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Transforms/WalkPatternRewriteDriver.h"

using namespace mlir;
using namespace qopt;

namespace qopt {
#define GEN_PASS_DEF_CONVERTKERNELTOVECTORPASS
#include "qopt/Conversion/KernelToVector/Passes.h.inc"
} // namespace qopt

/// Whether the op is to be expanded: all of the dialect but what only says on
/// which part of which buffer a kernel works.
static bool isKernel(Operation *op) {
  return isa_and_nonnull<kernel::KernelDialect>(op->getDialect()) &&
         !isa<kernel::SliceOp, kernel::ParallelCallOp>(op);
}

/// The facts of the module's target.
static FailureOr<cpu::TargetFacts> getFacts(ModuleOp module) {
  auto target = module->getAttrOfType<kernel::TargetAttr>("kernel.target");
  if (!target)
    return cpu::TargetFacts();
  llvm::Expected<cpu::TargetFacts> facts = cpu::getTargetFacts(
      target.getTriple(), target.getCpu(), target.getFeatures());
  if (facts)
    return *facts;
  return module.emitError() << llvm::toString(facts.takeError());
}

namespace {
struct ConvertKernelToVectorPass
    : public qopt::impl::ConvertKernelToVectorPassBase<
          ConvertKernelToVectorPass> {
  void runOnOperation() override {
    ModuleOp module = getOperation();
    FailureOr<cpu::TargetFacts> facts = getFacts(module);
    if (failed(facts))
      return signalPassFailure();

    int64_t before = countKernels();
    emit::ConstantPool pool(module);
    emit::ExpansionContext shared{*facts, pool};
    RewritePatternSet patterns(&getContext());
    kernel::populateConvolutionExpansions(patterns, shared);
    emit::populateElementwiseExpansions(patterns, shared);
    emit::populateTableExpansions(patterns, shared);
    emit::populatePoolingExpansions(patterns, shared);
    emit::populateReductionExpansions(patterns, shared);
    emit::populateDynamicExpansions(patterns, shared);
    emit::populateSoftmaxExpansions(patterns, shared);
    emit::populateMovementExpansions(patterns, shared);
    emit::populateTransposeExpansions(patterns, shared);
    emit::populateResizeExpansions(patterns, shared);
    emit::populateUnpackExpansions(patterns, shared);
    walkAndApplyPatterns(module, std::move(patterns));

    int64_t after = countKernels();
    recordStatistic(*this, "num-expanded", before - after);
    if (after == 0)
      return;
    module.walk([](Operation *op) {
      if (!isKernel(op))
        return;
      bool onTensors =
          llvm::any_of(op->getOperandTypes(), llvm::IsaPred<RankedTensorType>);
      if (onTensors)
        op->emitOpError("works on tensors; run kernel-bufferize before this "
                        "pass");
      else
        op->emitOpError("has no expansion into vectors for these types and "
                        "attributes");
    });
    signalPassFailure();
  }

  int64_t countKernels() {
    int64_t count = 0;
    getOperation().walk([&](Operation *op) { count += isKernel(op); });
    return count;
  }
};
} // namespace
