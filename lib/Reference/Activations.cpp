// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// tanh, hard swish and leaky relu. On 8 bits they are TFLite's reference
// kernels, a stored value at a time.

#include "Evaluate.h"
#include "Functions.h"
#include "Rounding.h"

#include <cmath>

using namespace mlir;
using namespace qopt;
using namespace qopt::reference;

static Tensor mapFloats(const Tensor &input,
                        llvm::function_ref<float(float)> function) {
  Tensor result = input;
  for (float &v : result.get<float>())
    v = function(v);
  return result;
}

/// Applies a function of centred stored values, whose result lacks the zero
/// point, to all elements.
template <typename Op>
static Outcome mapStored(Op op, const Tensor &input, const Quantities &in,
                         const Quantities &out,
                         llvm::function_ref<int64_t(int64_t)> function) {
  Bounds bounds{out.storageMin, out.storageMax};
  std::vector<int64_t> values = loadIntegers(input);
  for (int64_t &q : values)
    q = bounds.clamp(function(q - in.zeroPoint()) + out.zeroPoint());
  return storeIntegers(op, op.getType(), values);
}

//===----------------------------------------------------------------------===//
// Tanh
//===----------------------------------------------------------------------===//

Outcome reference::evaluate(nn::TanhOp op, Operands operands) {
  const Tensor &input = *operands[0];
  if (input.kind == ElementKind::Float32)
    return mapFloats(input, [](float x) { return std::tanh(x); });
  std::optional<Quantities> in = Quantities::of(op.getInput().getType());
  std::optional<Quantities> out = Quantities::of(op.getType());
  if (!in || !out)
    return makeError(op, "expected quantized tensors");
  auto scale = static_cast<float>(in->scale());
  float inverse = 1 / static_cast<float>(out->scale());
  return mapStored(op, input, *in, *out, [&](int64_t q) {
    float y = std::tanh(scale * static_cast<float>(q));
    return static_cast<int64_t>(std::round(y * inverse));
  });
}

//===----------------------------------------------------------------------===//
// Hard swish
//===----------------------------------------------------------------------===//

float reference::floatHardSwish(float x) {
  return x * std::min(std::max(x + 3, 0.0f), 6.0f) / 6;
}

static int64_t saturate16(int64_t x) {
  return std::min<int64_t>(std::max<int64_t>(x, -32768), 32767);
}

/// A multiplier with 15 bits of mantissa: real = mantissa · 2^exponent / 2^15.
static llvm::Expected<Multiplier> makeMultiplier16(Operation *op, double real) {
  llvm::Expected<Multiplier> m = makeMultiplier(op, real);
  if (!m)
    return m.takeError();
  m->mantissa =
      m->mantissa >= 2147483647 - 32768
          ? 32767
          : static_cast<int64_t>(floorQuotient(m->mantissa + 32768, 65536));
  return m;
}

/// a·b / 2^15, ties up, saturating.
static int64_t multiplyHigh16(int64_t a, int64_t b) {
  return saturate16(
      static_cast<int64_t>(nearestTiesUp(Wide(a) * b, powerOfTwo(15))));
}

Outcome reference::evaluate(nn::HardSwishOp op, Operands operands) {
  const Tensor &input = *operands[0];
  if (input.kind == ElementKind::Float32)
    return mapFloats(input, floatHardSwish);
  std::optional<Quantities> in = Quantities::of(op.getInput().getType());
  std::optional<Quantities> out = Quantities::of(op.getType());
  if (!in || !out)
    return makeError(op, "expected quantized tensors");
  // In float32, as TFLite has its scales.
  float fine = 1.0f / 128.0f * static_cast<float>(in->scale());
  llvm::Expected<Multiplier> y =
      makeMultiplier16(op, fine / static_cast<float>(out->scale()));
  if (!y)
    return y.takeError();
  llvm::Expected<Multiplier> gate =
      makeMultiplier16(op, fine / (3.0f / 32768.0f));
  if (!gate)
    return gate.takeError();
  if (y->exponent > 0)
    return makeError(op, "its input's scale is 128 times its result's or more");
  return mapStored(op, input, *in, *out, [&](int64_t q) {
    int64_t h = q * 128;
    int64_t value = multiplyHigh16(h, y->mantissa);
    // clamp(x / 3, -1, 1) in units of 2^-15; saturation is the clamp.
    int64_t g = h;
    int exponent = gate->exponent;
    if (exponent > 0)
      g = saturate16(g * (int64_t(1) << (exponent - 1)));
    g = multiplyHigh16(g, gate->mantissa);
    if (exponent > 0)
      g = saturate16(g * 2);
    else
      g = static_cast<int64_t>(nearestTiesAway(g, powerOfTwo(-exponent)));
    g = static_cast<int64_t>(floorQuotient(g + 32768, 2));
    // Toward zero.
    int64_t product = saturate16(g * value / 32768);
    return static_cast<int64_t>(
        nearestTiesAway(product, powerOfTwo(-y->exponent)));
  });
}

//===----------------------------------------------------------------------===//
// Leaky relu
//===----------------------------------------------------------------------===//

Outcome reference::evaluate(nn::LeakyReluOp op, Operands operands) {
  const Tensor &input = *operands[0];
  auto alpha = static_cast<float>(op.getAlpha().convertToDouble());
  if (input.kind == ElementKind::Float32)
    return mapFloats(input, [&](float x) { return x >= 0 ? x : alpha * x; });
  std::optional<Quantities> in = Quantities::of(op.getInput().getType());
  std::optional<Quantities> out = Quantities::of(op.getType());
  if (!in || !out)
    return makeError(op, "expected quantized tensors");
  auto from = static_cast<float>(in->scale());
  auto to = static_cast<float>(out->scale());
  llvm::Expected<Multiplier> identity = makeMultiplier(op, from / to);
  if (!identity)
    return identity.takeError();
  llvm::Expected<Multiplier> slope = makeMultiplier(op, from * alpha / to);
  if (!slope)
    return slope.takeError();
  return mapStored(op, input, *in, *out, [&](int64_t q) {
    return multiply(q, q >= 0 ? *identity : *slope,
                    quant::RoundingMode::Double);
  });
}
