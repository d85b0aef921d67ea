// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Exactness. On quantized tensors a fused activation [low, high] clamps stored
// values to [q(low), q(high)], where q rounds and then cuts to the storage
// range, and so does the clamp op when it does not rescale. Clamping to [a, b]
// and then to [c, d] is clamping to [clamp(a, c, d), clamp(b, c, d)], and q is
// monotone, so it may be applied before or after that composition: the one
// clamp to the composed reals has the bits of the two clamps.

#include "qopt/Dialect/NN/Transforms/Passes.h"
#include "qopt/Support/PassStatistics.h"

#include "mlir/IR/PatternMatch.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace qopt::nn {
#define GEN_PASS_DEF_NNFUSEACTIVATIONSPASS
#include "qopt/Dialect/NN/Transforms/Passes.h.inc"
} // namespace qopt::nn

using namespace mlir;
using namespace qopt;
using namespace qopt::nn;

namespace {

// Pattern: clamp(op(...)) -> op(...) {activation}
struct FuseActivation : OpInterfaceRewritePattern<ClampOpInterface> {
  using OpInterfaceRewritePattern::OpInterfaceRewritePattern;

  LogicalResult matchAndRewrite(ClampOpInterface clamp,
                                PatternRewriter &rewriter) const override {
    Value input = clamp->getOperand(0);
    auto producer = input.getDefiningOp<ActivationFusableOpInterface>();
    if (!producer)
      return rewriter.notifyMatchFailure(
          clamp, "input is not made by an op that can clamp");
    if (!producer.canFuseActivation())
      return rewriter.notifyMatchFailure(
          clamp, "input is an accumulator, which is not clamped");
    if (!input.hasOneUse())
      return rewriter.notifyMatchFailure(clamp,
                                         "the unclamped tensor has other uses");
    if (input.getType() != clamp->getResult(0).getType())
      return rewriter.notifyMatchFailure(
          clamp, "the clamp changes scale or zero point");

    RealInterval interval =
        clamp.getClampInterval().after(producer.getFusedInterval());
    LogicalResult fused = failure();
    rewriter.modifyOpInPlace(producer, [&] {
      fused = producer.setFusedInterval(interval);
      // A location is the name of the tensor that an op makes.
      if (succeeded(fused))
        producer->setLoc(clamp.getLoc());
    });
    if (failed(fused))
      return rewriter.notifyMatchFailure(clamp, [&](Diagnostic &diagnostic) {
        diagnostic << "no activation clamps to [" << interval.low << ", "
                   << interval.high << "]";
      });
    rewriter.replaceOp(clamp, input);
    return success();
  }
};

struct NNFuseActivations
    : nn::impl::NNFuseActivationsPassBase<NNFuseActivations> {
  using NNFuseActivationsPassBase::NNFuseActivationsPassBase;

  void runOnOperation() override {
    auto countClamps = [&] {
      int64_t count = 0;
      getOperation()->walk([&](ClampOpInterface) { ++count; });
      return count;
    };
    int64_t before = countClamps();
    RewritePatternSet patterns(&getContext());
    populateNNFuseActivationsPatterns(patterns);
    // Folds are the canonicalizer's business: here each clamp that goes away
    // was fused.
    GreedyRewriteConfig config;
    config.enableFolding(false).enableConstantCSE(false);
    if (failed(
            applyPatternsGreedily(getOperation(), std::move(patterns), config)))
      return signalPassFailure();
    recordStatistic(*this, "num-fused", before - countClamps());
  }
};

} // namespace

void qopt::nn::populateNNFuseActivationsPatterns(RewritePatternSet &patterns) {
  patterns.add<FuseActivation>(patterns.getContext());
}
