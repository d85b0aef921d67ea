// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// kernel-pad-in-place: a kernel whose result is only padded writes into the
// padded buffer at once.

#include "RowWindows.h"
#include "qopt/Dialect/Kernel/Transforms/Passes.h"
#include "qopt/Support/PassStatistics.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

namespace qopt::kernel {
#define GEN_PASS_DEF_KERNELPADINPLACEPASS
#include "qopt/Dialect/Kernel/Transforms/Passes.h.inc"
} // namespace qopt::kernel

using namespace mlir;
using namespace qopt;
using namespace qopt::kernel;

/// The type of what is padded, inside of the padded buffer.
static MemRefType getInteriorType(PadOp pad) {
  auto input = cast<MemRefType>(pad.getInput().getType());
  return MemRefType::get(
      input.getShape(), input.getElementType(),
      StridedLayoutAttr::get(pad.getContext(), /*offset=*/0,
                             getElementStrides(pad.getInit().getType())));
}

/// The kernel that makes the input of a padding, if nothing else reads it.
static DestinationStyleOpInterface findProducer(PadOp pad) {
  auto alloc = pad.getInput().getDefiningOp<memref::AllocOp>();
  if (!alloc || pad.getFlip() ||
      !pad.getInit().getDefiningOp<memref::AllocOp>() ||
      !llvm::hasNItems(alloc->getUses(), 2))
    return {};
  // Channels have no gaps, but something has.
  if (pad.getLow().empty() || pad.getLow().back() != 0 ||
      pad.getHigh().back() != 0 || !hasGaps(getInteriorType(pad)))
    return {};
  for (Operation *user : alloc->getUsers())
    if (auto kernel = dyn_cast<DestinationStyleOpInterface>(user);
        kernel && user != pad && user->getBlock() == pad->getBlock() &&
        kernel.getDpsInitOperand(0)->get() == alloc.getMemref() &&
        canWriteRows(user))
      return kernel;
  return {};
}

/// Gives the producer the interior of the padded buffer, which begins with
/// element `offset`.
static void writeInterior(PadOp pad, DestinationStyleOpInterface producer) {
  auto input = pad.getInput().getDefiningOp<memref::AllocOp>();
  auto output = pad.getInit().getDefiningOp<memref::AllocOp>();
  SmallVector<int64_t> strides = getElementStrides(output.getType());
  int64_t offset = 0;
  for (auto [low, stride] : llvm::zip_equal(pad.getLow(), strides))
    offset += low * stride;
  MemRefType type = getInteriorType(pad);
  output->moveBefore(producer);
  OpBuilder builder(producer);
  Value start = arith::ConstantIndexOp::create(builder, pad.getLoc(), offset);
  Value interior =
      SliceOp::create(builder, pad.getLoc(), type, output.getMemref(), start);
  input.getMemref().replaceAllUsesWith(interior);
  input->erase();
  // Before the rows: whoever writes them then has the padding beside them.
  pad->moveBefore(producer);
}

namespace {

struct KernelPadInPlacePass
    : kernel::impl::KernelPadInPlacePassBase<KernelPadInPlacePass> {
  void runOnOperation() override {
    for (auto function : getOperation().getOps<func::FuncOp>()) {
      if (function.isExternal())
        continue;
      for (PadOp pad : llvm::to_vector(function.getOps<PadOp>())) {
        if (hasGaps(pad.getInput().getType()))
          continue;
        DestinationStyleOpInterface producer = findProducer(pad);
        recordStatistic(*this, producer ? "num-in-place" : "num-copies", 1);
        if (producer)
          writeInterior(pad, producer);
      }
    }
  }
};

} // namespace
