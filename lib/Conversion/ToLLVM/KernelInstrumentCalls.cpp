// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// kernel-instrument-calls: brackets every kernel call of the public function
// with reads of the clock. The counters are additive, so a caller may run the
// model often and divide.

#include "qopt/Conversion/ToLLVM/Passes.h"
#include "qopt/Support/PassStatistics.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/BuiltinOps.h"

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
    SmallVector<func::CallOp> calls;
    for (auto function : module.getOps<func::FuncOp>())
      if (function.isPublic() && !function.isExternal())
        function.walk([&](func::CallOp call) { calls.push_back(call); });

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
      Location loc = call.getLoc();
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
          builder.getStrArrayAttr({describe(loc), call.getCallee()}));
    }
    qopt::recordStatistic(*this, "num-instrumented", calls.size());
    module->setAttr("qopt.layers", builder.getArrayAttr(names));
  }
};
} // namespace
