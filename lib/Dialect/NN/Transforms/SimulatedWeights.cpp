// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// See SimulatedWeights.h.

#include "SimulatedWeights.h"

#include "qopt/Dialect/NN/IR/FloatValues.h"
#include "qopt/Dialect/NN/IR/StoredValues.h"
#include "qopt/Dialect/NN/IR/WeightScales.h"
#include "qopt/Numerics/QuantizationParameters.h"

#include <cmath>

using namespace mlir;
using namespace qopt;
using namespace qopt::nn;

std::optional<ScaleAndZeroPoint>
qopt::nn::getRowParameters(quant::QuantizedType type, int64_t row) {
  if (auto perAxis = dyn_cast<quant::UniformQuantizedPerAxisType>(type))
    return ScaleAndZeroPoint{perAxis.getScales()[row],
                             perAxis.getZeroPoints()[row]};
  if (auto perTensor = dyn_cast<quant::UniformQuantizedType>(type))
    return ScaleAndZeroPoint{perTensor.getScale(), perTensor.getZeroPoint()};
  return std::nullopt;
}

/// True if every row has one scale.
static bool isRowwise(LinearOpInterface op, quant::QuantizedType type) {
  auto perAxis = dyn_cast<quant::UniformQuantizedPerAxisType>(type);
  return perAxis ? perAxis.getQuantizedDimension() == op.getWeightChannelAxis()
                 : isa<quant::UniformQuantizedType>(type);
}

std::optional<RealWeights> RealWeights::get(LinearOpInterface op) {
  auto dequantize =
      op.getWeightOperand().get().getDefiningOp<quant::DequantizeCastOp>();
  if (!dequantize)
    return std::nullopt;
  auto quantize = dequantize.getInput().getDefiningOp<quant::QuantizeCastOp>();
  if (!quantize)
    return std::nullopt;
  quant::QuantizedType type = quantize.getQuantizedType();
  auto scales = WeightScales::get(quantize.getType());
  std::optional<std::vector<float>> values = readFloats(quantize.getInput());
  if (!scales || !values ||
      (!isRowwise(op, type) &&
       !isa<quant::UniformQuantizedSubChannelType>(type)))
    return std::nullopt;
  return RealWeights{quantize, type, std::move(*scales), std::move(*values)};
}

/// The reals of a value: known floats, or integers or rounded floats that are
/// dequantized. `channelOf` says which row an element belongs to.
template <typename ChannelOf>
static std::optional<std::vector<double>> readEffective(Value value,
                                                        ChannelOf channelOf) {
  auto dequantize = value.getDefiningOp<quant::DequantizeCastOp>();
  if (!dequantize)
    return readDoubles(value);
  quant::QuantizedType type = dequantize.getQuantizedType();
  if (!getRowParameters(type, 0))
    return std::nullopt;
  std::vector<double> reals;
  auto add = [&](int64_t stored) {
    auto [scale, zeroPoint] = *getRowParameters(type, channelOf(reals.size()));
    reals.push_back(scale * static_cast<double>(stored - zeroPoint));
  };
  if (auto quantize =
          dequantize.getInput().getDefiningOp<quant::QuantizeCastOp>()) {
    std::optional<std::vector<float>> floats = readFloats(quantize.getInput());
    if (!floats)
      return std::nullopt;
    for (float real : *floats) {
      auto [scale, zeroPoint] =
          *getRowParameters(type, channelOf(reals.size()));
      add(numerics::quantizeValue(
          real, {scale, zeroPoint},
          {type.getStorageTypeMin(), type.getStorageTypeMax()}));
    }
    return reals;
  }
  std::optional<StoredValues> stored = StoredValues::get(dequantize.getInput());
  if (!stored)
    return std::nullopt;
  for (int64_t i = 0, e = stored->size(); i != e; ++i)
    add((*stored)[i]);
  return reals;
}

/// Constant integers with scales of any form.
static std::optional<std::vector<double>>
readGrouped(quant::DequantizeCastOp dequantize) {
  std::optional<StoredValues> stored = StoredValues::get(dequantize.getInput());
  auto scales = WeightScales::get(dequantize.getInput().getType());
  if (!stored || !scales)
    return std::nullopt;
  std::vector<double> reals;
  for (int64_t i = 0, e = stored->size(); i != e; ++i)
    reals.push_back((*scales)[i].scale *
                    static_cast<double>((*stored)[i] - (*scales)[i].zeroPoint));
  return reals;
}

std::optional<std::vector<double>>
qopt::nn::readEffectiveWeights(LinearOpInterface op) {
  WeightRows rows = WeightRows::get(op);
  auto dequantize =
      op.getWeightOperand().get().getDefiningOp<quant::DequantizeCastOp>();
  if (dequantize && !isRowwise(op, dequantize.getQuantizedType()))
    return readGrouped(dequantize);
  return readEffective(op.getWeightOperand().get(), [&](int64_t element) {
    return element / rows.inner % rows.channels;
  });
}

std::optional<std::vector<double>>
qopt::nn::readEffectiveBias(LinearOpInterface op) {
  if (!op.getBiasValue())
    return std::vector<double>(WeightRows::get(op).channels);
  return readEffective(op.getBiasValue(),
                       [](int64_t element) { return element; });
}

Value qopt::nn::makeStored(OpBuilder &builder, Location loc,
                           RankedTensorType real, quant::QuantizedType type,
                           ArrayRef<int64_t> stored) {
  auto storage = cast<IntegerType>(type.getStorageType());
  auto integers = llvm::map_to_vector(stored, [&](int64_t value) {
    return llvm::APInt(storage.getWidth(), static_cast<uint64_t>(value),
                       /*isSigned=*/false, /*implicitTrunc=*/true);
  });
  return ConstantOp::create(
      builder, loc, real.clone(type),
      DenseIntElementsAttr::get(real.clone(storage), integers));
}

quant::QuantizedType qopt::nn::getBiasType(LinearOpInterface op) {
  auto input =
      op.getInputOperand().get().getDefiningOp<quant::DequantizeCastOp>();
  auto weights =
      op.getWeightOperand().get().getDefiningOp<quant::DequantizeCastOp>();
  if (!input || !weights)
    return {};
  auto inputType =
      dyn_cast<quant::UniformQuantizedType>(input.getQuantizedType());
  if (!inputType)
    return {};
  quant::QuantizedType type = weights.getQuantizedType();
  // Beside weights in groups the bias counts as they were given it.
  if (!isRowwise(op, type)) {
    auto bias = op.getBiasValue()
                    ? op.getBiasValue().getDefiningOp<quant::DequantizeCastOp>()
                    : quant::DequantizeCastOp();
    return bias ? bias.getQuantizedType() : quant::QuantizedType();
  }
  auto storage = IntegerType::get(op->getContext(), 32);
  auto real = cast<FloatType>(type.getExpressedType());
  int64_t min = std::numeric_limits<int32_t>::min();
  int64_t max = std::numeric_limits<int32_t>::max();
  if (auto perAxis = dyn_cast<quant::UniformQuantizedPerAxisType>(type)) {
    auto scales = llvm::map_to_vector(perAxis.getScales(), [&](double scale) {
      return inputType.getScale() * scale;
    });
    SmallVector<int64_t> zeroPoints(scales.size(), 0);
    return quant::UniformQuantizedPerAxisType::get(
        quant::QuantizationFlags::Signed, storage, real, scales, zeroPoints, 0,
        min, max);
  }
  return quant::UniformQuantizedType::get(
      quant::QuantizationFlags::Signed, storage, real,
      inputType.getScale() * cast<quant::UniformQuantizedType>(type).getScale(),
      0, min, max);
}

void qopt::nn::setBias(RewriterBase &rewriter, LinearOpInterface op,
                       ArrayRef<double> bias) {
  Location loc = op->getLoc();
  if (Value old = op.getBiasValue())
    loc = old.getLoc();
  rewriter.setInsertionPoint(op);
  Value made;
  if (quant::QuantizedType type = getBiasType(op)) {
    SmallVector<int64_t> stored;
    for (auto [channel, real] : llvm::enumerate(bias))
      stored.push_back(static_cast<int64_t>(
          std::clamp(std::round(real / getRowParameters(type, channel)->scale),
                     static_cast<double>(type.getStorageTypeMin()),
                     static_cast<double>(type.getStorageTypeMax()))));
    auto real = RankedTensorType::get(static_cast<int64_t>(bias.size()),
                                      type.getExpressedType());
    made = quant::DequantizeCastOp::create(
        rewriter, loc, real, makeStored(rewriter, loc, real, type, stored));
  } else {
    made = makeFloats(rewriter, loc, {static_cast<int64_t>(bias.size())}, bias);
  }
  rewriter.modifyOpInPlace(op, [&] { op.setBiasValue(made); });
}
