// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Random graphs are compiled for each level of this machine's instruction set,
// run, and compared byte for byte with the interpreter: the whole compiler
// against the one program that shares nothing with it.

#include "Reference/RandomGraph.h"

#include "qopt/CodeGen/OutputFile.h"
#include "qopt/InitAllDialects.h"
#include "qopt/Pipelines/Compiler.h"
#include "qopt/Reference/Interpreter.h"

#include "mlir/Parser/Parser.h"
#include "llvm/Support/TargetSelect.h"

#include "gtest/gtest.h"

#include <cstdlib>
#include <dlfcn.h>

using namespace qopt;
using namespace qopt::test;

/// Memory for one buffer: aligned, with a pattern behind it that must stay.
static std::vector<char> makeBuffer(size_t size) {
  return std::vector<char>(size + 128, 0x5a);
}

static char *alignedStart(std::vector<char> &buffer) {
  auto address = reinterpret_cast<uintptr_t>(buffer.data());
  return buffer.data() + ((64 - address % 64) % 64);
}

/// Compiles the module to a shared library, loads it, runs it once.
static llvm::Expected<std::vector<Tensor>>
compileAndRun(mlir::ModuleOp module, const Tensor &input,
              const TargetSpec &target) {
  CompileOptions options;
  options.name = "graph";
  options.target = target;
  PhaseTimes times;
  auto compiler = Compiler::create(module, options, times);
  if (!compiler)
    return compiler.takeError();
  if (llvm::Error error = (*compiler)->generateCode())
    return std::move(error);
  auto scratch = ScratchDirectory::create();
  if (!scratch)
    return scratch.takeError();
  std::string path = scratch->file("graph.so");
  if (llvm::Error error = (*compiler)->emitSharedLibrary(path))
    return std::move(error);

  void *library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!library)
    return llvm::createStringError(dlerror());
  auto *run = reinterpret_cast<int (*)(void *const *)>(
      dlsym(library, "graph_run_buffers"));
  const ModelInterface &interface = (*compiler)->getInterface();
  const TensorInterface &output = interface.outputs[0];
  std::vector<char> in = makeBuffer(input.bytes.size()),
                    out = makeBuffer(output.getByteSize()),
                    arena = makeBuffer(interface.arenaSize);
  void *pointers[] = {alignedStart(in), alignedStart(out), alignedStart(arena)};
  std::memcpy(pointers[0], input.bytes.data(), input.bytes.size());
  int code = run(pointers);
  dlclose(library);
  if (code != 0)
    return llvm::createStringError("graph_run returned " + llvm::Twine(code));
  std::vector<Tensor> results(1);
  results[0] = Tensor(output.kind, output.shape);
  std::memcpy(results[0].bytes.data(), pointers[1], results[0].bytes.size());
  for (size_t i = output.getByteSize(); i < size_t(output.getByteSize()) + 32;
       ++i)
    EXPECT_EQ(alignedStart(out)[i], 0x5a) << "written past the result";
  return results;
}

static std::string describe(const Tensor &found, const Tensor &expected) {
  if (found == expected)
    return "";
  if (found.kind != expected.kind || found.shape != expected.shape)
    return found.describeType() + ", expected " + expected.describeType();
  for (int64_t i = 0;; ++i)
    if (found.getInteger(i) != expected.getInteger(i))
      return "element " + std::to_string(i) + " is " +
             std::to_string(found.getInteger(i)) + ", expected " +
             std::to_string(expected.getInteger(i));
}

/// Levels of x86-64, those that this machine lacks left out.
static std::vector<TargetSpec> targets() {
  std::vector<TargetSpec> result = {resolveTarget("", "", "")};
  if (!result[0].isX86())
    return result;
  for (const char *cpu : {"x86-64-v2", "x86-64-v3"}) {
    TargetSpec spec = resolveTarget(result[0].triple, cpu, "");
    auto machine = createTargetMachine(spec);
    if (!machine) {
      llvm::consumeError(machine.takeError());
      continue;
    }
    if (llvm::Error error = checkHostCanRun(**machine))
      llvm::consumeError(std::move(error));
    else
      result.push_back(spec);
  }
  return result;
}

TEST(CompiledGraphs, EqualTheInterpreter) {
  // QOPT_RANDOM_GRAPHS asks for more than the quick suite does.
  const char *wanted = std::getenv("QOPT_RANDOM_GRAPHS");
  unsigned count = wanted ? std::atoi(wanted) : 12;
  const char *start = std::getenv("QOPT_FIRST_GRAPH");
  unsigned first = start ? std::atoi(start) : 1;
  llvm::InitializeNativeTarget();
  llvm::InitializeNativeTargetAsmPrinter();
  for (unsigned seed = first; seed < first + count; ++seed) {
    RandomGraph graph = makeRandomGraph(seed);
    for (const TargetSpec &target : targets()) {
      SCOPED_TRACE("seed " + std::to_string(seed) + ", " + target.cpu + " " +
                   target.features + "\n" + graph.text);
      mlir::DialectRegistry registry;
      registerAllDialects(registry);
      registerCodeGenTranslations(registry);
      mlir::MLIRContext context(registry);
      auto module =
          mlir::parseSourceString<mlir::ModuleOp>(graph.text, &context);
      ASSERT_TRUE(module);
      auto expected = reference::interpret(
          module->lookupSymbol<mlir::func::FuncOp>("main"), {graph.input});
      ASSERT_TRUE(bool(expected)) << llvm::toString(expected.takeError());
      auto found = compileAndRun(*module, graph.input, target);
      ASSERT_TRUE(bool(found)) << llvm::toString(found.takeError());
      EXPECT_EQ(describe((*found)[0], (*expected)[0]), "");
      if (HasFailure())
        return;
    }
  }
}
