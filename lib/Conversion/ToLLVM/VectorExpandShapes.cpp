// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// vector-expand-shapes: rewrites vector ops of more than one dimension, and
// those that move lanes about, into one-dimensional ops. Must run greedily and
// before the dialect conversion, which has no patterns for them.

#include "qopt/Conversion/ToLLVM/Passes.h"

#include "mlir/Conversion/VectorToSCF/VectorToSCF.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/UB/IR/UBOps.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Dialect/Vector/Transforms/LoweringPatterns.h"
#include "mlir/Dialect/Vector/Transforms/VectorRewritePatterns.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

using namespace mlir;

namespace qopt {
#define GEN_PASS_DEF_VECTOREXPANDSHAPESPASS
#include "qopt/Conversion/ToLLVM/Passes.h.inc"
} // namespace qopt

void qopt::populateVectorExpandShapesPatterns(RewritePatternSet &patterns) {
  vector::populateVectorBroadcastLoweringPatterns(patterns);
  vector::populateVectorShapeCastLoweringPatterns(patterns);
  vector::populateVectorTransposeLoweringPatterns(
      patterns, vector::VectorTransposeLowering::EltWise);
  vector::populateVectorTransferLoweringPatterns(patterns,
                                                 /*maxTransferRank=*/1);
  vector::populateVectorBitCastLoweringPatterns(patterns);
  vector::populateVectorStepLoweringPatterns(patterns);
  vector::populateVectorGatherLoweringPatterns(patterns);
  vector::populateVectorInterleaveLoweringPatterns(patterns);
  vector::populateVectorMultiReductionLoweringPatterns(
      patterns, vector::VectorMultiReductionLowering::InnerReduction);
}

namespace {
struct VectorExpandShapesPass
    : public qopt::impl::VectorExpandShapesPassBase<VectorExpandShapesPass> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    qopt::populateVectorExpandShapesPatterns(patterns);
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};
} // namespace
