// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Moves the stages of element-wise kernels into the kernel that makes their
// input.
//
// Walking down the function, each `kernel.elementwise` looks at its input and
// at the operand of its first stage: either may be what a kernel with stages
// made for it alone. The producer is cloned to the place of the element-wise
// op with the stages of both, so no value moves up and dominance holds. That
// nothing is rounded on the way is proved from the producer's last stage: the
// stored value equals the running value if that fits the element type.

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Interfaces/DestinationStyleOpInterface.h"
#include "qopt/Dialect/Kernel/Transforms/Passes.h"
#include "qopt/Support/PassStatistics.h"

namespace qopt::kernel {
#define GEN_PASS_DEF_KERNELFUSEEPILOGUESPASS
#include "qopt/Dialect/Kernel/Transforms/Passes.h.inc"
} // namespace qopt::kernel

using namespace mlir;
using namespace qopt;
using namespace qopt::kernel;

//===----------------------------------------------------------------------===//
// What the stored value tells of the running value
//===----------------------------------------------------------------------===//

/// Whether storing the result of `producer` and loading it again, extended as
/// `isUnsigned` says, gives back the running value.
static bool isStoredExactly(StagedOpInterface producer, bool isUnsigned) {
  auto type = cast<ShapedType>(producer->getResult(0).getType());
  unsigned bits = type.getElementTypeBitWidth();
  if (!type.getElementType().isInteger() || bits >= 32)
    return true;
  StageRange fits = isUnsigned ? StageRange{0, (int64_t(1) << bits) - 1}
                               : StageRange{-(int64_t(1) << (bits - 1)),
                                            (int64_t(1) << (bits - 1)) - 1};
  SmallVector<StageAttrInterface> stages = producer.getStageList();
  if (stages.empty()) {
    // The value is an input's element, or between two of them.
    auto input = cast<ShapedType>(producer->getOperand(0).getType());
    return input.getElementType() == type.getElementType() &&
           producer->hasAttr("input_unsigned") == isUnsigned;
  }
  std::optional<StageRange> range = stages.back().getValueRange();
  return range && range->min >= fits.min && range->max <= fits.max;
}

/// The type of the running value after the last stage.
static Type getFinalValueType(StagedOpInterface op) {
  Type value = op.getInitialValueType();
  unsigned next = 0;
  for (StageAttrInterface stage : op.getStageList()) {
    SmallVector<Type> operands;
    for (unsigned i = 0; i < stage.getNumStageOperands(); ++i)
      operands.push_back(
          cast<ShapedType>(op.getStageOperands()[next++].getType())
              .getElementType());
    // A verified op has no stage that fails.
    value =
        *stage.verifyStage(value, operands, [&] { return op->emitOpError(); });
  }
  return value;
}

//===----------------------------------------------------------------------===//
// Candidates
//===----------------------------------------------------------------------===//

namespace {

/// A producer that can absorb an element-wise op.
struct Candidate {
  StagedOpInterface producer;
  /// Set where the producer's value is seen under another shape.
  ViewOp view;
  /// The consumer's stages, with the producer's value as running value.
  SmallVector<Attribute> stages;
  /// The consumer's stage operands, in the order of those stages.
  SmallVector<Value> operands;
};

} // namespace

/// The kernel that makes `value` for `consumer` alone, perhaps through a view.
static std::optional<Candidate> getProducer(Value value,
                                            ElementwiseOp consumer) {
  Candidate candidate;
  if (!value.hasOneUse())
    return std::nullopt;
  if (auto view = value.getDefiningOp<ViewOp>()) {
    candidate.view = view;
    value = view.getSource();
    if (!value.hasOneUse())
      return std::nullopt;
  }
  candidate.producer = value.getDefiningOp<StagedOpInterface>();
  if (!candidate.producer ||
      candidate.producer->getBlock() != consumer->getBlock())
    return std::nullopt;
  return candidate;
}

/// The running value may be what `consumer` calls its input.
static std::optional<Candidate> fuseInput(ElementwiseOp consumer) {
  std::optional<Candidate> candidate =
      getProducer(consumer.getInput(), consumer);
  if (!candidate ||
      !isStoredExactly(candidate->producer, consumer.getInputUnsigned()) ||
      getFinalValueType(candidate->producer) != consumer.getInitialValueType())
    return std::nullopt;
  llvm::append_range(candidate->stages, consumer.getStages());
  llvm::append_range(candidate->operands, consumer.getStageOperands());
  return candidate;
}

/// Or what it calls the operand of its first stage, with the roles exchanged.
static std::optional<Candidate> fuseOperand(ElementwiseOp consumer) {
  SmallVector<StageAttrInterface> stages = consumer.getStageList();
  if (stages.empty() || stages.front().getNumStageOperands() != 1)
    return std::nullopt;
  std::optional<Candidate> candidate =
      getProducer(consumer.getStageOperands().front(), consumer);
  StageAttrInterface swapped =
      stages.front().getSwapped(consumer.getInputUnsigned());
  if (!candidate || !swapped ||
      !isStoredExactly(candidate->producer,
                       stages.front().isOperandUnsigned()) ||
      getFinalValueType(candidate->producer) != consumer.getInitialValueType())
    return std::nullopt;
  llvm::append_range(candidate->stages, consumer.getStages());
  candidate->stages.front() = swapped;
  llvm::append_range(candidate->operands, consumer.getStageOperands());
  candidate->operands.front() = consumer.getInput();
  return candidate;
}

/// What neither side may get in the way of.
static bool canFuse(Candidate &candidate, ElementwiseOp consumer,
                    unsigned maxStages) {
  StagedOpInterface producer = candidate.producer;
  auto output = cast<ShapedType>(consumer->getResult(0).getType());
  auto made = cast<ShapedType>(producer->getResult(0).getType());
  // A view's value has another shape than the operands would have.
  if (candidate.view && !candidate.operands.empty())
    return false;
  Value seen =
      candidate.view ? Value(candidate.view.getResult())
                     : Value(producer->getResult(0));
  if (cast<ShapedType>(seen.getType()).getShape() != output.getShape())
    return false;
  // Only element-wise kernels broadcast.
  if (!isa<ElementwiseOp>(producer.getOperation()))
    for (Value operand : candidate.operands)
      if (cast<ShapedType>(operand.getType()).getShape() != made.getShape())
        return false;
  if (consumer.getMultiplier())
    return false;
  if (!candidate.operands.empty() && !producer.canAppendStageOperands())
    return false;
  return producer.getStagesAttr().size() + candidate.stages.size() <= maxStages;
}

//===----------------------------------------------------------------------===//
// Fusion
//===----------------------------------------------------------------------===//

/// Replaces consumer and producer by the producer with the stages of both.
static void fuse(Candidate &candidate, ElementwiseOp consumer) {
  StagedOpInterface producer = candidate.producer;
  OpBuilder builder(consumer);
  auto made = cast<RankedTensorType>(producer->getResult(0).getType());
  auto output = cast<RankedTensorType>(consumer->getResult(0).getType());
  RankedTensorType type = made.clone(output.getElementType());

  Value init = consumer.getInit();
  if (init.getType() != type)
    init = tensor::EmptyOp::create(builder, consumer.getLoc(), type.getShape(),
                                   type.getElementType());
  Operation *fused = builder.clone(*producer);
  fused->setLoc(consumer.getLoc());
  fused->setOperand(fused->getNumOperands() - 1, init);
  fused->getResult(0).setType(type);
  auto staged = cast<StagedOpInterface>(fused);
  SmallVector<Attribute> stages(producer.getStagesAttr().getValue());
  llvm::append_range(stages, candidate.stages);
  staged.setStagesAttr(builder.getArrayAttr(stages));
  if (!candidate.operands.empty())
    staged.getStageOperandsMutable().append(candidate.operands);

  Value result = fused->getResult(0);
  if (type != output)
    result = ViewOp::create(builder, consumer.getLoc(), output, result);
  consumer->getResult(0).replaceAllUsesWith(result);
  consumer.erase();
  if (candidate.view)
    candidate.view.erase();
  producer.erase();
}

namespace {

struct KernelFuseEpiloguesPass
    : kernel::impl::KernelFuseEpiloguesPassBase<KernelFuseEpiloguesPass> {
  using KernelFuseEpiloguesPassBase::KernelFuseEpiloguesPassBase;

  void runOnOperation() override {
    SmallVector<ElementwiseOp> consumers;
    getOperation().walk([&](ElementwiseOp op) {
      if (op->getNumResults() == 1)
        consumers.push_back(op);
    });
    for (ElementwiseOp consumer : consumers) {
      std::optional<Candidate> best = choose(consumer);
      if (!best)
        continue;
      recordStatistic(*this, "num-fused", 1);
      recordStatistic(*this, "num-residuals", best->operands.size());
      fuse(*best, consumer);
    }
  }

private:
  /// The candidate that is computed last: what it waits for is there already.
  std::optional<Candidate> choose(ElementwiseOp consumer) {
    std::optional<Candidate> best;
    for (auto find : {fuseInput, fuseOperand}) {
      std::optional<Candidate> candidate = find(consumer);
      if (!candidate || !canFuse(*candidate, consumer, maxStages))
        continue;
      if (!best || best->producer->isBeforeInBlock(candidate->producer))
        best = candidate;
    }
    return best;
  }
};

} // namespace
