// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// See DescribeLayer.h.

#include "DescribeLayer.h"

#include "qopt/Dialect/NN/IR/FloatValues.h"
#include "qopt/Dialect/NN/IR/NN.h"
#include "qopt/Dialect/NN/IR/TensorNames.h"
#include "qopt/Dialect/Quant/IR/QuantOps.h"
#include "llvm/Support/MathExtras.h"

using namespace llvm;
using namespace qopt;

static std::string describeStorage(quant::QuantizedType type) {
  return (type.isSigned() ? "i" : "u") +
         std::to_string(type.getStorageTypeIntegralWidth());
}

static quant::QuantizedType getQuantized(mlir::Value value) {
  return dyn_cast<quant::QuantizedType>(
      mlir::getElementTypeOrSelf(value.getType()));
}

std::optional<report::Activation>
qopt::describeActivation(mlir::Value simulated) {
  mlir::Operation *cast = findQuantize(simulated);
  auto type = cast ? dyn_cast_or_null<quant::UniformQuantizedType>(
                         getQuantized(cast->getResult(0)))
                   : quant::UniformQuantizedType();
  if (!type)
    return std::nullopt;
  report::Activation activation;
  activation.name = nn::getTensorName(simulated).str();
  activation.scale = type.getScale();
  activation.zeroPoint = type.getZeroPoint();
  activation.storage = describeStorage(type);
  auto getReal = [&](int64_t stored) {
    return type.getScale() * double(stored - type.getZeroPoint());
  };
  activation.chosen = {getReal(type.getStorageTypeMin()),
                       getReal(type.getStorageTypeMax())};
  return activation;
}

std::optional<report::Activation>
qopt::describeActivation(const MatchedLayer &layer) {
  if (!layer.simulated)
    return std::nullopt;
  return describeActivation(layer.simulated->getResult(0));
}

/// The least and greatest weight of each output channel; none if the weights
/// are no float constant.
static std::vector<report::Range> getRanges(mlir::Operation *op) {
  auto linear = dyn_cast_or_null<LinearOpInterface>(op);
  if (!linear)
    return {};
  mlir::Value weights = linear.getWeightOperand().get();
  auto values = nn::readDoubles(weights);
  if (!values)
    return {};
  auto shape = cast<mlir::ShapedType>(weights.getType()).getShape();
  int64_t axis = linear.getWeightChannelAxis(), channels = shape[axis];
  int64_t inner = 1;
  for (int64_t size : shape.drop_front(axis + 1))
    inner *= size;
  std::vector<report::Range> ranges(channels);
  for (auto [i, value] : enumerate(*values)) {
    report::Range &range = ranges[i / inner % channels];
    range.low = std::min(range.low, value);
    range.high = std::max(range.high, value);
  }
  return ranges;
}

static bool areEqual(ArrayRef<report::Range> lhs, ArrayRef<report::Range> rhs) {
  return equal(lhs, rhs, [](const report::Range &a, const report::Range &b) {
    return a.low == b.low && a.high == b.high;
  });
}

static uint64_t getBytes(mlir::ShapedType type) {
  mlir::Type element = type.getElementType();
  if (auto quantized = dyn_cast<quant::QuantizedType>(element))
    element = quantized.getStorageType();
  return divideCeil(
      uint64_t(type.getNumElements()) * element.getIntOrFloatBitWidth(), 8);
}

/// Bytes of a constant operand, behind a dequantization, too.
static uint64_t getConstantBytes(mlir::Value value) {
  if (auto dequantize = value.getDefiningOp<quant::DequantizeCastOp>())
    value = dequantize.getInput();
  return value.getDefiningOp<nn::ConstantOp>()
             ? getBytes(cast<mlir::ShapedType>(value.getType()))
             : 0;
}

static std::optional<report::Weights>
describeWeights(const MatchedLayer &layer) {
  auto linear = dyn_cast_or_null<LinearOpInterface>(layer.simulated);
  if (!linear)
    return std::nullopt;
  auto dequantize =
      linear.getWeightOperand().get().getDefiningOp<quant::DequantizeCastOp>();
  if (!dequantize)
    return std::nullopt;
  report::Weights weights;
  quant::QuantizedType type = getQuantized(dequantize.getInput());
  weights.storage = describeStorage(type);
  weights.isPerChannel = !isa<quant::UniformQuantizedType>(type);
  weights.after = getRanges(layer.prepared);
  weights.before = getRanges(layer.folded);
  // Nothing to compare where nothing was done.
  if (areEqual(weights.before, weights.after))
    weights.before.clear();
  for (mlir::Value operand : layer.prepared->getOperands())
    weights.floatBytes += getConstantBytes(operand);
  for (mlir::Value operand : layer.simulated->getOperands())
    weights.quantizedBytes += getConstantBytes(operand);
  return weights;
}

/// Why a layer is not on integers, as far as the stages tell.
static std::string explain(const MatchedLayer &layer,
                           const QuantizeOptions &options) {
  if (!isa<QuantizableOpInterface>(layer.prepared))
    return "the op has no quantized form";
  if (!layer.simulated || !layer.quantized)
    return "the op is gone from the integer graph";
  if (findQuantize(layer.simulated->getResult(0)))
    return "an operand stays float";
  return "profile '" + options.profile + "'" +
         (options.recipe.empty() ? "" : " or the recipe") + " keeps it float";
}

report::Layer qopt::describeLayer(const MatchedLayer &layer,
                                  const QuantizeOptions &options) {
  report::Layer result;
  mlir::Value value = layer.prepared->getResult(0);
  result.name = nn::getTensorName(value).str();
  result.kind = layer.prepared->getName().stripDialect().str();
  if (result.name.empty())
    result.name = result.kind;
  // Indices of maxima are integers in any case.
  result.isInteger =
      layer.quantized &&
      llvm::all_of(layer.quantized->getOperandTypes(), [](mlir::Type type) {
        return !mlir::getElementTypeOrSelf(type).isF32();
      });
  if (!result.isInteger)
    result.reason = explain(layer, options);
  result.weights = describeWeights(layer);
  return result;
}

uint64_t qopt::getConstantBytes(mlir::ModuleOp module) {
  uint64_t bytes = 0;
  module.walk(
      [&](nn::ConstantOp constant) { bytes += getBytes(constant.getType()); });
  return bytes;
}
