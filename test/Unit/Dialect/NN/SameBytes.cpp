// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// See SameBytes.h.

#include "SameBytes.h"

#include "qopt/Dialect/NN/IR/NN.h"
#include "qopt/Dialect/NN/Transforms/Passes.h"
#include "qopt/Dialect/Quant/Transforms/Passes.h"
#include "qopt/Reference/Interpreter.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Transforms/Passes.h"

#include "gtest/gtest.h"

#include <random>

using namespace mlir;
using namespace qopt;

static void registerPassesOnce() {
  static bool registered = [] {
    nn::registerNNPasses();
    quant::registerQuantPasses();
    registerTransformsPasses();
    return true;
  }();
  (void)registered;
}

/// Round 0 is all minimum, round 1 all maximum, the others mix both with
/// random values.
static void fill(Tensor &tensor, quant::QuantizedType type, int round,
                 std::mt19937 &random) {
  if (!type) {
    for (float &x : tensor.get<float>())
      x = std::uniform_real_distribution<float>(-8, 8)(random);
    return;
  }
  int64_t min = type.getStorageTypeMin(), max = type.getStorageTypeMax();
  std::uniform_int_distribution<int64_t> any(min, max);
  size_t size = getElementSize(tensor.kind);
  for (int64_t i = 0, e = tensor.getNumElements(); i != e; ++i) {
    int64_t choice = round < 2 ? round : random() % 8;
    int64_t value = choice == 0 ? min : choice == 1 ? max : any(random);
    std::memcpy(tensor.bytes.data() + i * size, &value, size);
  }
}

using Results = std::vector<std::vector<Tensor>>;

static Results interpretAll(func::FuncOp function) {
  std::mt19937 random(4711);
  Results results;
  for (int round = 0; round < 6; ++round) {
    std::vector<Tensor> inputs;
    for (Type type : function.getArgumentTypes()) {
      llvm::Expected<Tensor> input = reference::makeTensor(type);
      if (!input) {
        ADD_FAILURE() << llvm::toString(input.takeError());
        return {};
      }
      fill(*input, nn::getQuantizedElementType(type), round, random);
      inputs.push_back(std::move(*input));
    }
    llvm::Expected<std::vector<Tensor>> outputs =
        reference::interpret(function, inputs);
    if (!outputs) {
      ADD_FAILURE() << llvm::toString(outputs.takeError());
      return {};
    }
    results.push_back(std::move(*outputs));
  }
  return results;
}

static std::string print(ModuleOp module) {
  std::string text;
  llvm::raw_string_ostream(text) << module;
  return text;
}

/// Runs the pipeline between two interpretations. True if it changed the text.
static bool runBetween(llvm::StringRef text, llvm::StringRef pipeline,
                       llvm::function_ref<void(const Tensor &, const Tensor &,
                                               const std::string &)>
                           compare,
                       std::string *printed = nullptr) {
  registerPassesOnce();
  DialectRegistry registry;
  registry.insert<func::FuncDialect, nn::NNDialect, quant::QuantDialect>();
  MLIRContext context(registry, MLIRContext::Threading::DISABLED);
  std::string diagnostics;
  ScopedDiagnosticHandler handler(&context, [&](Diagnostic &diagnostic) {
    diagnostics += diagnostic.str() + "\n";
  });
  OwningOpRef<ModuleOp> module = parseSourceString<ModuleOp>(text, &context);
  if (!module) {
    ADD_FAILURE() << diagnostics << text.str();
    return false;
  }
  auto function = module->lookupSymbol<func::FuncOp>("main");
  Results before = interpretAll(function);
  std::string textBefore = print(*module);
  PassManager manager(&context);
  if (failed(parsePassPipeline(pipeline, manager)) ||
      failed(manager.run(*module))) {
    ADD_FAILURE() << diagnostics << textBefore;
    return false;
  }
  std::string textAfter = print(*module);
  if (printed)
    *printed = textAfter;
  Results after = interpretAll(function);
  std::string where = "before:\n" + textBefore + "\nafter:\n" + textAfter;
  EXPECT_EQ(before.size(), after.size());
  for (auto [round, results] : llvm::enumerate(before)) {
    if (after[round].size() != results.size()) {
      ADD_FAILURE() << "other results\n" << where;
      break;
    }
    for (auto [x, y] : llvm::zip_equal(results, after[round]))
      compare(x, y, where);
  }
  return textBefore != textAfter;
}

void qopt::test::expectSameBytes(llvm::StringRef text,
                                 llvm::StringRef pipeline) {
  SCOPED_TRACE(pipeline.str());
  bool changed = runBetween(
      text, pipeline,
      [](const Tensor &before, const Tensor &after, const std::string &where) {
        EXPECT_TRUE(before.bytes == after.bytes) << where;
      });
  EXPECT_TRUE(changed) << "the pipeline changed nothing:\n" << text.str();
}

bool qopt::test::expectSameFloats(llvm::StringRef text,
                                  llvm::StringRef pipeline,
                                  std::string *textAfter) {
  SCOPED_TRACE(pipeline.str());
  return runBetween(
      text, pipeline,
      [](const Tensor &before, const Tensor &after, const std::string &where) {
        ASSERT_EQ(before.shape, after.shape) << where;
        // Where large terms cancel, their rounding stays.
        double largest = 0.01, error = 0;
        for (int64_t i = 0; i < before.getNumElements(); ++i) {
          largest = std::max(largest, std::abs(before.getReal(i)));
          error =
              std::max(error, std::abs(before.getReal(i) - after.getReal(i)));
        }
        // Written so that a NaN fails too.
        ASSERT_TRUE(error <= 1e-5 * largest)
            << error << " of " << largest << "\n"
            << where;
      },
      textAfter);
}
