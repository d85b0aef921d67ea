// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// kernel.unpack: a vector of bytes becomes two, of the low and of the high
// halves. (x ^ 8) - 8 extends a sign from bit 3.

#include "qopt/Conversion/KernelToVector/KernelExpansion.h"

using namespace mlir;
using namespace qopt;
using namespace qopt::emit;

namespace {
class UnpackExpansion : public KernelExpansion<kernel::UnpackOp> {
public:
  using KernelExpansion::KernelExpansion;

protected:
  LogicalResult expand(kernel::UnpackOp op, VectorEmitter &e,
                       PatternRewriter &rewriter) const override;
};
} // namespace

LogicalResult UnpackExpansion::expand(kernel::UnpackOp op, VectorEmitter &e,
                                      PatternRewriter &rewriter) const {
  constexpr int64_t block = kernel::UnpackOp::blockBytes;
  auto extend = [&](Value half) {
    Value eight = e.constant(half.getType(), int64_t(8));
    return e.sub(arith::XOrIOp::create(e, half, eight).getResult(), int64_t(8));
  };
  int64_t size = op.getInput().getType().getNumElements();
  e.loop(0, size, block, [&](Value i) {
    Value both = e.load(op.getInput(), i, block);
    Value first = e.mul(i, 2);
    e.store(extend(e.bitAnd(both, 15)), op.getInit(), first);
    e.store(extend(e.shiftRightLogical(both, 4)), op.getInit(),
            e.add(first, block));
  });
  rewriter.eraseOp(op);
  return success();
}

void qopt::emit::populateUnpackExpansions(RewritePatternSet &patterns,
                                          const ExpansionContext &shared) {
  patterns.add<UnpackExpansion>(patterns.getContext(), shared);
}
