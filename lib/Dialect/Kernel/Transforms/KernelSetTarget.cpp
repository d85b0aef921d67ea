// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// kernel-set-target: writes the resolved and checked target on the module.

#include "qopt/Dialect/Kernel/Transforms/Passes.h"
#include "qopt/Target/CPU/TargetFacts.h"

using namespace mlir;

namespace qopt::kernel {
#define GEN_PASS_DEF_KERNELSETTARGETPASS
#include "qopt/Dialect/Kernel/Transforms/Passes.h.inc"
} // namespace qopt::kernel

namespace {
struct KernelSetTargetPass
    : public qopt::kernel::impl::KernelSetTargetPassBase<KernelSetTargetPass> {
  using KernelSetTargetPassBase::KernelSetTargetPassBase;

  void runOnOperation() override {
    llvm::Expected<qopt::cpu::TargetName> name =
        qopt::cpu::resolveTarget(triple, cpu, features);
    if (!name)
      return fail(name.takeError());
    llvm::Expected<qopt::cpu::TargetFacts> facts = qopt::cpu::getTargetFacts(
        name->triple, name->cpu, name->features);
    if (!facts)
      return fail(facts.takeError());
    getOperation()->setAttr(
        "kernel.target",
        qopt::kernel::TargetAttr::get(&getContext(), name->triple, name->cpu,
                                      name->features));
  }

  void fail(llvm::Error error) {
    getOperation().emitError() << llvm::toString(std::move(error));
    signalPassFailure();
  }
};
} // namespace
