// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// fully_connected(x, dcast(constant))  ->  fully_connected(x, constant)
//
// The op means the same on the integers as on the reals that they stand for; to
// let the kernel dequantize them keeps the model small.

#include "AttributeNames.h"

#include "qopt/Dialect/NN/IR/NN.h"
#include "qopt/Dialect/NN/IR/WeightScales.h"
#include "qopt/Dialect/NN/Transforms/Passes.h"
#include "qopt/Support/PassStatistics.h"

namespace qopt::nn {
#define GEN_PASS_DEF_NNUSESTOREDWEIGHTSPASS
#include "qopt/Dialect/NN/Transforms/Passes.h.inc"
} // namespace qopt::nn

using namespace mlir;
using namespace qopt;
using namespace qopt::nn;

/// Whether kernels dequantize weights of this type: bytes or less, with one
/// zero point, and scales per tensor, per output channel or for blocks of input
/// channels.
static bool isReadable(LinearOpInterface op, RankedTensorType type) {
  auto element = dyn_cast<quant::QuantizedType>(type.getElementType());
  std::optional<WeightScales> scales = WeightScales::get(type);
  if (!element || !scales || element.getStorageTypeIntegralWidth() > 8 ||
      !element.getExpressedType().isF32() ||
      !llvm::all_equal(scales->getZeroPoints()))
    return false;
  if (auto perAxis = dyn_cast<quant::UniformQuantizedPerAxisType>(element))
    return perAxis.getQuantizedDimension() == op.getWeightChannelAxis();
  return true;
}

/// Returns whether the weights are read as they are stored now.
static bool useStoredWeights(IRRewriter &rewriter, LinearOpInterface op) {
  OpOperand &weights = op.getWeightOperand();
  auto cast = weights.get().getDefiningOp<quant::DequantizeCastOp>();
  if (!cast || !cast.getInput().getDefiningOp<ConstantOp>() ||
      !isReadable(op, llvm::cast<RankedTensorType>(cast.getInput().getType())))
    return false;
  rewriter.modifyOpInPlace(op, [&] { weights.set(cast.getInput()); });
  // Blocks of another form have no kernel.
  if (isa<quant::UniformQuantizedSubChannelType>(cast.getQuantizedType()) &&
      !getWeightGroups(op)) {
    rewriter.modifyOpInPlace(op, [&] { weights.set(cast.getResult()); });
    return false;
  }
  if (cast->use_empty())
    rewriter.eraseOp(cast);
  return true;
}

namespace {
struct NNUseStoredWeights
    : nn::impl::NNUseStoredWeightsPassBase<NNUseStoredWeights> {
  using NNUseStoredWeightsPassBase::NNUseStoredWeightsPassBase;

  void runOnOperation() override {
    uint64_t numStored = 0, numDynamic = 0;
    IRRewriter rewriter(&getContext());
    SmallVector<LinearOpInterface> ops;
    getOperation()->walk([&](LinearOpInterface op) { ops.push_back(op); });
    for (LinearOpInterface op : ops) {
      if (!isa<FloatType>(
              getElementTypeOrSelf(op.getInputOperand().get().getType())) ||
          !useStoredWeights(rewriter, op))
        continue;
      ++numStored;
      if (!op->hasAttr(dynamicAttrName))
        continue;
      rewriter.modifyOpInPlace(op, [&] {
        op->removeAttr(dynamicAttrName);
        op->setAttr("dynamic_input", rewriter.getUnitAttr());
      });
      ++numDynamic;
    }
    recordStatistic(*this, "num-stored", numStored);
    recordStatistic(*this, "num-dynamic", numDynamic);
  }
};
} // namespace
