// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Runs the phases in order and hands the result to the code generator.

#include "qopt/Pipelines/Compiler.h"
#include "qopt/Pipelines/TuneSchedules.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/Pass/PassManager.h"
#include "qopt/CodeGen/Manifest.h"
#include "qopt/Dialect/Kernel/IR/Kernel.h"

using namespace llvm;
using namespace qopt;

Expected<std::unique_ptr<Compiler>>
Compiler::create(mlir::ModuleOp module, const CompileOptions &options,
                 PhaseTimes &times) {
  std::unique_ptr<Compiler> compiler(new Compiler(module, options, times));
  auto machine = createTargetMachine(options.target);
  if (!machine)
    return machine.takeError();
  compiler->machine = std::move(*machine);
  if (options.startAfter == Phase::LLVM)
    return createStringError("a module in the LLVM dialect does not say how "
                             "large its arena is, start from an earlier phase");
  if (options.minArena && options.startAfter >= Phase::Buffers)
    return createStringError("--min-arena makes bands in phase 'buffers', "
                             "which the module has passed: start from an "
                             "earlier one");
  if (options.quantize && options.startAfter >= Phase::Quantized)
    return createStringError("--quantize has nothing to do after phase '" +
                             getName(options.startAfter) + "'");
  if (Error error = compiler->readInterface())
    return std::move(error);
  return std::move(compiler);
}

Error Compiler::readInterface() {
  auto described = describeModel(module);
  if (!described)
    return described.takeError();
  interface = std::move(*described);
  interface.name = options.name;
  interface.target = options.target;
  interface.variants = options.variants;
  return Error::success();
}

/// The pipeline that leads to a phase.
static void buildPhase(Phase phase, const CompileOptions &options,
                       mlir::PassManager &pm) {
  switch (phase) {
  case Phase::Import:
    return;
  case Phase::Float:
    return buildFloatPipeline(pm, FloatPipelineOptions());
  case Phase::Simulation:
    return buildSimulationPipeline(pm, *options.quantize);
  case Phase::Quantized: {
    QuantizedPipelineOptions quantized;
    quantized.floatInterface = options.quantize->floatInterface;
    return buildQuantizedPipeline(pm, quantized);
  }
  case Phase::Cleanup:
    return buildCleanupPipeline(pm, CleanupPipelineOptions());
  case Phase::Integer:
    return buildIntegerPipeline(pm, IntegerPipelineOptions());
  case Phase::Kernel: {
    KernelPipelineOptions kernel;
    kernel.triple = options.target.triple;
    kernel.cpu = options.target.cpu;
    kernel.features = options.target.features;
    kernel.tuneDatabase = options.tuneDatabase;
    kernel.shareWeights = options.shareWeights;
    return buildKernelPipeline(pm, kernel);
  }
  case Phase::Buffers: {
    BuffersPipelineOptions buffers;
    buffers.printMemory = options.printMemory;
    buffers.threads = options.threads;
    buffers.minArena = options.minArena;
    if (options.callCycles >= 0)
      buffers.callCycles = options.callCycles;
    if (options.rangeCycles >= 0)
      buffers.rangeCycles = options.rangeCycles;
    return buildBuffersPipeline(pm, buffers);
  }
  case Phase::Loops:
    return buildLoopsPipeline(pm, LoopsPipelineOptions());
  case Phase::LLVM: {
    LLVMPipelineOptions llvm;
    llvm.profile = options.profile;
    // AArch64's cycle counter belongs to the kernel; its timer does not.
    if (options.target.isAArch64())
      llvm.counter = "llvm.readsteadycounter";
    return buildLLVMPipeline(pm, llvm);
  }
  }
}

Error Compiler::runPhase(Phase phase) {
  auto record = [&](mlir::OwningOpRef<mlir::ModuleOp> QuantizationStages::*at) {
    if (stages && options.quantize)
      stages->*at = module.clone();
  };
  if (phase == Phase::Simulation && options.quantize) {
    PhaseTimes::Scope scope(times, "calibrate");
    record(&QuantizationStages::folded);
    if (Error error = prepareQuantization(module, *options.quantize))
      return error;
    record(&QuantizationStages::prepared);
  }
  if (phase == Phase::Kernel && options.tuneSeconds > 0) {
    PhaseTimes::Scope scope(times, "tune");
    if (Error error = checkHostCanRun(*machine))
      return joinErrors(
          createStringError("--tune measures on this machine, which is not "
                            "the target: give a --tune-database from one"),
          std::move(error));
    if (Error error = tuneSchedules(module, options))
      return error;
  }
  PhaseTimes::Scope scope(times, getName(phase));
  mlir::PassManager pm(module.getContext());
#ifdef NDEBUG
  // Loops are ours alone, and many ops: verifying them behind every pass takes
  // a tenth of the compile time. Translation verifies what becomes of them.
  if (phase >= Phase::Loops)
    pm.enableVerifier(false);
#endif
  buildPhase(phase, options, pm);
  if (mlir::failed(pm.run(module)))
    return createStringError("phase '" + getName(phase) + "' failed");
  if (phase == Phase::Loops)
    followSharedFunctions(module, layers);
  if (phase == Phase::Simulation && options.quantize &&
      options.quantize->getBiasCorrection() == BiasCorrection::Empirical) {
    PhaseTimes::Scope scope(times, "biases");
    if (Error error = correctBiasEmpirically(module, *options.quantize))
      return error;
  }
  if (phase == Phase::Simulation)
    record(&QuantizationStages::simulation);
  if (phase == Phase::Quantized)
    record(&QuantizationStages::quantized);
  // Quantization changes the types of arguments and results.
  if (phase == Phase::Quantized && options.quantize)
    return readInterface();
  return Error::success();
}

Error Compiler::runPhases(Phase last) {
  if (!options.variants.empty() &&
      std::max(last, options.startAfter) > Phase::Integer)
    return createStringError("phases after 'integer' differ from CPU to CPU: "
                             "give one --cpu instead of --cpus");
  for (Phase phase : getPhases()) {
    if (phase <= options.startAfter || phase > last)
      continue;
    if (!options.quantize &&
        (phase == Phase::Simulation || phase == Phase::Quantized))
      continue;
    if (Error error = runPhase(phase))
      return error;
    options.startAfter = phase;
  }
  return Error::success();
}

/// The argument of `main` with an attribute; null if there is none.
static mlir::Value findArgument(mlir::ModuleOp module, StringRef attribute) {
  auto main = module.lookupSymbol<mlir::func::FuncOp>("main");
  for (unsigned i = 0, e = main ? main.getNumArguments() : 0; i != e; ++i)
    if (main.getArgAttr(i, attribute))
      return main.getArgument(i);
  return {};
}

/// The arena is an argument of `main` behind the tensors, a buffer of bytes.
static Error readArena(mlir::ModuleOp module, ModelInterface &interface) {
  mlir::Value arena = findArgument(module, "kernel.arena");
  auto type =
      arena ? dyn_cast<mlir::MemRefType>(arena.getType()) : mlir::MemRefType();
  if (!type || type.getRank() != 1 || !type.hasStaticShape() ||
      !type.getElementType().isInteger(8))
    return createStringError("the arguments of 'main' must end with the arena, "
                             "a memref<Nxi8> {kernel.arena}, after phase "
                             "'buffers'");
  interface.arenaSize = type.getNumElements();
  return Error::success();
}

Error Compiler::planMemory() {
  if (!options.variants.empty())
    return planVariants();
  if (Error error = runPhases(Phase::Buffers))
    return error;
  kernels = describeKernels(module);
  if (options.explain) {
    layers = explainKernels(module);
    bands = {{"", explainBands(module)}};
  }
  // A module that starts after this phase has, or has not, been cut.
  if (findArgument(module, kernel::kThreadsAttrName))
    interface.threads = std::max(options.threads, 1u);
  else if (options.threads > 0)
    return createStringError("--threads cuts kernels in phase 'buffers', which "
                             "the module has passed without it");
  return readArena(module, interface);
}

Expected<std::unique_ptr<llvm::Module>>
Compiler::translate(LLVMContext &context) {
  if (Error error = runPhases(Phase::LLVM))
    return std::move(error);
  interface.layers = describeLayers(module, kernels);
  PhaseTimes::Scope scope(times, "translate");
  std::unique_ptr<llvm::Module> result =
      translateModule(module, context, *machine);
  if (!result)
    return createStringError("translation to LLVM IR failed");
  return std::move(result);
}

Error Compiler::generateCode() {
  if (Error error = planMemory())
    return error;
  if (!options.variants.empty()) {
    if (Error error = translateVariants())
      return error;
  } else {
    auto translated = translate(llvmContext);
    if (!translated)
      return translated.takeError();
    llvmModule = std::move(*translated);
    if (Error error = addEntryPoint(*llvmModule, interface))
      return error;
  }
  PhaseTimes::Scope scope(times, "O3");
  optimizeModule(*llvmModule, *machine);
  placeConstants(*llvmModule, interface);
  embedManifest(*llvmModule, interface);
  return Error::success();
}
