// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Ops of the quant dialect.

#include "Evaluate.h"
#include "Rounding.h"

#include <cmath>

using namespace mlir;
using namespace qopt;
using namespace qopt::reference;
using quant::RoundingMode;

/// Quotient in the expressed type; ties away from zero, or to even.
template <typename Float>
static std::vector<int64_t> quantize(llvm::ArrayRef<Float> reals,
                                     const Quantities &q, bool tiesToEven) {
  std::vector<int64_t> stored(reals.size());
  for (size_t i = 0; i < reals.size(); ++i) {
    int64_t channel = q.channelOf(i);
    int64_t zeroPoint = q.zeroPoint(channel);
    Float quotient = reals[i] / static_cast<Float>(q.scale(channel));
    if (std::isnan(quotient)) {
      stored[i] = zeroPoint;
      continue;
    }
    Float rounded =
        tiesToEven ? std::nearbyint(quotient) : std::round(quotient);
    // Clamped before the zero point is added, so that the sum is exact.
    double clamped =
        std::min(std::max(static_cast<double>(rounded),
                          static_cast<double>(q.storageMin - zeroPoint)),
                 static_cast<double>(q.storageMax - zeroPoint));
    stored[i] = static_cast<int64_t>(clamped) + zeroPoint;
  }
  return stored;
}

Outcome reference::evaluate(quant::QuantizeCastOp op, Operands operands) {
  std::optional<Quantities> q = Quantities::of(op.getType());
  if (!q)
    return makeError(op, "the result's parameters are not known");
  bool tiesToEven = op.getRounding() == RoundingMode::Float;
  const Tensor &x = *operands[0];
  return storeIntegers(op, op.getType(),
                       x.kind == ElementKind::Float32
                           ? quantize(x.get<float>(), *q, tiesToEven)
                           : quantize(x.get<double>(), *q, tiesToEven));
}

template <typename Float>
static void dequantize(llvm::ArrayRef<int64_t> stored, const Quantities &q,
                       llvm::MutableArrayRef<Float> reals) {
  for (size_t i = 0; i < stored.size(); ++i) {
    int64_t channel = q.channelOf(i);
    reals[i] = static_cast<Float>(q.scale(channel)) *
               static_cast<Float>(stored[i] - q.zeroPoint(channel));
  }
}

Outcome reference::evaluate(quant::DequantizeCastOp op, Operands operands) {
  std::optional<Quantities> q = Quantities::of(op.getInput().getType());
  if (!q)
    return makeError(op, "the input's parameters are not known");
  Outcome result = makeTensor(op.getType());
  if (!result)
    return result;
  std::vector<int64_t> stored = loadIntegers(*operands[0]);
  if (result->kind == ElementKind::Float32)
    dequantize(stored, *q, result->get<float>());
  else
    dequantize(stored, *q, result->get<double>());
  return result;
}

Outcome reference::evaluate(quant::StorageCastOp op, Operands operands) {
  Outcome result = makeTensor(op.getType());
  if (!result)
    return result;
  const Tensor &x = *operands[0];
  // An accumulator that left its 32 bits was kept in 64 (see Linear.cpp).
  if (getElementSize(x.kind) != getElementSize(result->kind))
    return storeIntegers(op, op.getType(), loadIntegers(x));
  result->bytes = x.bytes;
  return result;
}

Outcome reference::evaluate(quant::RequantizeOp op, Operands operands) {
  std::optional<Quantities> in = Quantities::of(op.getInput().getType());
  std::optional<Quantities> out = Quantities::of(op.getType());
  if (!in || !out)
    return makeError(op, "expected tensors of uniform quantized types");
  Bounds bounds{op.getClampMin(), op.getClampMax()};
  std::vector<int64_t> values = loadIntegers(*operands[0]);
  // Input and result may each have channels: one requantizer for each pair
  // that occurs.
  std::map<std::pair<int64_t, int64_t>, Requantizer> requantizers;
  for (size_t i = 0; i < values.size(); ++i) {
    std::pair<int64_t, int64_t> key(in->channelOf(i), out->channelOf(i));
    auto found = requantizers.find(key);
    if (found == requantizers.end()) {
      llvm::Expected<Requantizer> r = Requantizer::get(
          op, in->scale(key.first), out->scale(key.second),
          out->zeroPoint(key.second), bounds, op.getRounding());
      if (!r)
        return r.takeError();
      found = requantizers.emplace(key, std::move(*r)).first;
    }
    values[i] = found->second.apply(values[i] - in->zeroPoint(key.first),
                                    /*channel=*/0);
  }
  return storeIntegers(op, op.getType(), values);
}

Outcome reference::evaluate(quant::ApplyMultiplierOp op, Operands operands) {
  std::optional<Quantities> out = Quantities::of(op.getType());
  if (!out)
    return makeError(op, "expected a tensor of uniform quantized type");
  Bounds bounds{op.getClampMin(), op.getClampMax()};
  // Either kind, as a function of integer and channel.
  quant::FixedPointMultiplierAttr fixed = op.getFixedPointMultiplier();
  quant::RealMultiplierAttr real = op.getRealMultiplier();
  size_t numChannels =
      fixed ? fixed.getMultipliers().size() : real.getMultipliers().size();
  auto scale = [&](int64_t x, size_t channel, int64_t zeroPoint) {
    if (real)
      return multiplyReal(x, real.getMultipliers()[channel], zeroPoint, bounds,
                          op.getRounding());
    Multiplier m{fixed.getMultipliers()[channel], fixed.getShifts()[channel]};
    return bounds.clamp(multiply(x, m, op.getRounding()) + zeroPoint);
  };
  // Elements after the multiplier's axis share an index along it.
  llvm::ArrayRef<int64_t> shape = operands[0]->shape;
  int64_t inner = 1;
  if (op.getMultiplierAxis())
    for (int64_t dim : shape.drop_front(*op.getMultiplierAxis() + 1))
      inner *= dim;

  std::vector<int64_t> values = loadIntegers(*operands[0]);
  int64_t modulus =
      int64_t(1) << std::min<size_t>(8 * getElementSize(operands[0]->kind), 62);
  for (size_t i = 0; i < values.size(); ++i) {
    int64_t x = values[i];
    if (op.getInputUnsigned() && x < 0)
      x += modulus;
    values[i] = scale(x - op.getInputZeroPointOrZero(), i / inner % numChannels,
                      out->zeroPoint(out->channelOf(i)));
  }
  return storeIntegers(op, op.getType(), values);
}
