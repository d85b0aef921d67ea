// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// kernel-parallelize: makes functions of kernels take a range of the output,
// and calls them once for each range. How many ranges: the number for which 2
// to `threads` threads that take one range after the other come nearest to an
// equal share of the work each, among those whose ranges are worth the way to
// another thread.

#include "KernelCost.h"
#include "ModuleTarget.h"
#include "qopt/Dialect/Kernel/IR/Bands.h"
#include "qopt/Dialect/Kernel/Transforms/Passes.h"
#include "qopt/Support/PassStatistics.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/SymbolTable.h"

namespace qopt::kernel {
#define GEN_PASS_DEF_KERNELPARALLELIZEPASS
#include "qopt/Dialect/Kernel/Transforms/Passes.h.inc"
} // namespace qopt::kernel

using namespace mlir;
using namespace qopt;
using namespace qopt::kernel;

namespace {

/// `count` ranges of `units` units each, but for the last one, which has
/// `rest`.
struct Cut {
  int64_t units, count, rest;
};

} // namespace

//===----------------------------------------------------------------------===//
// How many ranges
//===----------------------------------------------------------------------===//

/// The cut with ranges of so many units.
static Cut makeCut(int64_t extent, int64_t units) {
  int64_t count = llvm::divideCeil(extent, units);
  return {units, count, extent - (count - 1) * units};
}

/// When the last of some threads is done: each takes the next range when it
/// has finished one, and the last range may be the smaller one.
static double getEnd(const Cut &cut, int64_t threads, double unit,
                     double range) {
  int64_t turns = llvm::divideCeil(cut.count, threads);
  double full = cut.units * unit + range, last = cut.rest * unit + range;
  // The last range is alone in its turn, or runs beside full ones.
  bool isAlone = cut.count % threads == 1 && cut.count > 1;
  return isAlone ? (turns - 1) * full + last : turns * full;
}

//===----------------------------------------------------------------------===//
// The function of a range
//===----------------------------------------------------------------------===//

namespace {

/// Some neighbouring ranges that are one kernel.
struct Variant {
  /// First unit of the first range, and units of each.
  int64_t first, units;
};

} // namespace

/// The kernel of a range: number `first` or, with `index`, any of a variant's.
static void emitRange(OpBuilder &builder, RangedOpInterface kernel,
                      const Variant &variant, Value index, int64_t units) {
  Location loc = kernel.getLoc();
  auto constant = [&](int64_t value) -> Value {
    return arith::ConstantIndexOp::create(builder, loc, value);
  };
  SmallVector<Value> operands;
  for (auto [operand, range] :
       llvm::zip_equal(kernel->getOperands(),
                       kernel.getRangeOperands(variant.first, variant.units))) {
    if (range.step == 0) {
      operands.push_back(operand);
      continue;
    }
    Value offset;
    if (index) {
      offset = arith::MulIOp::create(builder, loc, index,
                                     constant(units * range.step));
      if (range.origin != 0)
        offset =
            arith::AddIOp::create(builder, loc, offset, constant(range.origin));
    } else {
      offset = constant(range.getOffset(variant.first));
    }
    operands.push_back(
        SliceOp::create(builder, loc, range.type, operand, offset));
  }
  kernel.cloneRange(builder, operands, variant.first, variant.units);
}

/// Whether two variants are one kernel: operands of the same types, none of
/// which begins later than its step says because something before it is
/// missing.
static bool areEqual(RangedOpInterface kernel, const Variant &a,
                     const Variant &b) {
  auto rangesOfA = kernel.getRangeOperands(a.first, a.units);
  auto rangesOfB = kernel.getRangeOperands(b.first, b.units);
  auto getMissing = [](const BufferRange &range, const Variant &variant) {
    return range.getOffset(variant.first) -
           (range.origin + variant.first * range.step);
  };
  return llvm::all_of(llvm::zip_equal(rangesOfA, rangesOfB), [&](auto pair) {
    auto &[x, y] = pair;
    return x.type == y.type && getMissing(x, a) == getMissing(y, b);
  });
}

/// Replaces the kernel by the kernel of the range that a further argument
/// names. The first and the last range have code of their own if they are made
/// otherwise than those between them.
static void cutFunction(func::FuncOp function, RangedOpInterface kernel,
                        const Cut &cut) {
  OpBuilder builder(kernel);
  Location loc = kernel.getLoc();
  unsigned position = function.getNumArguments();
  if (failed(function.insertArgument(position, builder.getIndexType(), {},
                                     function.getLoc())))
    llvm_unreachable("a function with a body takes further arguments");
  Value index = function.getArgument(position);
  Variant first{0, cut.units}, last{(cut.count - 1) * cut.units, cut.rest};
  // Of two ranges none is between the others.
  Variant middle = cut.count > 2 ? Variant{cut.units, cut.units} : first;
  /// Emits the range with the number, and what is left to do in other cases.
  auto emitSpecial = [&](OpBuilder &builder, int64_t number,
                         const Variant &variant) {
    Value other = arith::ConstantIndexOp::create(builder, loc, number);
    Value isSpecial = arith::CmpIOp::create(
        builder, loc, arith::CmpIPredicate::eq, index, other);
    auto branch = scf::IfOp::create(builder, loc, isSpecial,
                                    /*withElseRegion=*/true);
    OpBuilder inner = branch.getThenBodyBuilder();
    emitRange(inner, kernel, variant, /*index=*/{}, cut.units);
    return branch.getElseBodyBuilder();
  };
  OpBuilder rest = builder;
  if (!areEqual(kernel, last, middle))
    rest = emitSpecial(rest, cut.count - 1, last);
  if (!areEqual(kernel, first, middle))
    rest = emitSpecial(rest, 0, first);
  bool isOnlyFirst = cut.count == 2 && !areEqual(kernel, last, first);
  emitRange(rest, kernel, middle, isOnlyFirst ? Value() : index, cut.units);
  kernel->erase();
}

//===----------------------------------------------------------------------===//
// The pass
//===----------------------------------------------------------------------===//

namespace {

struct KernelParallelizePass
    : kernel::impl::KernelParallelizePassBase<KernelParallelizePass> {
  using KernelParallelizePassBase::KernelParallelizePassBase;

  void runOnOperation() override {
    ModuleOp module = getOperation();
    FailureOr<cpu::TargetFacts> facts = getModuleTargetFacts(module);
    if (failed(facts))
      return signalPassFailure();
    if (threads < 2) {
      module.emitError("threads is ")
          << threads.getValue() << ", expected at least 2";
      return signalPassFailure();
    }
    SymbolTable symbols(module);
    for (auto function : llvm::to_vector(module.getOps<func::FuncOp>()))
      if (function.isPublic() && !function.isExternal())
        parallelize(function, symbols, *facts);
  }

private:
  /// Gives a public function the argument, and looks at its calls.
  void parallelize(func::FuncOp function, SymbolTable &symbols,
                   const cpu::TargetFacts &facts) {
    OpBuilder builder(&getContext());
    NamedAttrList attributes;
    attributes.set(kThreadsAttrName, builder.getUnitAttr());
    unsigned position = function.getNumArguments();
    if (failed(function.insertArgument(
            position, ThreadsType::get(&getContext()),
            attributes.getDictionary(&getContext()), function.getLoc())))
      llvm_unreachable("a function with a body takes further arguments");
    Value argument = function.getArgument(position);
    SmallVector<func::CallOp> calls;
    function.walk([&](func::CallOp call) { calls.push_back(call); });
    // Where kernels are mostly smaller than one range is to be, cutting the few
    // larger ones only drives data from cache to cache.
    double total = 0;
    size_t wholes = 0;
    for (func::CallOp call : calls) {
      // Bands are small by design.
      if (getBandNumber(call.getLoc()))
        continue;
      ++wholes;
      total +=
          estimateCallee(symbols.lookup<func::FuncOp>(call.getCallee()), facts);
    }
    if (total < minCycles * wholes) {
      recordStatistic(*this, "num-single", calls.size());
      return;
    }
    for (func::CallOp call : calls) {
      auto callee = symbols.lookup<func::FuncOp>(call.getCallee());
      auto [it, isNew] = ranges.try_emplace(callee, 1);
      if (isNew)
        it->second = cutKernel(callee, facts);
      if (it->second == 1) {
        recordStatistic(*this, "num-single", 1);
        continue;
      }
      builder.setInsertionPoint(call);
      ParallelCallOp::create(builder, call.getLoc(), call.getCallee(),
                             call.getOperands(),
                             static_cast<uint32_t>(it->second), argument);
      call.erase();
      recordStatistic(*this, "num-parallel", 1);
    }
  }

  /// What the kernels of a function cost on one thread.
  static double estimateCallee(func::FuncOp function,
                               const cpu::TargetFacts &facts) {
    double cycles = 0;
    if (function && !function.isExternal())
      for (auto kernel :
           function.getBody().front().getOps<DestinationStyleOpInterface>())
        cycles += estimateCycles(kernel, facts);
    return cycles;
  }

  /// Makes the function one of ranges if its kernel is worth that; returns
  /// their number.
  int64_t cutKernel(func::FuncOp function, const cpu::TargetFacts &facts) {
    if (!function || function.isExternal())
      return 1;
    auto kernels = llvm::to_vector(
        function.getBody().front().getOps<DestinationStyleOpInterface>());
    if (kernels.size() != 1)
      return 1;
    auto kernel = dyn_cast<RangedOpInterface>(kernels.front().getOperation());
    if (!kernel || kernel.getRangeExtent() <= 1)
      return 1;
    Cut cut = choose(kernel, facts);
    if (cut.count == 1)
      return 1;
    cutFunction(function, kernel, cut);
    return cut.count;
  }

  /// The cut with the least sum of ends over the numbers of threads, each as a
  /// multiple of what equal shares would take: few threads are to lose no more
  /// by ranges for many than many by ranges for few.
  Cut choose(RangedOpInterface kernel, const cpu::TargetFacts &facts) {
    int64_t extent = kernel.getRangeExtent();
    double cycles = estimateCycles(kernel, facts);
    // One thread alone would have to fetch what others left in their caches;
    // what ranges share comes into each one's first cache.
    double fetched = 0, range = kRange;
    for (const BufferRange &operand : kernel.getRangeOperands(0, extent)) {
      double bytes = double(operand.type.getNumElements()) *
                     operand.type.getElementTypeBitWidth() / 8;
      if (operand.step != 0)
        fetched += kFetch * bytes;
      else
        range += kLoad * bytes;
    }
    double whole = cycles + fetched;
    int64_t most = std::min<double>(2.0 * threads, whole / minCycles);
    Cut best = makeCut(extent, extent);
    auto getShare = [&](int64_t n) {
      return std::max(cycles / n + callCycles, 1.0);
    };
    double bestEnd = 0;
    for (int64_t n = 2; n <= threads; ++n)
      bestEnd += whole / getShare(n);
    for (int64_t count = 2; count <= most; ++count) {
      int64_t units = llvm::alignTo(llvm::divideCeil(extent, count),
                                    kernel.getRangeGranularity());
      if (units >= extent)
        continue;
      Cut cut = makeCut(extent, units);
      double end = 0;
      for (int64_t n = 2; n <= threads; ++n)
        end +=
            (getEnd(cut, n, cycles / extent, range) + callCycles) / getShare(n);
      if (end < bestEnd) {
        bestEnd = end;
        best = cut;
      }
    }
    return best;
  }

  /// Cycles to begin a range, and to load a byte that all ranges read out of
  /// the second cache.
  static constexpr double kRange = 300;
  static constexpr double kLoad = 1.0 / 32;
  /// Cycles to get a byte out of another core's cache: lines come several at a
  /// time, and each core has a half.
  static constexpr double kFetch = 0.25;

  /// The number of ranges of a kernel's function.
  llvm::DenseMap<func::FuncOp, int64_t> ranges;
};

} // namespace
