// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What an expansion of a kernel is: a rewrite pattern, so the pattern set is
// the open table of what can be expanded. To add a kernel, derive from
// KernelExpansion, and add a populate function to the list in
// ConvertKernelToVectorPass.cpp.

#ifndef QOPT_CONVERSION_KERNELTOVECTOR_KERNELEXPANSION_H
#define QOPT_CONVERSION_KERNELTOVECTOR_KERNELEXPANSION_H

#include "qopt/Conversion/KernelToVector/EmitStages.h"

#include "mlir/IR/PatternMatch.h"

namespace qopt::emit {

/// What all expansions of one module share.
struct ExpansionContext {
  cpu::TargetFacts facts;
  ConstantPool &pool;
};

/// Expands one kind of kernel on memrefs. Patterns of higher benefit are tried
/// first, so a special case may stand beside the general one.
template <typename KernelOp>
class KernelExpansion : public mlir::OpRewritePattern<KernelOp> {
public:
  KernelExpansion(mlir::MLIRContext *context, const ExpansionContext &shared,
                  mlir::PatternBenefit benefit = 1)
      : mlir::OpRewritePattern<KernelOp>(context, benefit), shared(shared) {}

  mlir::LogicalResult
  matchAndRewrite(KernelOp op, mlir::PatternRewriter &rewriter) const final {
    if (op->getNumResults() &&
        !llvm::isa<mlir::MemRefType>(op->getResult(0).getType()))
      return rewriter.notifyMatchFailure(op, "works on tensors");
    for (mlir::OpOperand &operand : op->getOpOperands())
      if (auto type = llvm::dyn_cast<mlir::MemRefType>(operand.get().getType());
          type && kernel::hasGaps(type) && !acceptsGaps(op, operand))
        return rewriter.notifyMatchFailure(op, "has gaps between rows");
    VectorEmitter e(op.getLoc(), rewriter, shared.facts, shared.pool);
    return expand(op, e, rewriter);
  }

protected:
  /// Whether the expansion goes by the operand's strides, not by its shape.
  virtual bool acceptsGaps(KernelOp op, mlir::OpOperand &operand) const {
    return false;
  }

  /// Emits code before the op and erases or replaces it; a refusal must be
  /// decided before anything is emitted.
  virtual mlir::LogicalResult expand(KernelOp op, VectorEmitter &e,
                                     mlir::PatternRewriter &rewriter) const = 0;

private:
  const ExpansionContext &shared;
};

void populateElementwiseExpansions(mlir::RewritePatternSet &patterns,
                                   const ExpansionContext &shared);
void populateTableExpansions(mlir::RewritePatternSet &patterns,
                             const ExpansionContext &shared);
void populatePoolingExpansions(mlir::RewritePatternSet &patterns,
                               const ExpansionContext &shared);
void populateReductionExpansions(mlir::RewritePatternSet &patterns,
                                 const ExpansionContext &shared);
void populateDynamicExpansions(mlir::RewritePatternSet &patterns,
                               const ExpansionContext &shared);
void populateSoftmaxExpansions(mlir::RewritePatternSet &patterns,
                               const ExpansionContext &shared);
void populateMovementExpansions(mlir::RewritePatternSet &patterns,
                                const ExpansionContext &shared);
void populateTransposeExpansions(mlir::RewritePatternSet &patterns,
                                 const ExpansionContext &shared);
void populateResizeExpansions(mlir::RewritePatternSet &patterns,
                              const ExpansionContext &shared);
void populateUnpackExpansions(mlir::RewritePatternSet &patterns,
                              const ExpansionContext &shared);

} // namespace qopt::emit

#endif // QOPT_CONVERSION_KERNELTOVECTOR_KERNELEXPANSION_H
