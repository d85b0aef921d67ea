// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The lowering pipeline and LLVM's just-in-time compiler behind JitHelper.h.

#include "JitHelper.h"

#include "GuestJit.h"
#include "tiles.h"

#include "qopt/Conversion/KernelToVector/Passes.h"
#include "qopt/Conversion/ToLLVM/Passes.h"
#include "qopt/Dialect/Kernel/IR/Kernel.h"

#include "mlir/Conversion/SCFToControlFlow/SCFToControlFlow.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlow.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/MemRef/Transforms/Passes.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/UB/IR/UBOps.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/ExecutionEngine/ExecutionEngine.h"
#include "mlir/ExecutionEngine/OptUtils.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"
#include "mlir/Transforms/Passes.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/Program.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/TargetParser/Host.h"

#include <sys/mman.h>
#include <unistd.h>

using namespace mlir;
using namespace qopt::test;

MLIRContext &qopt::test::jitContext() {
  static MLIRContext *context = [] {
    llvm::InitializeNativeTarget();
    llvm::InitializeNativeTargetAsmPrinter();
    DialectRegistry registry;
    registry.insert<arith::ArithDialect, cf::ControlFlowDialect,
                    func::FuncDialect, LLVM::LLVMDialect, math::MathDialect,
                    memref::MemRefDialect, scf::SCFDialect, ub::UBDialect,
                    vector::VectorDialect, qopt::kernel::KernelDialect>();
    registerBuiltinDialectTranslation(registry);
    registerLLVMDialectTranslation(registry);
    auto *context = new MLIRContext(registry, MLIRContext::Threading::DISABLED);
    context->loadAllAvailableDialects();
    return context;
  }();
  return *context;
}

const std::vector<JitLevel> &qopt::test::hostLevels() {
  static const std::vector<JitLevel> levels = [] {
    std::vector<JitLevel> result;
    auto host = llvm::sys::getHostCPUFeatures();
#if defined(__x86_64__)
    result.push_back({"baseline", ""});
    if (host.lookup("sse4.1"))
      result.push_back({"sse4.1", "+sse4.1,+ssse3"});
    if (host.lookup("avx2"))
      result.push_back({"avx2", "+avx2,+fma,+sse4.1"});
    if (host.lookup("avx512bw") && host.lookup("avx512vl") &&
        host.lookup("avx512dq"))
      result.push_back({"avx512", "+avx512f,+avx512bw,+avx512dq,+avx512vl,"
                                  "+avx2,+fma,+sse4.1"});
    if (host.lookup("avx512bw") && host.lookup("avx512vnni"))
      result.push_back({"avx512vnni",
                        "+avx512f,+avx512bw,+avx512dq,+avx512vl,+avx512vnni,"
                        "+avx2,+fma,+sse4.1"});
    if (host.lookup("avx512vbmi") && host.lookup("avx512vnni"))
      result.push_back({"avx512vbmi",
                        "+avx512f,+avx512bw,+avx512dq,+avx512vl,+avx512vnni,"
                        "+avx512vbmi,+avx2,+fma,+sse4.1"});
#else
    result.push_back({"baseline", ""});
#endif
    return result;
  }();
  return levels;
}

const std::vector<JitLevel> &qopt::test::guestLevels() {
  static const std::vector<JitLevel> levels = []() -> std::vector<JitLevel> {
    if (!llvm::sys::findProgramByName("qemu-aarch64")) {
      llvm::errs() << "no qemu-aarch64: AArch64 runs are skipped\n";
      return {};
    }
    return {{"neon", "", "aarch64-unknown-linux-gnu"},
            {"dotprod", "+dotprod", "aarch64-unknown-linux-gnu"},
            {"i8mm", "+dotprod,+i8mm", "aarch64-unknown-linux-gnu"}};
  }();
  return levels;
}

const std::vector<JitLevel> &qopt::test::tileLevels() {
  static const std::vector<JitLevel> levels = []() -> std::vector<JitLevel> {
    if (!factsOf(hostLevels().back()).avx512VNNI) {
      llvm::errs() << "no AVX-512 VNNI: emulated tiles are skipped\n";
      return {};
    }
    emulated_arch_prctl(158, 0x1023, 18);
    return {{"amx",
             "+avx512f,+avx512bw,+avx512dq,+avx512vl,+avx512vnni,+avx2,+fma,"
             "+sse4.1,+amx-tile,+amx-int8",
             "", /*emulatesTiles=*/true}};
  }();
  return levels;
}

static std::string tripleOf(const JitLevel &level) {
  return *level.triple ? level.triple : llvm::sys::getDefaultTargetTriple();
}

qopt::cpu::TargetFacts qopt::test::factsOf(const JitLevel &level) {
  llvm::Expected<cpu::TargetFacts> facts =
      cpu::getTargetFacts(tripleOf(level), "", level.features);
  if (facts)
    return *facts;
  llvm::errs() << llvm::toString(facts.takeError()) << "\n";
  abort();
}

static void buildPipeline(PassManager &manager) {
  manager.addPass(qopt::createConvertKernelToVectorPass());
  manager.addPass(createCanonicalizerPass());
  manager.addPass(qopt::createVectorExpandShapesPass());
  manager.addPass(createSCFToControlFlowPass());
  manager.addPass(memref::createExpandStridedMetadataPass());
  manager.addPass(qopt::createConvertLoopsToLLVMPass());
  manager.addPass(createCanonicalizerPass());
  manager.addPass(createCSEPass());
}

namespace {
class HostJit : public Jit {
public:
  explicit HostJit(std::unique_ptr<ExecutionEngine> engine)
      : engine(std::move(engine)) {}

  bool call(StringRef function, ArrayRef<void *> arguments) override {
    SmallVector<void *> values(arguments);
    SmallVector<void *> addresses;
    for (void *&value : values)
      addresses.push_back(&value);
    if (llvm::Error error = engine->invokePacked(function, addresses)) {
      llvm::errs() << llvm::toString(std::move(error)) << "\n";
      return false;
    }
    return true;
  }

private:
  std::unique_ptr<ExecutionEngine> engine;
};
} // namespace

/// Calls functions of tiles.h instead of intrinsics.
static void callTileEmulator(llvm::Module &module) {
  for (llvm::Function &function : llvm::make_early_inc_range(module)) {
    StringRef name = function.getName();
    if (!name.consume_front("llvm.x86.") ||
        !(name.starts_with("tile") || name.starts_with("tdp") ||
          name == "ldtilecfg"))
      continue;
    function.replaceAllUsesWith(
        module
            .getOrInsertFunction(("emulated_" + name).str(),
                                 function.getFunctionType())
            .getCallee());
  }
}

static llvm::orc::SymbolMap
getTileEmulator(llvm::orc::MangleAndInterner mangle) {
  llvm::orc::SymbolMap symbols;
  auto add = [&](StringRef name, auto *function) {
    symbols[mangle(name)] = {llvm::orc::ExecutorAddr::fromPtr(function),
                             llvm::JITSymbolFlags::Exported};
  };
  add("emulated_ldtilecfg", emulated_ldtilecfg);
  add("emulated_tilerelease", emulated_tilerelease);
  add("emulated_tilezero", emulated_tilezero);
  add("emulated_tileloadd64", emulated_tileloadd64);
  add("emulated_tilestored64", emulated_tilestored64);
  add("emulated_tdpbssd", emulated_tdpbssd);
  add("emulated_tdpbusd", emulated_tdpbusd);
  return symbols;
}

static std::unique_ptr<Jit> compileForHost(ModuleOp module,
                                           const JitLevel &level) {
  ExecutionEngineOptions options;
  // What only tiles need is not the host's.
  bool emulatesTiles = level.emulatesTiles;
  std::string features =
      emulatesTiles ? hostLevels().back().features : level.features;
  auto optimize = makeOptimizingTransformer(/*optLevel=*/2, /*sizeLevel=*/0,
                                            /*targetMachine=*/nullptr);
  std::function<llvm::Error(llvm::Module *)> transformer =
      [=](llvm::Module *module) {
        for (llvm::Function &function : *module) {
          if (function.isDeclaration())
            continue;
#if defined(__x86_64__)
          function.addFnAttr("target-cpu", "x86-64");
#endif
          function.addFnAttr("target-features", features);
          function.addFnAttr("prefer-vector-width", "512");
        }
        if (emulatesTiles)
          callTileEmulator(*module);
        return optimize(module);
      };
  options.transformer = transformer;
  llvm::Expected<std::unique_ptr<ExecutionEngine>> engine =
      ExecutionEngine::create(module, options);
  if (!engine) {
    llvm::errs() << llvm::toString(engine.takeError()) << "\n";
    return nullptr;
  }
  if (emulatesTiles)
    (*engine)->registerSymbols(getTileEmulator);
  return std::make_unique<HostJit>(std::move(*engine));
}

std::unique_ptr<Jit> Jit::compile(StringRef text, const JitLevel &level) {
  auto module = parseSourceString<ModuleOp>(text, &jitContext());
  if (!module)
    return nullptr;
  return compile(std::move(module), level);
}

std::unique_ptr<Jit> Jit::compile(OwningOpRef<ModuleOp> module,
                                  const JitLevel &level) {
  (*module)->setAttr("kernel.target",
                     qopt::kernel::TargetAttr::get(
                         &jitContext(), tripleOf(level), "", level.features));
  SmallVector<int64_t> sizes;
  bool isGuest = *level.triple;
  if (isGuest)
    sizes = wrapForGuest(*module);
  PassManager manager(&jitContext());
  buildPipeline(manager);
  if (failed(manager.run(*module)))
    return nullptr;
  return isGuest ? compileForGuest(*module, level, sizes)
                 : compileForHost(*module, level);
}

GuardedBytes::GuardedBytes(size_t size, size_t slack) {
  size_t page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
  size_t used = size + slack;
  mapped = (used + page - 1) / page * page + page;
  base = static_cast<char *>(mmap(nullptr, mapped, PROT_READ | PROT_WRITE,
                                  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
  if (base == MAP_FAILED || mprotect(base + mapped - page, page, PROT_NONE))
    abort();
  begin = base + mapped - page - used;
  // Nothing may rely on fresh memory being zero.
  std::memset(base, 0xA5, mapped - page);
}

GuardedBytes::~GuardedBytes() { munmap(base, mapped); }
