// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Cuts a long public function into private parts. LLVM's register allocator
// keeps what all calls share (the arena's addresses) alive across the whole
// function, so its time grows faster than the function; a part's is bounded.
// What a part needs besides the function's arguments (constants, addresses of
// weights, views of the arena) costs nothing, so it is made anew in each part.

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "mlir/Transforms/RegionUtils.h"
#include "qopt/Dialect/Kernel/Transforms/Passes.h"
#include "qopt/Support/PassStatistics.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/SetVector.h"

namespace qopt::kernel {
#define GEN_PASS_DEF_KERNELSPLITFUNCTIONSPASS
#include "qopt/Dialect/Kernel/Transforms/Passes.h.inc"
} // namespace qopt::kernel

using namespace mlir;
using namespace qopt;
using namespace qopt::kernel;

namespace {

/// What one part is made of, in the order of the function.
struct Part {
  /// Calls and whatever else has an effect.
  ArrayRef<Operation *> steps;
  /// The ops without effects that they need, copied.
  llvm::SetVector<Operation *> values;
  /// The function's arguments that they need.
  llvm::SetVector<BlockArgument> arguments;
};

} // namespace

/// Adds what a value is computed from, inputs before their users.
static void collect(Value value, Part &part) {
  SmallVector<std::pair<Value, bool>> stack = {{value, false}};
  while (!stack.empty()) {
    auto [next, isReady] = stack.pop_back_val();
    if (auto argument = dyn_cast<BlockArgument>(next)) {
      part.arguments.insert(argument);
      continue;
    }
    Operation *op = next.getDefiningOp();
    if (isReady) {
      part.values.insert(op);
      continue;
    }
    if (part.values.contains(op) || llvm::is_contained(part.steps, op))
      continue;
    stack.push_back({next, true});
    for (Value operand : op->getOperands())
      stack.push_back({operand, false});
  }
}

/// The body of a part: copies of the values, then the steps themselves.
static void fill(func::FuncOp func, Part &part) {
  Block *body = func.addEntryBlock();
  OpBuilder builder = OpBuilder::atBlockBegin(body);
  IRMapping mapping;
  mapping.map(part.arguments.getArrayRef(), body->getArguments());
  for (Operation *op : part.values)
    builder.clone(*op, mapping);
  Operation *end = func::ReturnOp::create(builder, func.getLoc());
  for (Operation *op : part.steps) {
    op->moveBefore(end);
    op->walk([&](Operation *inner) {
      for (OpOperand &operand : inner->getOpOperands())
        operand.set(mapping.lookupOrDefault(operand.get()));
    });
  }
}

namespace {

struct KernelSplitFunctionsPass
    : kernel::impl::KernelSplitFunctionsPassBase<KernelSplitFunctionsPass> {
  using KernelSplitFunctionsPassBase::KernelSplitFunctionsPassBase;

  void runOnOperation() override {
    if (maxCalls < 2) {
      getOperation().emitError("max-calls is ")
          << maxCalls.getValue()
          << ", expected at least 2: parts of one call would have "
          << "to be split again";
      return signalPassFailure();
    }
    SymbolTable symbols(getOperation());
    SmallVector<func::FuncOp> functions;
    for (auto func : getOperation().getOps<func::FuncOp>())
      if (func.isPublic() && !func.isExternal())
        functions.push_back(func);
    for (func::FuncOp func : functions) {
      bool isFirst = true;
      // The calls of parts may again be too many.
      for (;;) {
        FailureOr<SmallVector<Operation *>> steps = findSteps(func);
        if (failed(steps))
          return signalPassFailure();
        if (steps->size() <= maxCalls)
          break;
        if (isFirst)
          recordStatistic(*this, "num-split", 1);
        isFirst = false;
        split(func, *steps, symbols);
      }
    }
  }

private:
  /// The ops with effects, in order. None may make a value: a part could not
  /// hand it on.
  FailureOr<SmallVector<Operation *>> findSteps(func::FuncOp func) {
    if (!func.getBody().hasOneBlock())
      return func.emitOpError("has ")
             << func.getBody().getBlocks().size()
             << " blocks, expected one: split functions before their kernels "
             << "are expanded to loops";
    SmallVector<Operation *> steps;
    for (Operation &op : func.getBody().front().without_terminator()) {
      if (isMemoryEffectFree(&op))
        continue;
      steps.push_back(&op);
    }
    if (steps.size() <= maxCalls)
      return steps;
    for (Operation *op : steps)
      if (op->getNumResults() != 0)
        return op->emitOpError("makes a value, which the parts of '")
               << func.getName() << "' cannot share; run kernel-bufferize, "
               << "kernel-plan-memory and kernel-outline first";
    if (Operation *end = func.getBody().front().getTerminator();
        end->getNumOperands() != 0)
      return end->emitOpError("returns a value, expected results in "
                              "'kernel.output' arguments; run "
                              "kernel-bufferize first");
    return steps;
  }

  void split(func::FuncOp func, ArrayRef<Operation *> steps,
             SymbolTable &symbols) {
    OpBuilder builder(func.getContext());
    Operation *end = func.getBody().front().getTerminator();
    while (!steps.empty()) {
      Part part;
      part.steps = steps.take_front(maxCalls);
      steps = steps.drop_front(part.steps.size());
      for (Operation *op : part.steps) {
        for (Value operand : op->getOperands())
          collect(operand, part);
        // What a loop takes from around it.
        llvm::SetVector<Value> captured;
        getUsedValuesDefinedAbove(op->getRegions(), captured);
        for (Value value : captured)
          collect(value, part);
      }

      SmallVector<Value> arguments(part.arguments.begin(),
                                   part.arguments.end());
      builder.setInsertionPointToEnd(getOperation().getBody());
      auto callee = func::FuncOp::create(
          builder, func.getLoc(),
          func.getName().str() + "_part_" + std::to_string(numParts++),
          builder.getFunctionType(ValueRange(arguments).getTypes(), {}));
      callee.setPrivate();
      callee.setNoInline(true);
      callee->setAttr(kPartAttrName, builder.getUnitAttr());
      symbols.insert(callee);
      fill(callee, part);
      builder.setInsertionPoint(end);
      func::CallOp::create(builder, func.getLoc(), callee, arguments);
      recordStatistic(*this, "num-parts", 1);
    }
    // What only the parts read was copied into them. Users come last.
    SmallVector<Operation *> rest;
    for (Operation &op : func.getBody().front().without_terminator())
      rest.push_back(&op);
    for (Operation *op : llvm::reverse(rest))
      if (isOpTriviallyDead(op))
        op->erase();
  }

  unsigned numParts = 0;
};

} // namespace
