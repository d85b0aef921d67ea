// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// LLVM's passes, and the placing of constants behind them.

#include "qopt/CodeGen/CodeGen.h"

#include "llvm/Analysis/TargetLibraryInfo.h"
#include "llvm/Passes/PassBuilder.h"

using namespace llvm;

/// What -O3 does to code that is vectorized already and whose functions are
/// called once a layer, without what it does for other code: inlining, repeated
/// simplification on the way up the call graph, vectorizing straight-line code.
/// The result runs as fast; mobilenet_v2 compiles in three quarters of the
/// time.
static constexpr StringLiteral pipeline =
    "ipsccp,globalopt,"
    "function(sroa,early-cse<memssa>,instcombine<no-verify-fixpoint>,"
    "simplifycfg,"
    "loop-mssa(loop-rotate,licm),"
    "loop(indvars,loop-deletion,loop-unroll-full),gvn,"
    "loop-vectorize,instcombine<no-verify-fixpoint>,simplifycfg,loop-unroll,"
    "loop-mssa(licm),early-cse<memssa>,dse,simplifycfg),"
    "globaldce,constmerge";

void qopt::optimizeModule(Module &module, TargetMachine &machine) {
  LoopAnalysisManager loops;
  FunctionAnalysisManager functions;
  CGSCCAnalysisManager components;
  ModuleAnalysisManager modules;

  // Freestanding: no call of a C library function may be invented, but for
  // the three that every C compiler may assume.
  TargetLibraryInfoImpl library(machine.getTargetTriple());
  library.disableAllFunctions();
  for (LibFunc function : {LibFunc_memcpy, LibFunc_memmove, LibFunc_memset})
    library.setAvailable(function);
  functions.registerPass([&] { return TargetLibraryAnalysis(library); });

  PassBuilder builder(&machine);
  builder.registerModuleAnalyses(modules);
  builder.registerCGSCCAnalyses(components);
  builder.registerFunctionAnalyses(functions);
  builder.registerLoopAnalyses(loops);
  builder.crossRegisterProxies(loops, functions, components, modules);
  ModulePassManager passes;
  // The text is a constant: it either always parses or never does.
  cantFail(builder.parsePassPipeline(passes, pipeline));
  passes.run(module, modules);
}

void qopt::allowMerging(Module &module) {
  for (GlobalVariable &global : module.globals())
    if (global.isConstant() && global.hasLocalLinkage())
      global.setUnnamedAddr(GlobalValue::UnnamedAddr::Global);
}

/// How far past its end a kernel may read a constant.
static constexpr uint64_t overRead = 64;

void qopt::placeConstants(Module &module, const ModelInterface &model) {
  std::string section = ".rodata." + model.name;
  const DataLayout &layout = module.getDataLayout();
  bool any = false;
  for (GlobalVariable &global : module.globals()) {
    if (!global.isConstant() || !global.hasInitializer() ||
        !global.hasLocalLinkage())
      continue;
    // Mergeable constants would be moved out of the section's order.
    global.setUnnamedAddr(GlobalValue::UnnamedAddr::None);
    global.setLinkage(GlobalValue::InternalLinkage);
    global.setSection(section);
    if (layout.getTypeAllocSize(global.getValueType()) >= 64)
      global.setAlignment(std::max(global.getAlign().valueOrOne(), Align(64)));
    any = true;
  }
  if (!any)
    return;
  auto *type = ArrayType::get(Type::getInt8Ty(module.getContext()), overRead);
  auto *pad = new GlobalVariable(
      module, type, /*isConstant=*/true, GlobalValue::InternalLinkage,
      ConstantAggregateZero::get(type), model.name + ".pad");
  pad->setSection(section);
  pad->setAlignment(Align(1));
}
