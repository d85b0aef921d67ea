// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Arithmetic on two tensors with broadcasting, and clamps.

#include "Evaluate.h"
#include "Rounding.h"

#include <cmath>

using namespace mlir;
using namespace qopt;
using namespace qopt::reference;
using quant::RoundingMode;

std::vector<int64_t> reference::broadcast(llvm::ArrayRef<int64_t> result,
                                          llvm::ArrayRef<int64_t> operand) {
  llvm::SmallVector<int64_t> strides(result.size(), 0);
  int64_t stride = 1;
  for (size_t d = operand.size(); d-- > 0;) {
    if (operand[d] != 1)
      strides[d + result.size() - operand.size()] = stride;
    stride *= operand[d];
  }
  int64_t count = 1;
  for (int64_t dim : result)
    count *= dim;
  std::vector<int64_t> indices(count);
  for (int64_t i = 0; i < count; ++i) {
    int64_t rest = i, index = 0;
    for (size_t d = result.size(); d-- > 0; rest /= result[d])
      index += rest % result[d] * strides[d];
    indices[i] = index;
  }
  return indices;
}

template <typename Op, typename Function>
static Outcome evaluateFloat(Op op, Operands operands, Function function) {
  Outcome result = makeTensor(op.getType());
  if (!result)
    return result;
  auto [low, high] = realBounds(op.getActivation());
  std::vector<int64_t> l = broadcast(result->shape, operands[0]->shape);
  std::vector<int64_t> r = broadcast(result->shape, operands[1]->shape);
  llvm::ArrayRef<float> lhs = operands[0]->get<float>();
  llvm::ArrayRef<float> rhs = operands[1]->get<float>();
  llvm::MutableArrayRef<float> out = result->get<float>();
  for (size_t i = 0; i < out.size(); ++i)
    out[i] = std::min(std::max(function(lhs[l[i]], rhs[r[i]]), low), high);
  return result;
}

/// Applies a function of two centred integers to all elements.
template <typename Op, typename Function>
static Outcome combine(Op op, Operands operands, const Quantities &left,
                       const Quantities &right, Function function) {
  llvm::ArrayRef<int64_t> shape = op.getType().getShape();
  std::vector<int64_t> l = broadcast(shape, operands[0]->shape);
  std::vector<int64_t> r = broadcast(shape, operands[1]->shape);
  std::vector<int64_t> lhs = loadIntegers(*operands[0]);
  std::vector<int64_t> rhs = loadIntegers(*operands[1]);
  std::vector<int64_t> out(l.size());
  for (size_t i = 0; i < out.size(); ++i)
    out[i] =
        function(lhs[l[i]] - left.zeroPoint(), rhs[r[i]] - right.zeroPoint());
  return storeIntegers(op, op.getType(), out);
}

/// Rounding `float`: dequantized, computed and quantized in float32, ties to
/// even; the activation clamps what is stored.
template <typename Op, typename Function>
static Outcome evaluateThroughFloat(Op op, Operands operands,
                                    const Quantities &left,
                                    const Quantities &right,
                                    const Quantities &out, Function function) {
  Bounds bounds = boundsOf(out, op.getActivation());
  auto leftScale = static_cast<float>(left.scale());
  auto rightScale = static_cast<float>(right.scale());
  auto outScale = static_cast<float>(out.scale());
  auto least = static_cast<float>(out.storageMin - out.zeroPoint());
  auto most = static_cast<float>(out.storageMax - out.zeroPoint());
  return combine(op, operands, left, right, [&](int64_t a, int64_t b) {
    float real = function(static_cast<float>(a) * leftScale,
                          static_cast<float>(b) * rightScale);
    float quotient = std::min(std::max(real / outScale, least), most);
    return bounds.clamp(static_cast<int64_t>(std::nearbyint(quotient)) +
                        out.zeroPoint());
  });
}

/// log2 of a scale when it is a power of two (within TFLite's tolerance).
static std::optional<int> exponentOf(double scale) {
  float exponent = std::log(static_cast<float>(scale)) * (1 / std::log(2.0f));
  float rounded = std::round(exponent);
  if (std::abs(exponent - rounded) >= 1e-3f)
    return std::nullopt;
  return static_cast<int>(rounded);
}

/// a + sign·b of 16-bit tensors whose scales are powers of two: the operand
/// with the finer scale is brought to the result's by one rounding division.
template <typename Op>
static Outcome evaluatePowerOfTwoSum(Op op, Operands operands, int64_t sign,
                                     const Quantities &left,
                                     const Quantities &right,
                                     const Quantities &out) {
  std::optional<int> l = exponentOf(left.scale());
  std::optional<int> r = exponentOf(right.scale());
  std::optional<int> y = exponentOf(out.scale());
  if (*l > *y || *r > *y)
    return makeError(op, "pot_scale needs a result scale that is not finer "
                         "than its operands'");
  Bounds bounds = boundsOf(out, op.getActivation());
  return combine(op, operands, left, right, [&](int64_t a, int64_t b) {
    Wide sum = nearestTiesAway(a, powerOfTwo(*y - *l)) +
               sign * nearestTiesAway(b, powerOfTwo(*y - *r));
    return bounds.clamp(static_cast<int64_t>(sum));
  });
}

/// a + sign·b: both operands on the scale 2·max(S_a, S_b), with 20 (8 bits) or
/// 15 (16 bits) extra fractional bits.
template <typename Op>
static Outcome evaluateSum(Op op, Operands operands, int64_t sign) {
  if (operands[0]->kind == ElementKind::Float32)
    return evaluateFloat(op, operands, [&](float a, float b) {
      return sign > 0 ? a + b : a - b;
    });
  std::optional<Quantities> left = Quantities::of(op.getLhs().getType());
  std::optional<Quantities> right = Quantities::of(op.getRhs().getType());
  std::optional<Quantities> out = Quantities::of(op.getType());
  RoundingMode mode = op.getRounding();
  if (!left || !right || !out ||
      !(isFixedPoint(mode) || mode == RoundingMode::Float))
    return makeError(op, "expected quantized tensors and a rounding for them");
  if (mode == RoundingMode::Float)
    return evaluateThroughFloat(
        op, operands, *left, *right, *out,
        [&](float a, float b) { return sign > 0 ? a + b : a - b; });
  if (op.getPotScale() && exponentOf(left->scale()) &&
      exponentOf(right->scale()) && exponentOf(out->scale()))
    return evaluatePowerOfTwoSum(op, operands, sign, *left, *right, *out);

  int64_t unit = int64_t(1) << (out->storageBits > 8 ? 15 : 20);
  auto leftScale = static_cast<float>(left->scale());
  auto rightScale = static_cast<float>(right->scale());
  double common = 2 * std::max(leftScale, rightScale);
  llvm::Expected<Multiplier> l = makeMultiplier(op, leftScale / common);
  if (!l)
    return l.takeError();
  llvm::Expected<Multiplier> r = makeMultiplier(op, rightScale / common);
  if (!r)
    return r.takeError();
  llvm::Expected<Multiplier> y =
      makeMultiplier(op, common / (static_cast<float>(unit) *
                                   static_cast<float>(out->scale())));
  if (!y)
    return y.takeError();
  Bounds bounds = boundsOf(*out, op.getActivation());
  return combine(op, operands, *left, *right, [&](int64_t a, int64_t b) {
    int64_t sum =
        multiply(a * unit, *l, mode) + sign * multiply(b * unit, *r, mode);
    return bounds.clamp(multiply(sum, *y, mode) + out->zeroPoint());
  });
}

Outcome reference::evaluate(nn::AddOp op, Operands operands) {
  return evaluateSum(op, operands, 1);
}

Outcome reference::evaluate(nn::ResidualAddOp op, Operands operands) {
  std::optional<Quantities> sum = Quantities::of(op.getSum().getType());
  std::optional<Quantities> residual =
      Quantities::of(op.getResidual().getType());
  std::optional<Quantities> out = Quantities::of(op.getType());
  RoundingMode mode = op.getRounding();
  if (!sum || !residual || !out || mode == RoundingMode::Float)
    return makeError(op, "expected quantized tensors and an integer rounding");
  llvm::Expected<Multiplier> r =
      makeMultiplier(op, residual->scale() / sum->scale());
  if (!r)
    return r.takeError();
  llvm::Expected<Multiplier> y =
      makeMultiplier(op, sum->scale() / out->scale());
  if (!y)
    return y.takeError();
  Bounds bounds = boundsOf(*out, op.getActivation());
  return combine(op, operands, *sum, *residual, [&](int64_t a, int64_t b) {
    return bounds.clamp(multiply(a + multiply(b, *r, mode), *y, mode) +
                        out->zeroPoint());
  });
}

Outcome reference::evaluate(nn::SubOp op, Operands operands) {
  return evaluateSum(op, operands, -1);
}

Outcome reference::evaluate(nn::MulOp op, Operands operands) {
  if (operands[0]->kind == ElementKind::Float32)
    return evaluateFloat(op, operands, std::multiplies<float>());
  std::optional<Quantities> left = Quantities::of(op.getLhs().getType());
  std::optional<Quantities> right = Quantities::of(op.getRhs().getType());
  std::optional<Quantities> out = Quantities::of(op.getType());
  RoundingMode mode = op.getRounding();
  if (!left || !right || !out ||
      !(isFixedPoint(mode) || mode == RoundingMode::Float))
    return makeError(op, "expected quantized tensors and a rounding for them");
  if (mode == RoundingMode::Float)
    return evaluateThroughFloat(op, operands, *left, *right, *out,
                                std::multiplies<float>());
  // All of it in float32: TFLite's scales are floats.
  float factor = static_cast<float>(left->scale()) *
                 static_cast<float>(right->scale()) /
                 static_cast<float>(out->scale());
  llvm::Expected<Multiplier> m = makeMultiplier(op, factor);
  if (!m)
    return m.takeError();
  Bounds bounds = boundsOf(*out, op.getActivation());
  return combine(op, operands, *left, *right, [&](int64_t a, int64_t b) {
    return bounds.clamp(multiply(a * b, *m, mode) + out->zeroPoint());
  });
}

/// Input brought to the result's parameters, then clamped to [low, high].
template <typename Op>
static Outcome evaluateClamp(Op op, Operands operands, double low,
                             double high) {
  if (operands[0]->kind == ElementKind::Float32) {
    Tensor result = *operands[0];
    for (float &x : result.get<float>())
      x = std::min(std::max(x, static_cast<float>(low)),
                   static_cast<float>(high));
    return result;
  }
  std::optional<Quantities> in = Quantities::of(op.getInput().getType());
  std::optional<Quantities> out = Quantities::of(op.getType());
  if (!in || !out)
    return makeError(op, "expected quantized tensors and a rounding for them");
  float ratio =
      static_cast<float>(in->scale()) / static_cast<float>(out->scale());
  llvm::Expected<Multiplier> m = makeMultiplier(op, ratio);
  if (!m)
    return m.takeError();
  Bounds bounds = boundsOf(*out, low, high);
  std::vector<int64_t> values = loadIntegers(*operands[0]);
  for (int64_t &x : values)
    x = bounds.clamp(multiply(x - in->zeroPoint(), *m, RoundingMode::Double) +
                     out->zeroPoint());
  return storeIntegers(op, op.getType(), values);
}

Outcome reference::evaluate(nn::ReluOp op, Operands operands) {
  return evaluateClamp(op, operands, 0, INFINITY);
}

Outcome reference::evaluate(nn::Relu6Op op, Operands operands) {
  return evaluateClamp(op, operands, 0, 6);
}

Outcome reference::evaluate(nn::ClipOp op, Operands operands) {
  return evaluateClamp(op, operands, op.getMin().convertToDouble(),
                       op.getMax().convertToDouble());
}
