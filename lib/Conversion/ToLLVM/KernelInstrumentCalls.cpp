// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// kernel-instrument-calls: brackets every kernel call of the public function
// and its parts with reads of the clock. The counters are additive, so a caller
// may run the model often and divide.

#include "qopt/Conversion/ToLLVM/Passes.h"
#include "qopt/Dialect/Kernel/IR/Kernel.h"
#include "qopt/Support/PassStatistics.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/SymbolTable.h"
#include "llvm/ADT/DenseSet.h"

using namespace mlir;

namespace qopt {
#define GEN_PASS_DEF_KERNELINSTRUMENTCALLSPASS
#include "qopt/Conversion/ToLLVM/Passes.h.inc"
} // namespace qopt

/// The names in a location, outermost first, joined by " + ".
static std::string describe(Location loc) {
  std::string text;
  loc->walk([&](Location inner) {
    if (auto name = dyn_cast<NameLoc>(inner)) {
      if (!text.empty())
        text += " + ";
      text += name.getName().getValue();
      return WalkResult::skip();
    }
    return WalkResult::advance();
  });
  return text.empty() ? "?" : text;
}

/// The function that a kernel call names; null for other ops.
static FlatSymbolRefAttr getCallee(Operation *op) {
  if (auto call = dyn_cast<func::CallOp>(op))
    return call.getCalleeAttr();
  if (auto call = dyn_cast<qopt::kernel::ParallelCallOp>(op))
    return call.getCalleeAttr();
  return {};
}

/// The calls of kernels in the order in which they run: those of a part of the
/// function stand where the part is called.
static LogicalResult collectKernelCalls(func::FuncOp function,
                                        const SymbolTable &symbols,
                                        SmallVectorImpl<Operation *> &calls) {
  // A function that is being looked into, and where to go on in it.
  struct Frame {
    func::FuncOp function;
    SmallVector<Operation *> calls;
    size_t next = 0;
  };
  auto enter = [](func::FuncOp function) {
    Frame frame{function, {}};
    function.walk([&](Operation *op) {
      if (getCallee(op))
        frame.calls.push_back(op);
    });
    return frame;
  };
  llvm::DenseSet<Operation *> parts;
  SmallVector<Frame> stack = {enter(function)};
  while (!stack.empty()) {
    Frame &frame = stack.back();
    if (frame.next == frame.calls.size()) {
      stack.pop_back();
      continue;
    }
    Operation *call = frame.calls[frame.next++];
    auto callee = symbols.lookup<func::FuncOp>(getCallee(call).getAttr());
    if (!callee || !callee->hasAttr("kernel.part")) {
      calls.push_back(call);
      continue;
    }
    if (!parts.insert(callee).second)
      return call->emitOpError("calls the part '")
             << getCallee(call).getValue()
             << "' a second time, expected one call: its "
             << "counters would be shared";
    stack.push_back(enter(callee));
  }
  return success();
}

namespace {
struct KernelInstrumentCallsPass
    : public qopt::impl::KernelInstrumentCallsPassBase<
          KernelInstrumentCallsPass> {
  using KernelInstrumentCallsPassBase::KernelInstrumentCallsPassBase;

  Value readClock(OpBuilder &builder, Location loc) {
    return LLVM::CallIntrinsicOp::create(builder, loc, builder.getI64Type(),
                                         builder.getStringAttr(counter),
                                         ValueRange())
        .getResult(0);
  }

  void runOnOperation() override {
    ModuleOp module = getOperation();
    SymbolTable symbols(module);
    SmallVector<Operation *> calls;
    for (auto function : module.getOps<func::FuncOp>())
      if (function.isPublic() && !function.isExternal() &&
          failed(collectKernelCalls(function, symbols, calls)))
        return signalPassFailure();

    OpBuilder builder(module.getBodyRegion());
    auto type = MemRefType::get({static_cast<int64_t>(calls.size())},
                                builder.getI64Type());
    auto counters = memref::GlobalOp::create(
        builder, module.getLoc(), "qopt_profile_ticks",
        /*sym_visibility=*/StringAttr(), type,
        DenseElementsAttr::get(
            RankedTensorType::get(type.getShape(), type.getElementType()),
            builder.getI64IntegerAttr(0)),
        /*constant=*/false, /*alignment=*/builder.getI64IntegerAttr(64));

    SmallVector<Attribute> names;
    for (auto [index, call] : llvm::enumerate(calls)) {
      Location loc = call->getLoc();
      builder.setInsertionPoint(call);
      Value start = readClock(builder, loc);
      builder.setInsertionPointAfter(call);
      Value end = readClock(builder, loc);
      Value ticks = arith::SubIOp::create(builder, loc, end, start);
      Value array = memref::GetGlobalOp::create(builder, loc, type,
                                                counters.getSymName());
      Value where = arith::ConstantIndexOp::create(builder, loc, index);
      Value sum = memref::LoadOp::create(builder, loc, array, where);
      sum = arith::AddIOp::create(builder, loc, sum, ticks);
      memref::StoreOp::create(builder, loc, sum, array, where);
      names.push_back(
          builder.getStrArrayAttr({describe(loc), getCallee(call).getValue()}));
    }
    qopt::recordStatistic(*this, "num-instrumented", calls.size());
    module->setAttr("qopt.layers", builder.getArrayAttr(names));
  }
};
} // namespace
