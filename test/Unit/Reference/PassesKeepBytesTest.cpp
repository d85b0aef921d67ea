// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Every pass on nn and quant IR leaves what a model computes alone: recorded
// models are interpreted after each pass, and the bytes must not change (the
// floats of a float model neither: no pass here may reorder a sum).

#include "GoldenModels.h"
#include "RandomGraph.h"

#include "qopt/Conversion/NNToKernel/Passes.h"
#include "qopt/Dialect/Kernel/Transforms/Passes.h"
#include "qopt/Dialect/NN/Transforms/Passes.h"
#include "qopt/Dialect/Quant/Transforms/Passes.h"
#include "qopt/Reference/Interpreter.h"

#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Transforms/Passes.h"
#include "llvm/Support/FileSystem.h"

#include <cstdlib>

using namespace qopt;
using namespace qopt::test;

namespace {
class PassesKeepBytesOf : public testing::TestWithParam<Model> {};

struct NamedPass {
  const char *name;
  std::unique_ptr<mlir::Pass> (*build)();
  bool onModule = false;
};
} // namespace

static const NamedPass passes[] = {
    {"nn-fuse-activations", [] { return nn::createNNFuseActivationsPass(); }},
    {"nn-decompose-transpose-conv",
     [] { return nn::createNNDecomposeTransposeConvPass(); }},
    {"quant-canonicalize-requantize",
     [] { return quant::createQuantCanonicalizeRequantizePass(); }},
    {"canonicalize", [] { return mlir::createCanonicalizerPass(); }},
    {"cse", [] { return mlir::createCSEPass(); }},
    {"nn-expose-requantize", [] { return nn::createNNExposeRequantizePass(); }},
    {"quant-legalize-multipliers",
     [] { return quant::createQuantLegalizeMultipliersPass(); }},
    {"nn-fold-zero-points", [] { return nn::createNNFoldZeroPointsPass(); }},
    {"canonicalize again", [] { return mlir::createCanonicalizerPass(); }},
    {"convert-nn-to-kernel", [] { return createConvertNNToKernelPass(); },
     /*onModule=*/true},
    {"canonicalize kernels", [] { return mlir::createCanonicalizerPass(); }},
    {"kernel-fuse-epilogues",
     [] { return kernel::createKernelFuseEpiloguesPass(); }},
};

/// One of the large models is enough: nine interpretations each.
static std::vector<Model> quickModels() {
  std::vector<Model> models = requiredModels();
  llvm::erase_if(models, [](const Model &m) {
    llvm::StringRef path = m.path;
    return path.contains("_192_") || path.contains("v1_1.0_224") ||
           path.contains("tf2_mobilenet");
  });
  for (const Model &m : optionalModels())
    if (!llvm::StringRef(m.path).starts_with("models/"))
      models.push_back(m);
  return models;
}

/// Interprets with the inputs' bytes under the argument types of the moment:
/// the conversion to kernels makes unsigned tensors signless.
static llvm::Expected<std::vector<Tensor>>
interpretBytes(mlir::func::FuncOp function, std::vector<Tensor> inputs) {
  for (auto [input, type] : llvm::zip(inputs, function.getArgumentTypes())) {
    llvm::Expected<Tensor> expected = reference::makeTensor(type);
    if (!expected)
      return expected.takeError();
    if (getElementSize(input.kind) == getElementSize(expected->kind))
      input.kind = expected->kind;
  }
  return reference::interpret(function, inputs);
}

static bool equalBytes(const std::vector<Tensor> &a,
                       const std::vector<Tensor> &b) {
  return llvm::equal(a, b, [](const Tensor &x, const Tensor &y) {
    return x.shape == y.shape && x.bytes == y.bytes;
  });
}

/// Interprets, then again after each pass.
static void runPasses(mlir::ModuleOp module,
                      const std::vector<Tensor> &inputs) {
  auto function = module.lookupSymbol<mlir::func::FuncOp>("main");
  llvm::Expected<std::vector<Tensor>> before =
      reference::interpret(function, inputs);
  ASSERT_TRUE(bool(before)) << llvm::toString(before.takeError());
  for (const NamedPass &pass : passes) {
    mlir::PassManager manager(module.getContext());
    if (pass.onModule)
      manager.addPass(pass.build());
    else
      manager.addNestedPass<mlir::func::FuncOp>(pass.build());
    ASSERT_TRUE(mlir::succeeded(manager.run(module))) << pass.name;
    function = module.lookupSymbol<mlir::func::FuncOp>("main");
    llvm::Expected<std::vector<Tensor>> after =
        interpretBytes(function, inputs);
    ASSERT_TRUE(bool(after))
        << pass.name << ": " << llvm::toString(after.takeError());
    ASSERT_TRUE(equalBytes(*before, *after)) << "changed by " << pass.name;
  }
}

TEST_P(PassesKeepBytesOf, OneAfterAnother) {
  std::string root = sharedDirectory();
  if (!llvm::sys::fs::is_directory(root + "/tflite"))
    GTEST_SKIP() << "no shared data in " << root;
  std::string directory = root + "/tflite/" + GetParam().path;
  mlir::MLIRContext context(makeRegistry());
  std::string diagnostics;
  mlir::OwningOpRef<mlir::ModuleOp> module =
      importModel(context, directory, diagnostics);
  if (!module && !GetParam().required)
    GTEST_SKIP() << diagnostics;
  ASSERT_TRUE(module) << diagnostics;
  llvm::Expected<std::vector<Tensor>> inputs = readCase(directory, 0, "input");
  ASSERT_TRUE(bool(inputs)) << llvm::toString(inputs.takeError());
  runPasses(*module, *inputs);
}

TEST(PassesKeepBytes, OfRandomGraphs) {
  // QOPT_RANDOM_GRAPHS asks for more than the quick suite does.
  const char *wanted = std::getenv("QOPT_RANDOM_GRAPHS");
  unsigned count = wanted ? std::atoi(wanted) : 300;
  for (unsigned seed = 1; seed <= count && !HasFailure(); ++seed) {
    RandomGraph graph = makeRandomGraph(seed);
    SCOPED_TRACE("seed " + std::to_string(seed) + "\n" + graph.text);
    mlir::MLIRContext context(makeRegistry());
    auto module = mlir::parseSourceString<mlir::ModuleOp>(graph.text, &context);
    ASSERT_TRUE(module);
    runPasses(*module, {graph.input});
  }
}

INSTANTIATE_TEST_SUITE_P(Models, PassesKeepBytesOf,
                         testing::ValuesIn(quickModels()), testName);
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(PassesKeepBytesOf);
