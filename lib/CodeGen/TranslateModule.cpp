// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Translates the LLVM dialect and dresses every function for the target.

#include "qopt/CodeGen/CodeGen.h"

#include "mlir/Interfaces/FunctionInterfaces.h"
#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Export.h"
#include "llvm/Linker/Linker.h"
#include "llvm/MC/MCSubtargetInfo.h"

using namespace llvm;

void qopt::registerCodeGenTranslations(mlir::DialectRegistry &registry) {
  mlir::registerBuiltinDialectTranslation(registry);
  mlir::registerLLVMDialectTranslation(registry);
}

/// LLVM's own vectorizer and its type legalizer stay at 256 bits on most CPUs
/// unless told otherwise; kernels choose their width themselves.
static StringRef getPreferredWidth(const TargetMachine &machine) {
  if (machine.getTargetTriple().getArch() != Triple::x86_64)
    return "";
  if (machine.getMCSubtargetInfo()->checkFeatures("+avx512f"))
    return "512";
  return "256";
}

/// The features, and for a known core of AArch64 how to load: a pair of 16
/// bytes is more operations than two loads in LLVM's models of Cortex-A55, A76,
/// X2 and Neoverse N2, and as many elsewhere.
static std::string getFeatures(const TargetMachine &machine) {
  std::string features = machine.getTargetFeatureString().str();
  StringRef cpu = machine.getTargetCPU();
  if (machine.getTargetTriple().getArch() != Triple::aarch64 || cpu.empty() ||
      cpu == "generic")
    return features;
  return (features.empty() ? "" : features + ",") + "+slow-paired-128";
}

static void dressFunction(Function &function, const TargetMachine &machine,
                          StringRef width) {
  function.addFnAttr("target-cpu", machine.getTargetCPU());
  function.addFnAttr("target-features", getFeatures(machine));
  if (!width.empty())
    function.addFnAttr("prefer-vector-width", width);
  function.setDoesNotThrow();
  function.setLinkage(GlobalValue::InternalLinkage);
  function.setDSOLocal(true);
  // Kernels are called once a layer: inlining them only makes the compile time
  // of a long chain grow faster than its length.
  if (function.getName() != "main")
    function.addFnAttr(Attribute::NoInline);
}

/// Drops the names and types of tensors from the arguments: what LLVM does not
/// know costs a warning each, and to word it the whole function is printed.
static void dropTensorAttributes(mlir::ModuleOp module) {
  for (auto function : module.getOps<mlir::FunctionOpInterface>())
    for (unsigned i = 0, e = function.getNumArguments(); i != e; ++i) {
      SmallVector<mlir::NamedAttribute> kept;
      for (mlir::NamedAttribute attribute : function.getArgAttrs(i))
        if (attribute.getName().getValue().starts_with("llvm."))
          kept.push_back(attribute);
      function.setArgAttrs(i, kept);
    }
}

Error qopt::linkModule(Module &into, std::unique_ptr<Module> module) {
  if (Linker::linkModules(into, std::move(module)))
    return createStringError("cannot link the code of variants");
  return Error::success();
}

std::unique_ptr<Module> qopt::translateModule(mlir::ModuleOp module,
                                              LLVMContext &context,
                                              const TargetMachine &machine) {
  dropTensorAttributes(module);
  auto result = mlir::translateModuleToLLVMIR(module, context, "qopt");
  if (!result)
    return nullptr;
  result->setTargetTriple(machine.getTargetTriple());
  result->setDataLayout(machine.createDataLayout());
  StringRef width = getPreferredWidth(machine);
  for (Function &function : *result)
    if (!function.isDeclaration())
      dressFunction(function, machine, width);
  for (GlobalVariable &global : result->globals())
    if (global.hasInitializer() && global.isConstant())
      global.setLinkage(GlobalValue::InternalLinkage);
  return result;
}
