// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The facts of the target that is written on a module.

#ifndef QOPT_LIB_DIALECT_KERNEL_TRANSFORMS_MODULETARGET_H
#define QOPT_LIB_DIALECT_KERNEL_TRANSFORMS_MODULETARGET_H

#include "mlir/IR/BuiltinOps.h"
#include "qopt/Dialect/Kernel/IR/Kernel.h"
#include "qopt/Target/CPU/TargetFacts.h"

namespace qopt::kernel {

/// Facts of the module's `kernel.target`; generic ones if it has none. An
/// unknown target is reported.
inline mlir::FailureOr<cpu::TargetFacts>
getModuleTargetFacts(mlir::ModuleOp module) {
  auto target = module->getAttrOfType<TargetAttr>("kernel.target");
  if (!target)
    return cpu::TargetFacts();
  llvm::Expected<cpu::TargetFacts> facts = cpu::getTargetFacts(
      target.getTriple(), target.getCpu(), target.getFeatures());
  if (facts)
    return *facts;
  return module.emitError() << llvm::toString(facts.takeError());
}

} // namespace qopt::kernel

#endif // QOPT_LIB_DIALECT_KERNEL_TRANSFORMS_MODULETARGET_H
