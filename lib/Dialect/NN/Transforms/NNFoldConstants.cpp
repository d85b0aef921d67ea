// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Walks the ops in order and asks each whose operands are known f32 numbers to
// compute its result, so that a constant found serves the ops behind it. What
// quantizes or dequantizes is left alone: in a simulated graph such an op on a
// constant is the point of the constant.

#include "qopt/Dialect/NN/IR/FloatValues.h"
#include "qopt/Dialect/NN/IR/NN.h"
#include "qopt/Dialect/NN/Transforms/Passes.h"
#include "qopt/Support/PassStatistics.h"

namespace qopt::nn {
#define GEN_PASS_DEF_NNFOLDCONSTANTSPASS
#include "qopt/Dialect/NN/Transforms/Passes.h.inc"
} // namespace qopt::nn

using namespace mlir;
using namespace qopt;
using namespace qopt::nn;

/// The results of an op on constants, or nothing.
static std::optional<std::vector<float>> evaluate(EvaluableOpInterface op,
                                                  int64_t maxElements) {
  if (op->getNumResults() != 1 || op->getNumOperands() == 0)
    return std::nullopt;
  auto type = dyn_cast<RankedTensorType>(op->getResult(0).getType());
  if (!type || !type.hasStaticShape() || !type.getElementType().isF32() ||
      type.getNumElements() > maxElements)
    return std::nullopt;
  SmallVector<std::vector<float>> operands;
  for (Value operand : op->getOperands()) {
    // Before its elements are copied: most operands are no constants.
    if (!operand.getDefiningOp<ConstantOp>())
      return std::nullopt;
    std::optional<std::vector<float>> values = readFloats(operand);
    if (!values)
      return std::nullopt;
    operands.push_back(std::move(*values));
  }
  auto views = llvm::map_to_vector(
      operands, [](const std::vector<float> &v) { return ArrayRef<float>(v); });
  std::vector<float> result(type.getNumElements());
  if (failed(op.evaluateFloats(views, result)))
    return std::nullopt;
  return result;
}

namespace {
struct NNFoldConstants : nn::impl::NNFoldConstantsPassBase<NNFoldConstants> {
  using NNFoldConstantsPassBase::NNFoldConstantsPassBase;

  void runOnOperation() override {
    SmallVector<EvaluableOpInterface> ops;
    getOperation()->walk([&](EvaluableOpInterface op) { ops.push_back(op); });
    uint64_t numFolded = 0;
    for (EvaluableOpInterface op : ops) {
      std::optional<std::vector<float>> values = evaluate(op, maxElements);
      if (!values)
        continue;
      OpBuilder builder(op);
      Value result = op->getResult(0);
      result.replaceAllUsesWith(makeFloats(
          builder, op->getLoc(), cast<ShapedType>(result.getType()).getShape(),
          ArrayRef<float>(*values)));
      SmallVector<Value> operands(op->getOperands());
      op->erase();
      for (Value operand : llvm::SetVector<Value>(llvm::from_range, operands))
        if (operand.use_empty())
          operand.getDefiningOp()->erase();
      ++numFolded;
    }
    recordStatistic(*this, "num-folded", numFolded);
  }
};
} // namespace
