// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// An f32 holds every integer up to 2^24. A sum of products of integers that
// stays below it, with all its parts and in every order of them, is therefore
// the same in floats:
//
//   sum_k |q_x - Z_x| |q_w - Z_w| + |q_b|  <=  2^24
//
// The bound is taken over the storage range of the input, so that no input is
// an exception.

#include "SimulatedWeights.h"

#include "qopt/Dialect/NN/IR/FloatValues.h"
#include "qopt/Dialect/NN/IR/StoredValues.h"
#include "qopt/Dialect/NN/Transforms/Passes.h"
#include "qopt/Support/PassStatistics.h"

#include "mlir/IR/PatternMatch.h"

#include <cmath>

namespace qopt::nn {
#define GEN_PASS_DEF_NNSUMINFLOATSPASS
#include "qopt/Dialect/NN/Transforms/Passes.h.inc"
} // namespace qopt::nn

using namespace mlir;
using namespace qopt;
using namespace qopt::nn;

static constexpr int64_t largestExact = int64_t(1) << 24;

namespace {
/// An accumulator's addends as floats.
struct Addends {
  quant::UniformQuantizedType input;
  std::vector<float> weights, bias;
  bool areExact = true;
};
} // namespace

/// Reads constant weights and bias. Nothing if they are not known, or the op
/// makes no accumulator of stored values.
static std::optional<Addends> readAddends(LinearOpInterface op) {
  Value weights = op.getWeightOperand().get();
  auto type = dyn_cast_or_null<quant::QuantizedType>(
      getQuantizedElementType(weights.getType()));
  auto input = dyn_cast<quant::UniformQuantizedType>(
      getElementTypeOrSelf(op.getInputOperand().get().getType()));
  std::optional<StoredValues> stored = StoredValues::get(weights);
  if (!input || !type || !stored || !getRowParameters(type, 0))
    return std::nullopt;
  Addends addends;
  addends.input = input;
  double farthest = std::max(input.getStorageTypeMax() - input.getZeroPoint(),
                             input.getZeroPoint() - input.getStorageTypeMin());
  WeightRows rows = WeightRows::get(op);
  std::vector<double> bounds(rows.channels);
  for (int64_t i = 0, e = stored->size(); i != e; ++i) {
    int64_t channel = i / rows.inner % rows.channels;
    int64_t weight = (*stored)[i] - getRowParameters(type, channel)->zeroPoint;
    addends.weights.push_back(static_cast<float>(weight));
    bounds[channel] += farthest * std::abs(static_cast<double>(weight));
  }
  if (Value bias = op.getBiasValue()) {
    std::optional<StoredValues> values = StoredValues::get(bias);
    if (!values)
      return std::nullopt;
    for (int64_t c = 0, e = values->size(); c != e; ++c) {
      addends.bias.push_back(static_cast<float>((*values)[c]));
      bounds[c] += std::abs(static_cast<double>((*values)[c]));
    }
  }
  addends.areExact =
      llvm::all_of(bounds, [](double bound) { return bound <= largestExact; });
  return addends;
}

/// The integers of a quantized value in a type with another meaning.
static Value reinterpret(OpBuilder &builder, Value value, Type element) {
  auto type = cast<RankedTensorType>(value.getType());
  auto storage =
      cast<quant::QuantizedType>(type.getElementType()).getStorageType();
  Value plain = quant::StorageCastOp::create(builder, value.getLoc(),
                                             type.clone(storage), value);
  return quant::StorageCastOp::create(builder, value.getLoc(),
                                      type.clone(element), plain);
}

/// `q - Z` of each stored value.
static Value subtractZeroPoint(OpBuilder &builder, Value value,
                               quant::UniformQuantizedType type) {
  auto unit = quant::UniformQuantizedType::get(
      type.getFlags(), cast<IntegerType>(type.getStorageType()),
      cast<FloatType>(type.getExpressedType()), 1.0, type.getZeroPoint(),
      type.getStorageTypeMin(), type.getStorageTypeMax());
  Value counted = reinterpret(builder, value, unit);
  return quant::DequantizeCastOp::create(
      builder, value.getLoc(),
      cast<RankedTensorType>(value.getType()).clone(builder.getF32Type()),
      counted);
}

static void sumInFloats(RewriterBase &rewriter, LinearOpInterface op,
                        const Addends &addends) {
  rewriter.setInsertionPoint(op);
  Value weights = op.getWeightOperand().get();
  Value input =
      subtractZeroPoint(rewriter, op.getInputOperand().get(), addends.input);
  Value filter = makeFloats(rewriter, weights.getLoc(),
                            cast<ShapedType>(weights.getType()).getShape(),
                            ArrayRef<float>(addends.weights));
  Value bias;
  if (Value old = op.getBiasValue())
    bias = makeFloats(rewriter, old.getLoc(),
                      {static_cast<int64_t>(addends.bias.size())},
                      ArrayRef<float>(addends.bias));
  auto type = cast<RankedTensorType>(op->getResult(0).getType());
  rewriter.modifyOpInPlace(op, [&] {
    op.getInputOperand().set(input);
    op.getWeightOperand().set(filter);
    if (bias)
      op.setBiasValue(bias);
    op.becomeAccumulator(type.clone(rewriter.getF32Type()));
  });

  rewriter.setInsertionPointAfter(op);
  auto whole = quant::UniformQuantizedType::get(
      quant::QuantizationFlags::Signed, rewriter.getIntegerType(32),
      rewriter.getF32Type(), 1.0, 0, -largestExact, largestExact);
  auto counted = quant::QuantizeCastOp::create(
      rewriter, op.getLoc(), type.clone(whole), op->getResult(0),
      quant::RoundingModeAttr());
  Value sum = reinterpret(rewriter, counted.getResult(), type.getElementType());
  rewriter.replaceAllUsesExcept(op->getResult(0), sum, counted);
}

namespace {
struct NNSumInFloats : nn::impl::NNSumInFloatsPassBase<NNSumInFloats> {
  using NNSumInFloatsPassBase::NNSumInFloatsPassBase;

  void runOnOperation() override {
    SmallVector<LinearOpInterface> ops;
    getOperation()->walk([&](LinearOpInterface op) {
      if (isAccumulator(op->getResult(0).getType()))
        ops.push_back(op);
    });
    IRRewriter rewriter(&getContext());
    uint64_t numFloat = 0, numTooLarge = 0;
    for (LinearOpInterface op : ops) {
      std::optional<Addends> addends = readAddends(op);
      if (!addends)
        continue;
      if (!addends->areExact) {
        ++numTooLarge;
        continue;
      }
      sumInFloats(rewriter, op, *addends);
      ++numFloat;
    }
    recordStatistic(*this, "num-float", numFloat);
    recordStatistic(*this, "num-too-large", numTooLarge);
  }
};
} // namespace
