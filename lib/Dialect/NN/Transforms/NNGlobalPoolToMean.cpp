// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// An average over the whole picture is a mean. As a pool it would share its
// input's parameters, whose range an average hardly ever uses, and its
// quotients are ties as often as the window is small; a mean has parameters of
// its own.

#include "qopt/Dialect/NN/IR/NN.h"
#include "qopt/Dialect/NN/Transforms/Passes.h"
#include "qopt/Support/PassStatistics.h"

#include "mlir/IR/PatternMatch.h"

namespace qopt::nn {
#define GEN_PASS_DEF_NNGLOBALPOOLTOMEANPASS
#include "qopt/Dialect/NN/Transforms/Passes.h.inc"
} // namespace qopt::nn

using namespace mlir;
using namespace qopt;
using namespace qopt::nn;

/// True if each result is the average of one whole channel, and float.
static bool isGlobal(AveragePool2DOp op) {
  auto input = cast<RankedTensorType>(op.getInput().getType());
  return input.getElementType().isF32() &&
         op.getActivation() == Activation::None &&
         llvm::equal(op.getKernel(), input.getShape().slice(1, 2)) &&
         llvm::all_of(op.getPadding(), [](int64_t p) { return p == 0; });
}

namespace {
struct NNGlobalPoolToMean
    : nn::impl::NNGlobalPoolToMeanPassBase<NNGlobalPoolToMean> {
  void runOnOperation() override {
    SmallVector<AveragePool2DOp> pools;
    getOperation()->walk([&](AveragePool2DOp op) {
      if (isGlobal(op))
        pools.push_back(op);
    });
    IRRewriter rewriter(&getContext());
    for (AveragePool2DOp op : pools) {
      rewriter.setInsertionPoint(op);
      auto mean = MeanOp::create(rewriter, op.getLoc(), op.getType(),
                                 op.getInput(), ArrayRef<int64_t>{1, 2},
                                 /*keep_dims=*/true);
      mean->setDiscardableAttrs(op->getDiscardableAttrDictionary());
      rewriter.replaceOp(op, mean);
    }
    recordStatistic(*this, "num-replaced", pools.size());
  }
};
} // namespace
