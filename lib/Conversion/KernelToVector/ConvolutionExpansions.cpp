// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The entries of convolutions in the table of expansions.

#include "qopt/Conversion/KernelToVector/ExpandConvolutions.h"

using namespace mlir;
using namespace qopt;

namespace {
class Conv2DPattern : public emit::KernelExpansion<kernel::Conv2DOp> {
public:
  using KernelExpansion::KernelExpansion;

protected:
  bool acceptsGaps(kernel::Conv2DOp op, OpOperand &operand) const override {
    return &operand == &op.getInitMutable() && op.getResiduals().empty() &&
           op.getPacked();
  }
  LogicalResult expand(kernel::Conv2DOp op, emit::VectorEmitter &e,
                       PatternRewriter &rewriter) const override {
    if (failed(kernel::expandConv2D(e, op)))
      return failure();
    rewriter.eraseOp(op);
    return success();
  }
};

class DepthwiseConv2DPattern
    : public emit::KernelExpansion<kernel::DepthwiseConv2DOp> {
public:
  using KernelExpansion::KernelExpansion;

protected:
  bool acceptsGaps(kernel::DepthwiseConv2DOp op,
                   OpOperand &operand) const override {
    return &operand == &op.getInitMutable() && op.getResiduals().empty();
  }
  LogicalResult expand(kernel::DepthwiseConv2DOp op, emit::VectorEmitter &e,
                       PatternRewriter &rewriter) const override {
    if (failed(kernel::expandDepthwiseConv2D(e, op)))
      return failure();
    rewriter.eraseOp(op);
    return success();
  }
};
} // namespace

void kernel::populateConvolutionExpansions(
    RewritePatternSet &patterns, const emit::ExpansionContext &shared) {
  patterns.add<Conv2DPattern, DepthwiseConv2DPattern>(patterns.getContext(),
                                                      shared);
}
