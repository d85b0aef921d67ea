// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Weights in groups whose scales are multiples of one number are integers of
// that number:
//
//   sum over groups of (m * u) * (sum of x * q)  =  u * (sum of x * (m * q))
//
// As long as m * q fits a byte the right side is what int8 kernels compute.

#include "qopt/Dialect/NN/IR/NN.h"
#include "qopt/Dialect/NN/IR/StoredValues.h"
#include "qopt/Dialect/NN/IR/WeightScales.h"
#include "qopt/Dialect/NN/Transforms/Passes.h"
#include "qopt/Support/PassStatistics.h"

#include <cmath>

namespace qopt::nn {
#define GEN_PASS_DEF_NNFOLDGROUPSCALESPASS
#include "qopt/Dialect/NN/Transforms/Passes.h.inc"
} // namespace qopt::nn

using namespace mlir;
using namespace qopt;
using namespace qopt::nn;

/// Whether the op multiplies stored integers by weights in groups.
static bool hasGroups(LinearOpInterface op) {
  Type weights = getElementTypeOrSelf(op.getWeightOperand().get().getType());
  return isa<quant::UniformQuantizedSubChannelType>(weights) &&
         getQuantizedElementType(op.getInputOperand().get().getType());
}

/// The weights as bytes in units of their channel's scale.
static FailureOr<Value> foldScales(OpBuilder &builder, LinearOpInterface op) {
  Value weights = op.getWeightOperand().get();
  auto type = cast<RankedTensorType>(weights.getType());
  auto old = cast<quant::QuantizedType>(type.getElementType());
  std::optional<StoredValues> stored = StoredValues::get(weights);
  if (!stored)
    return op->emitOpError("has weights in groups that are not a constant, "
                           "expected one");
  std::optional<SmallVector<double>> units = getChannelUnits(op);
  if (!units)
    return op->emitOpError("has weights in groups whose scales are no small "
                           "multiples of one number, so that no integer holds "
                           "their sum; quantize with int4w8a or per channel");
  WeightScales scales = *WeightScales::get(type);
  int64_t axis = op.getWeightChannelAxis();
  int64_t inner =
      ShapedType::getNumElements(type.getShape().drop_front(axis + 1));
  SmallVector<int8_t> bytes;
  for (int64_t i = 0, e = stored->size(); i != e; ++i) {
    int64_t channel = i / inner % type.getDimSize(axis);
    auto [scale, zeroPoint] = scales[i];
    int64_t multiple = std::llround(scale / (*units)[channel]);
    int64_t product = multiple * ((*stored)[i] - zeroPoint);
    if (product < -127 || product > 127)
      return op->emitOpError("has a weight of ")
             << (*stored)[i] - zeroPoint << " steps in channel " << channel
             << " whose group has " << multiple
             << " times the channel's scale: the product " << product
             << " does not fit -127...127";
    bytes.push_back(static_cast<int8_t>(product));
  }
  SmallVector<int64_t> zeroPoints(units->size(), 0);
  auto element = quant::UniformQuantizedPerAxisType::get(
      quant::QuantizationFlags::Signed, builder.getI8Type(),
      cast<FloatType>(old.getExpressedType()), *units, zeroPoints, axis, -127,
      127);
  auto values = DenseElementsAttr::get(type.clone(builder.getI8Type()),
                                       ArrayRef<int8_t>(bytes));
  return ConstantOp::create(builder, weights.getLoc(), type.clone(element),
                            values)
      .getResult();
}

namespace {
struct NNFoldGroupScales
    : nn::impl::NNFoldGroupScalesPassBase<NNFoldGroupScales> {
  using NNFoldGroupScalesPassBase::NNFoldGroupScalesPassBase;

  void runOnOperation() override {
    SmallVector<LinearOpInterface> ops;
    getOperation()->walk([&](LinearOpInterface op) {
      if (hasGroups(op))
        ops.push_back(op);
    });
    OpBuilder builder(&getContext());
    for (LinearOpInterface op : ops) {
      Operation *old = op.getWeightOperand().get().getDefiningOp();
      builder.setInsertionPoint(op);
      FailureOr<Value> folded = foldScales(builder, op);
      if (failed(folded))
        return signalPassFailure();
      op.getWeightOperand().set(*folded);
      if (old && old->use_empty())
        old->erase();
    }
    recordStatistic(*this, "num-folded", ops.size());
  }
};
} // namespace
