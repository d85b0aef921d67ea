// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// kernel-pack-half-bytes: looks at the values of packed filters, not at where
// they come from: what fits 4 bits is stored in 4 bits.

#include "PackWeights.h"
#include "qopt/Dialect/Kernel/Transforms/Passes.h"
#include "qopt/Support/PassStatistics.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace qopt::kernel;

namespace qopt::kernel {
#define GEN_PASS_DEF_KERNELPACKHALFBYTESPASS
#include "qopt/Dialect/Kernel/Transforms/Passes.h.inc"
} // namespace qopt::kernel

/// Two integers a byte in the order of kernel.unpack; nothing if one of them
/// needs more than 4 bits.
static std::optional<SmallVector<int8_t>> packHalves(ArrayRef<int8_t> whole) {
  constexpr int64_t block = UnpackOp::blockBytes;
  int64_t size = static_cast<int64_t>(whole.size());
  SmallVector<int8_t> halves(llvm::divideCeil(size, 2 * block) * block, 0);
  for (int64_t i = 0; i < size; ++i) {
    if (!llvm::isInt<4>(whole[i]))
      return std::nullopt;
    int64_t first = i / (2 * block) * block;
    bool isHigh = i % (2 * block) >= block;
    halves[first + i % block] |=
        static_cast<int8_t>((whole[i] & 15) << (isHigh ? 4 : 0));
  }
  return halves;
}

/// Reads the filter of a convolution of integers from 4 bits. Returns whether
/// it does.
template <typename ConvOp>
static bool packFilter(ConvOp op, int64_t minBytes) {
  auto constant = op.getFilter().template getDefiningOp<arith::ConstantOp>();
  if (!op.getPacked() || !constant ||
      isa<FloatType>(op.getBias().getType().getElementType()) ||
      !op.getFilter().getType().getElementType().isInteger(8) ||
      op.getFilter().getType().getNumElements() < minBytes)
    return false;
  auto whole = readConstant<int8_t>(constant);
  std::optional<SmallVector<int8_t>> halves =
      whole ? packHalves(*whole) : std::nullopt;
  if (!halves)
    return false;
  OpBuilder builder(op);
  Location loc = constant.getLoc();
  Value packed =
      makeConstant<int8_t>(builder, loc, builder.getI8Type(), *halves);
  auto type = RankedTensorType::get({2 * static_cast<int64_t>(halves->size())},
                                    builder.getI8Type());
  Value init = tensor::EmptyOp::create(builder, loc, type.getShape(),
                                       type.getElementType());
  op.getFilterMutable().assign(
      UnpackOp::create(builder, loc, TypeRange(type), packed, init)
          .getResult(0));
  if (constant->use_empty())
    constant->erase();
  return true;
}

namespace {
struct KernelPackHalfBytesPass
    : public qopt::kernel::impl::KernelPackHalfBytesPassBase<
          KernelPackHalfBytesPass> {
  using KernelPackHalfBytesPassBase::KernelPackHalfBytesPassBase;

  void runOnOperation() override {
    uint64_t packed = 0;
    SmallVector<Operation *> ops;
    getOperation().walk([&](Operation *op) { ops.push_back(op); });
    for (Operation *op : ops) {
      if (auto conv = dyn_cast<Conv2DOp>(op))
        packed += packFilter(conv, minBytes);
      else if (auto conv = dyn_cast<DepthwiseConv2DOp>(op))
        packed += packFilter(conv, minBytes);
    }
    qopt::recordStatistic(*this, "num-packed", packed);
  }
};
} // namespace
