// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Through a shared library, as a user's program would run the graph.

#include "CompiledGraph.h"

#include "qopt/CodeGen/OutputFile.h"
#include "qopt/InitAllDialects.h"
#include "qopt/Pipelines/Compiler.h"

#include "mlir/Parser/Parser.h"
#include "llvm/Support/TargetSelect.h"

#include <dlfcn.h>

using namespace qopt;
using namespace qopt::bench;

/// Buffers start at a cache line.
static constexpr size_t alignment = 64;

struct CompiledGraph::Implementation {
  ModelInterface interface;
  void *library = nullptr;
  int (*entry)(void *const *) = nullptr;
  std::vector<std::vector<char>> storage;
  std::vector<void *> pointers;

  void addBuffer(size_t size) {
    std::vector<char> &bytes = storage.emplace_back(size + 2 * alignment);
    auto address = reinterpret_cast<uintptr_t>(bytes.data());
    pointers.push_back(bytes.data() +
                       (alignment - address % alignment) % alignment);
  }
};

[[noreturn]] static void fail(const std::string &text, llvm::Error error) {
  llvm::errs() << "error: " << llvm::toString(std::move(error)) << " in\n"
               << llvm::StringRef(text).take_front(2000) << "\n";
  std::exit(1);
}

/// The level; this machine's, until another is set.
static std::string levelCPU, levelFeatures;

void CompiledGraph::setLevel(const std::string &cpu,
                             const std::string &features) {
  levelCPU = cpu;
  levelFeatures = features;
}

cpu::TargetFacts CompiledGraph::getFacts() {
  const std::string about = "the level " + levelCPU + " " + levelFeatures;
  auto name = cpu::resolveTarget("", levelCPU, levelFeatures);
  if (!name)
    fail(about, name.takeError());
  auto facts = cpu::getTargetFacts(name->triple, name->cpu, name->features);
  if (!facts)
    fail(about, facts.takeError());
  return *facts;
}

CompiledGraph::CompiledGraph(const std::string &text)
    : implementation(std::make_unique<Implementation>()) {
  static const bool ready = [] {
    llvm::InitializeNativeTarget();
    llvm::InitializeNativeTargetAsmPrinter();
    llvm::InitializeNativeTargetAsmParser();
    return true;
  }();
  (void)ready;
  mlir::DialectRegistry registry;
  registerAllDialects(registry);
  registerCodeGenTranslations(registry);
  mlir::MLIRContext context(registry);
  auto module = mlir::parseSourceString<mlir::ModuleOp>(text, &context);
  if (!module)
    fail(text, llvm::createStringError("the text does not parse"));
  CompileOptions options;
  options.name = "graph";
  options.target = resolveTarget("", levelCPU, levelFeatures);
  PhaseTimes times;
  auto compiler = Compiler::create(*module, options, times);
  if (!compiler)
    fail(text, compiler.takeError());
  if (llvm::Error error = (*compiler)->generateCode())
    fail(text, std::move(error));
  auto scratch = ScratchDirectory::create();
  if (!scratch)
    fail(text, scratch.takeError());
  std::string path = scratch->file("graph.so");
  if (llvm::Error error = (*compiler)->emitSharedLibrary(path))
    fail(text, std::move(error));

  Implementation &impl = *implementation;
  impl.interface = (*compiler)->getInterface();
  impl.library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!impl.library)
    fail(text, llvm::createStringError(dlerror()));
  impl.entry = reinterpret_cast<int (*)(void *const *)>(
      dlsym(impl.library, "graph_run_buffers"));
  for (const TensorInterface &tensor : impl.interface.inputs)
    impl.addBuffer(tensor.getByteSize());
  for (const TensorInterface &tensor : impl.interface.outputs)
    impl.addBuffer(tensor.getByteSize());
  impl.addBuffer(impl.interface.arenaSize);
}

CompiledGraph::~CompiledGraph() { dlclose(implementation->library); }

char *CompiledGraph::getBuffer(unsigned index) {
  return static_cast<char *>(implementation->pointers[index]);
}

size_t CompiledGraph::getSize(unsigned index) const {
  const ModelInterface &interface = implementation->interface;
  size_t inputs = interface.inputs.size();
  return (index < inputs ? interface.inputs[index]
                         : interface.outputs[index - inputs])
      .getByteSize();
}

void CompiledGraph::run() {
  implementation->entry(implementation->pointers.data());
}
