// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// See ModelFunction.h.

#include "qopt/Dialect/NN/IR/ModelFunction.h"

using namespace mlir;

FailureOr<func::FuncOp> qopt::nn::findExportedFunction(ModuleOp module) {
  auto functions = llvm::to_vector(module.getOps<func::FuncOp>());
  if (functions.size() != 1)
    return module.emitError("expected one function to export, found ")
           << functions.size();
  func::FuncOp function = functions.front();
  if (!llvm::hasSingleElement(function.getBody()))
    return function.emitError("expected a function of one block to export, "
                              "found ")
           << function.getBody().getBlocks().size();
  return function;
}
