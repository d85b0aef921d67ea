// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Runs the interpreter.

#include "Engine.h"

#include "qopt/Reference/Interpreter.h"

using namespace llvm;
using namespace qoptrun;

namespace {
class ReferenceEngine : public Engine {
public:
  ReferenceEngine(qopt::ModelInterface interface, mlir::func::FuncOp main)
      : Engine(std::move(interface)), main(main) {}

  Expected<std::vector<Result>> run(ArrayRef<Example> examples) override {
    std::vector<Result> results;
    for (const Example &example : examples) {
      auto outputs = qopt::reference::interpret(main, example);
      if (!outputs)
        return outputs.takeError();
      results.push_back({std::move(*outputs), 0});
    }
    return std::move(results);
  }

private:
  mlir::func::FuncOp main;
};
} // namespace

Expected<std::unique_ptr<Engine>>
qoptrun::createReferenceEngine(qopt::ModelInterface interface,
                               mlir::ModuleOp module) {
  auto main = module.lookupSymbol<mlir::func::FuncOp>("main");
  if (!main)
    return createStringError("the module has no function 'main'");
  return std::make_unique<ReferenceEngine>(std::move(interface), main);
}
