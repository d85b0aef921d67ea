// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// nn-propagate-transposes on graphs that are large or that nobody wrote: there
// are never more transpositions behind it, and time grows like the graph.

#include "RandomFloatGraph.h"
#include "SameBytes.h"

#include "qopt/Dialect/NN/IR/NN.h"
#include "qopt/Dialect/NN/Transforms/Passes.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "gtest/gtest.h"

#include <ctime>

using namespace qopt;
using namespace qopt::test;

static size_t countTransposes(llvm::StringRef text) {
  return text.count("nn.transpose");
}

TEST(PropagateTransposes, NeverAddsToRandomGraphs) {
  size_t before = 0, after = 0;
  for (unsigned seed = 1; seed <= 300; ++seed) {
    std::string graph = makeRandomFloatGraph(seed), result;
    if (!countTransposes(graph))
      continue;
    expectSameFloats(graph, "nn-propagate-transposes", &result);
    EXPECT_LE(countTransposes(result), countTransposes(graph))
        << "seed " << seed << "\n"
        << graph;
    before += countTransposes(graph);
    after += countTransposes(result);
  }
  // What is left stands at results, and where two orders meet.
  EXPECT_LT(after, before / 8);
}

/// Blocks as exporters with channels first write them, each op reading the
/// block before as well: 5 ops a block.
static std::string makeChain(unsigned numBlocks) {
  const std::string first = "tensor<1x2x4x5xf32>", last = "tensor<1x4x5x2xf32>";
  std::string text = "func.func @main(%x: " + first + ") -> " + first + " {\n";
  std::string x = "%x";
  for (unsigned i = 0; i < numBlocks; ++i) {
    std::string n = std::to_string(i);
    text += "%a" + n + " = nn.transpose " + x +
            " {permutation = array<i64: 0, 2, 3, 1>} : (" + first + ") -> " +
            last + "\n%b" + n + " = nn.max_pool_2d %a" + n +
            " {kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>} : (" +
            last + ") -> " + last + "\n%c" + n + " = nn.transpose %b" + n +
            " {permutation = array<i64: 0, 3, 1, 2>} : (" + last + ") -> " +
            first + "\n%d" + n + " = nn.add %c" + n + ", " + x + " : (" +
            first + ", " + first + ") -> " + first + "\n%e" + n +
            " = nn.relu %d" + n + " : (" + first + ") -> " + first + "\n";
    x = "%e" + n;
  }
  return text + "return " + x + " : " + first + "\n}\n";
}

/// Seconds of this thread that the pass takes; the transpositions left.
static std::pair<double, unsigned> propagate(unsigned numBlocks) {
  mlir::DialectRegistry registry;
  registry
      .insert<mlir::func::FuncDialect, quant::QuantDialect, nn::NNDialect>();
  mlir::MLIRContext context(registry, mlir::MLIRContext::Threading::DISABLED);
  auto module =
      mlir::parseSourceString<mlir::ModuleOp>(makeChain(numBlocks), &context);
  EXPECT_TRUE(module);
  mlir::PassManager passes(&context);
  passes.enableVerifier(false);
  passes.addPass(nn::createNNPropagateTransposesPass());
  std::clock_t start = std::clock();
  EXPECT_TRUE(succeeded(passes.run(*module)));
  double seconds = double(std::clock() - start) / CLOCKS_PER_SEC;
  EXPECT_TRUE(succeeded(mlir::verify(*module)));
  unsigned left = 0;
  module->walk([&](nn::TransposeOp) { ++left; });
  return {seconds, left};
}

TEST(PropagateTransposes, TakesTimeLinearInTheGraph) {
  propagate(100);
  auto [small, smallLeft] = propagate(1000);
  auto [large, largeLeft] = propagate(20'000);
  EXPECT_EQ(smallLeft, 2u);
  EXPECT_EQ(largeLeft, 2u);
  // Twenty times the ops; what is quadratic takes 400 times as long.
  EXPECT_LT(large, 100 * std::max(small, 1e-3));
}
