// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The simulation and the integer graph that is made of it: with scales that are
// powers of two every float operation of the simulation is exact as long as
// sums stay below 2^24, so that both must agree in every stored value. With
// other scales the simulation's rounding errors show where a value is next to a
// tie.

#include "RandomFloatGraph.h"

#include "qopt/Dialect/NN/IR/NN.h"
#include "qopt/Dialect/NN/Transforms/CastParameters.h"
#include "qopt/Dialect/NN/Transforms/Passes.h"
#include "qopt/Reference/Interpreter.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Transforms/Passes.h"
#include "llvm/Support/FileSystem.h"

#include "gtest/gtest.h"

#include <cmath>
#include <cstdlib>
#include <random>

using namespace mlir;
using namespace qopt;
using namespace qopt::test;

namespace {

/// Symmetric 8-bit integers with scales that are powers of two; sums are
/// rounded once, ties to even.
constexpr llvm::StringLiteral exactProfile = R"(
name: exact
weights:
  - { bits: 8, narrow: true, scales: power-of-two, granularity: [ per-channel ] }
activations:
  - { bits: 8, symmetric: true, scales: power-of-two, rounding: float }
)";

class Simulation : public testing::Test {
protected:
  void SetUp() override {
    DialectRegistry registry;
    registry.insert<func::FuncDialect, nn::NNDialect, quant::QuantDialect>();
    context.appendDialectRegistry(registry);
    context.loadAllAvailableDialects();
    int file;
    ASSERT_FALSE(
        llvm::sys::fs::createTemporaryFile("exact", "yaml", file, path));
    llvm::raw_fd_ostream(file, /*shouldClose=*/true) << exactProfile;
  }
  void TearDown() override { llvm::sys::fs::remove(path); }

  void run(ModuleOp module,
           std::initializer_list<std::unique_ptr<Pass> *> list) {
    PassManager pm(&context);
    for (std::unique_ptr<Pass> *pass : list)
      pm.addPass(std::move(*pass));
    ASSERT_TRUE(succeeded(pm.run(module)));
  }

  std::vector<Tensor> makeInput(func::FuncOp main) {
    auto input = reference::makeTensor(main.getArgumentTypes()[0]);
    for (float &x : input->get<float>())
      x = std::uniform_real_distribution<float>(-2, 2)(random);
    return {*input};
  }

  /// Ranges as they occur on the input.
  void attachRanges(func::FuncOp main, const std::vector<Tensor> &input) {
    auto getRange = [&](const Tensor &tensor) {
      llvm::ArrayRef<float> values = tensor.get<float>();
      auto [low, high] = std::minmax_element(values.begin(), values.end());
      return quant::RangeAttr::get(&context, *low, *high);
    };
    main.setArgAttr(0, "quant.range", getRange(input[0]));
    auto outputs = reference::interpret(
        main, input, [&](Operation *op, llvm::ArrayRef<Tensor> results) {
          if (op->getNumOperands() && results[0].kind == ElementKind::Float32)
            op->setAttr("quant.range", getRange(results[0]));
        });
    ASSERT_TRUE(static_cast<bool>(outputs));
  }

  MLIRContext context{MLIRContext::Threading::DISABLED};
  llvm::SmallString<128> path;
  std::mt19937 random{4711};
};

} // namespace

static void expectEqual(const Tensor &simulated, const Tensor &integers,
                        const std::string &text) {
  llvm::ArrayRef<float> a = simulated.get<float>();
  llvm::ArrayRef<float> b = integers.get<float>();
  ASSERT_EQ(a.size(), b.size());
  for (size_t i = 0; i < a.size(); ++i)
    ASSERT_EQ(a[i], b[i]) << "element " << i << "\n" << text;
}

TEST_F(Simulation, EqualsIntegersWhereFloatsAreExact) {
  const char *wanted = std::getenv("QOPT_RANDOM_GRAPHS");
  unsigned count = wanted ? std::atoi(wanted) : 150, numCompared = 0;
  for (unsigned seed = 1; seed <= count && !HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::string text = makeRandomFloatGraph(seed);
    // Averages of stored integers are rounded away from stored zero, not from
    // real zero.
    if (text.find("average_pool") != std::string::npos ||
        text.find("nn.mean") != std::string::npos)
      continue;
    auto module = parseSourceString<ModuleOp>(text, &context);
    ASSERT_TRUE(module);
    auto fold = nn::createNNFoldBatchNormPass();
    auto fuse = nn::createNNFuseActivationsPass();
    run(*module, {&fold, &fuse});
    // A product of stored integers that is a tie goes up, not to even.
    if (module->walk([](nn::MulOp) { return WalkResult::interrupt(); })
            .wasInterrupted())
      continue;
    auto main = module->lookupSymbol<func::FuncOp>("main");
    std::vector<Tensor> input = makeInput(main);
    attachRanges(main, input);
    nn::NNInsertFakeQuantizePassOptions options;
    options.profile = path.str().str();
    auto insert = nn::createNNInsertFakeQuantizePass(options);
    run(*module, {&insert});
    auto simulated = reference::interpret(main, input);
    ASSERT_TRUE(static_cast<bool>(simulated));

    nn::NNConvertFakeQuantizedPassOptions keepFloat;
    keepFloat.io = nn::QuantizedInterface::Float;
    auto convert = nn::createNNConvertFakeQuantizedPass(keepFloat);
    run(*module, {&convert});
    auto integers = reference::interpret(main, input);
    ASSERT_TRUE(static_cast<bool>(integers))
        << llvm::toString(integers.takeError());
    bool isQuantized = false;
    module->walk([&](LinearOpInterface op) {
      isQuantized |=
          nn::getQuantizedElementType(op->getResult(0).getType()) != nullptr;
    });
    if (!isQuantized)
      continue;
    ++numCompared;
    expectEqual((*simulated)[0], (*integers)[0], text);
  }
  EXPECT_GT(numCompared, count / 10) << "hardly any graph was compared";
}

// The exact form of a simulation (nn-sum-in-floats) has the integer graph's
// sums and roundings: whatever the scales, the profile and the bits, no stored
// value may differ, and most linear ops must have become float ones.
TEST_F(Simulation, EqualsIntegersInItsExactForm) {
  const char *wanted = std::getenv("QOPT_RANDOM_GRAPHS");
  unsigned count = wanted ? std::atoi(wanted) : 120;
  unsigned numCompared = 0, numFloat = 0, numInteger = 0;
  const char *profiles[] = {"qopt", "tflite", "onnxruntime", "tensorrt"};
  const char *schemes[] = {"int8", "int16x8", "int4w8a"};
  for (unsigned seed = 1; seed <= count && !HasFailure(); ++seed) {
    nn::NNInsertFakeQuantizePassOptions options;
    options.profile = profiles[seed % 4];
    options.scheme = seed % 4 == 3 ? "int8" : schemes[seed % 3];
    options.granularity = seed % 8 < 4 ? "per-channel" : "per-tensor";
    SCOPED_TRACE("seed " + std::to_string(seed) + ", " + options.profile +
                 ", " + options.scheme + ", " + options.granularity);
    std::string text = makeRandomFloatGraph(seed);
    auto module = parseSourceString<ModuleOp>(text, &context);
    ASSERT_TRUE(module);
    auto fold = nn::createNNFoldBatchNormPass();
    auto fuse = nn::createNNFuseActivationsPass();
    run(*module, {&fold, &fuse});
    auto main = module->lookupSymbol<func::FuncOp>("main");
    std::vector<Tensor> input = makeInput(main);
    attachRanges(main, input);
    auto insert = nn::createNNInsertFakeQuantizePass(options);
    nn::NNConvertFakeQuantizedPassOptions keepFloat;
    keepFloat.io = nn::QuantizedInterface::Float;
    auto convert = nn::createNNConvertFakeQuantizedPass(keepFloat);
    run(*module, {&insert, &convert});
    auto integers = reference::interpret(main, input);
    // A sum that all but cancels may need a larger multiplier than `wide` has.
    if (!integers) {
      std::string error = llvm::toString(integers.takeError());
      ASSERT_NE(error.find("exceeds 2^7"), std::string::npos) << error;
      continue;
    }

    auto expose = nn::createNNExposeRequantizePass();
    auto sum = nn::createNNSumInFloatsPass();
    run(*module, {&expose, &sum});
    ASSERT_TRUE(succeeded(verify(*module)));
    module->walk([&](LinearOpInterface op) {
      Type element = getElementTypeOrSelf(op->getResult(0).getType());
      ++(element.isF32() ? numFloat : numInteger);
    });
    auto simulated = reference::interpret(main, input);
    ASSERT_TRUE(static_cast<bool>(simulated))
        << llvm::toString(simulated.takeError());
    ++numCompared;
    expectEqual((*simulated)[0], (*integers)[0], text);
  }
  EXPECT_GT(numCompared, count * 9 / 10);
  EXPECT_GT(numFloat, numInteger);
}

// With its parameters as inputs a simulation computes the same, for ranges that
// it was not made for as well. Ties go to even here and away from zero there,
// and 1 / S is rounded: values next to a tie may be a step off.
TEST_F(Simulation, TakesParametersAsInputs) {
  unsigned numCompared = 0;
  for (unsigned seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    auto module =
        parseSourceString<ModuleOp>(makeRandomFloatGraph(seed), &context);
    ASSERT_TRUE(module);
    auto main = module->lookupSymbol<func::FuncOp>("main");
    std::vector<Tensor> input = makeInput(main);
    attachRanges(main, input);
    OwningOpRef<ModuleOp> exposed(module->clone());
    auto otherMain = exposed->lookupSymbol<func::FuncOp>("main");
    auto range = main.getArgAttrOfType<quant::RangeAttr>(0, "quant.range");
    otherMain.setArgAttr(
        0, "quant.range",
        quant::RangeAttr::get(&context, 3 * range.getMin(), range.getMax()));

    nn::NNInsertFakeQuantizePassOptions options;
    options.profile = "tflite";
    auto insert = nn::createNNInsertFakeQuantizePass(options);
    run(*module, {&insert});
    insert = nn::createNNInsertFakeQuantizePass(options);
    run(*exposed, {&insert});
    SmallVector<nn::CastParameters> parameters =
        nn::collectCastParameters(main);
    ASSERT_EQ(parameters.size(), nn::collectCastParameters(otherMain).size());
    nn::exposeCastParameters(otherMain);
    ASSERT_TRUE(succeeded(verify(*exposed)));
    ASSERT_TRUE(nn::collectCastParameters(otherMain).empty());

    auto simulated = reference::interpret(main, input);
    ASSERT_TRUE(static_cast<bool>(simulated));
    for (float value : nn::makeCastInputs(parameters)) {
      input.emplace_back(ElementKind::Float32, 1);
      input.back().get<float>()[0] = value;
    }
    auto computed = reference::interpret(otherMain, input);
    ASSERT_TRUE(static_cast<bool>(computed))
        << llvm::toString(computed.takeError());
    llvm::ArrayRef<float> a = (*simulated)[0].get<float>();
    llvm::ArrayRef<float> b = (*computed)[0].get<float>();
    size_t numEqual = 0;
    for (size_t i = 0; i < a.size(); ++i)
      numEqual += std::abs(a[i] - b[i]) <= 1e-5f * std::abs(a[i]);
    EXPECT_GE(numEqual * 10, a.size() * 9);
    ++numCompared;
  }
  EXPECT_EQ(numCompared, 20u);
}
