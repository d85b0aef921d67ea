// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Replaces allocations by views of one arena. Time is the position of an op in
// the function: a buffer lives from the first to the last op that touches it
// or a view of it.

#include "Overlaps.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "qopt/Dialect/Kernel/Transforms/Passes.h"
#include "qopt/Support/Names.h"
#include "qopt/Support/PassStatistics.h"
#include "llvm/Support/Format.h"

namespace qopt::kernel {
#define GEN_PASS_DEF_KERNELPLANMEMORYPASS
#include "qopt/Dialect/Kernel/Transforms/Passes.h.inc"
} // namespace qopt::kernel

using namespace mlir;
using namespace qopt;
using namespace qopt::kernel;

namespace {

/// A function's allocations and their plan, index by index, in the order of
/// first use.
struct Arena {
  SmallVector<memref::AllocOp> allocations;
  SmallVector<PlannedBuffer> buffers;
  int64_t size = 0;
};

} // namespace

/// Bytes of a statically shaped buffer; nothing if they exceed 62 bits.
static std::optional<int64_t> getBytes(MemRefType type) {
  int64_t bytes = type.getElementTypeBitWidth() / 8;
  for (int64_t dimension : type.getShape())
    if (llvm::MulOverflow(bytes, dimension, bytes))
      return std::nullopt;
  return bytes < (int64_t(1) << 62) ? std::optional(bytes) : std::nullopt;
}

//===----------------------------------------------------------------------===//
// Lifetimes
//===----------------------------------------------------------------------===//

/// First and last use of every allocation of the block.
static LogicalResult findLifetimes(Block &block, Arena &arena) {
  // Allocations and the views of them, each with its allocation's index.
  llvm::DenseMap<Value, unsigned> indices;
  SmallVector<memref::AllocOp> allocations;
  SmallVector<PlannedBuffer> buffers;
  int64_t time = 0;
  for (Operation &op : block) {
    if (auto alloc = dyn_cast<memref::AllocOp>(op)) {
      std::optional<int64_t> bytes = getBytes(alloc.getType());
      if (!bytes || !isBufferType(alloc.getType()))
        return alloc.emitOpError("of ")
               << alloc.getType() << " has no place in an arena";
      indices[alloc.getMemref()] = allocations.size();
      allocations.push_back(alloc);
      buffers.push_back({*bytes, /*first=*/-1, /*last=*/-1});
      continue;
    }
    if (auto view = dyn_cast<ViewLikeOpInterface>(op)) {
      auto source = indices.find(view.getViewSource());
      if (source != indices.end())
        indices[op.getResult(0)] = source->second;
      continue;
    }
    ++time;
    // A loop's buffers live as long as the loop.
    op.walk<WalkOrder::PreOrder>([&](Operation *inner) {
      if (auto view = dyn_cast<ViewLikeOpInterface>(inner)) {
        auto source = indices.find(view.getViewSource());
        if (source != indices.end())
          indices[inner->getResult(0)] = source->second;
      }
      for (Value operand : inner->getOperands()) {
        auto it = indices.find(operand);
        if (it == indices.end())
          continue;
        PlannedBuffer &buffer = buffers[it->second];
        buffer.last = time;
        if (buffer.first < 0)
          buffer.first = time;
      }
    });
  }
  // Planning wants them by first use.
  SmallVector<unsigned> order(llvm::to_vector(
      llvm::seq<unsigned>(static_cast<unsigned>(buffers.size()))));
  llvm::sort(order, [&](unsigned a, unsigned b) {
    return std::pair(buffers[a].first, a) < std::pair(buffers[b].first, b);
  });
  for (unsigned index : order) {
    arena.allocations.push_back(allocations[index]);
    arena.buffers.push_back(buffers[index]);
  }
  return success();
}

//===----------------------------------------------------------------------===//
// Rewriting
//===----------------------------------------------------------------------===//

/// Allocations, and kernel views of them, become views of the arena.
static void rewrite(func::FuncOp func, Arena &arena) {
  MLIRContext *context = func.getContext();
  auto type = MemRefType::get({arena.size}, IntegerType::get(context, 8));
  unsigned index = func.getNumArguments();
  NamedAttrList attributes;
  attributes.set("kernel.arena", UnitAttr::get(context));
  if (failed(func.insertArgument(index, type, attributes.getDictionary(context),
                                 func.getLoc())))
    llvm_unreachable("a function with a body takes further arguments");
  Value argument = func.getArgument(index);

  for (auto [alloc, buffer] :
       llvm::zip_equal(arena.allocations, arena.buffers)) {
    OpBuilder builder(alloc);
    Value offset =
        arith::ConstantIndexOp::create(builder, alloc.getLoc(), buffer.offset);
    auto place = [&](Location loc, MemRefType type) -> Value {
      return memref::ViewOp::create(builder, loc, type, argument, offset,
                                    ValueRange());
    };
    SmallVector<ViewOp> views;
    for (Operation *user : alloc->getUsers())
      if (auto view = dyn_cast<ViewOp>(user))
        views.push_back(view);
    for (ViewOp view : views) {
      view.getResult().replaceAllUsesWith(
          place(view.getLoc(), cast<MemRefType>(view.getType())));
      view.erase();
    }
    alloc.getMemref().replaceAllUsesWith(
        place(alloc.getLoc(), alloc.getType()));
    alloc.erase();
  }
  func->setAttr("kernel.arena_size",
                IntegerAttr::get(IntegerType::get(context, 64), arena.size));
}

//===----------------------------------------------------------------------===//
// Printing
//===----------------------------------------------------------------------===//

/// One line for each buffer, in the order of first use.
static void print(func::FuncOp func, Arena &arena, llvm::raw_ostream &os) {
  int64_t total = 0;
  os << "memory plan of @" << func.getName() << "\n";
  os << llvm::format("%12s %12s %6s %6s  %s\n", "offset", "bytes", "first",
                     "last", "tensor");
  for (auto [alloc, buffer] :
       llvm::zip_equal(arena.allocations, arena.buffers)) {
    total += buffer.size;
    os << llvm::format("%12lld %12lld %6lld %6lld  ",
                       static_cast<long long>(buffer.offset),
                       static_cast<long long>(buffer.size),
                       static_cast<long long>(buffer.first),
                       static_cast<long long>(buffer.last))
       << getTensorName(alloc.getLoc()) << "\n";
  }
  os << "arena: " << arena.size << " bytes for " << arena.buffers.size()
     << " buffers of " << total << " bytes\n";
}

namespace {

struct KernelPlanMemoryPass
    : kernel::impl::KernelPlanMemoryPassBase<KernelPlanMemoryPass> {
  using KernelPlanMemoryPassBase::KernelPlanMemoryPassBase;

  void runOnOperation() override {
    for (auto func : getOperation().getOps<func::FuncOp>()) {
      if (func.isExternal() || func.isPrivate())
        continue;
      Arena arena;
      if (failed(findLifetimes(func.getBody().front(), arena)))
        return signalPassFailure();
      auto overlaps = collectOverlaps(arena.allocations);
      if (failed(overlaps))
        return signalPassFailure();
      // Callers may want an array of so many bytes: none of zero.
      arena.size = std::max<int64_t>(
          llvm::alignTo(planMemory(arena.buffers, *overlaps), kArenaAlignment),
          kArenaAlignment);
      recordStatistic(*this, "arena-bytes", arena.size);
      for (const PlannedBuffer &buffer : arena.buffers)
        recordStatistic(*this, "buffer-bytes", buffer.size);
      if (print)
        ::print(func, arena, llvm::errs());
      rewrite(func, arena);
    }
  }
};

} // namespace
