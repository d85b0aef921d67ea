// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Pooling windows, means over dimensions, arg max.

#include "Evaluate.h"
#include "Reduce.h"
#include "Rounding.h"

#include <cmath>
#include <limits>

using namespace mlir;
using namespace qopt;
using namespace qopt::reference;

/// Runs the float or the integer form; both work on values as they are stored,
/// since input and result share parameters.
template <typename Op, typename Float, typename Integer>
static Outcome evaluatePool(Op op, Operands operands, Float onFloats,
                            Integer onIntegers) {
  const Tensor &input = *operands[0];
  Windows windows{op.getKernel(), op.getStrides(), op.getPadding()};
  if (input.kind == ElementKind::Float32) {
    Outcome result = makeTensor(op.getType());
    if (!result)
      return result;
    std::vector<float> y =
        reduceWindows(input.get<float>().vec(), input.shape,
                      op.getType().getShape(), windows, onFloats);
    auto [low, high] = realBounds(op.getActivation());
    llvm::MutableArrayRef<float> values = result->get<float>();
    for (size_t i = 0; i < y.size(); ++i)
      values[i] = std::min(std::max(y[i], low), high);
    return result;
  }
  std::optional<Quantities> out = Quantities::of(op.getType());
  if (!out)
    return makeError(op, "expected a quantized or float tensor");
  std::vector<int64_t> y =
      reduceWindows(loadIntegers(input), input.shape, op.getType().getShape(),
                    windows, onIntegers);
  Bounds bounds = boundsOf(*out, op.getActivation());
  for (int64_t &v : y)
    v = bounds.clamp(v);
  return storeIntegers(op, op.getType(), y);
}

/// Rounding `float` of a mean: the sum of centred values times one factor.
static int64_t scaleSum(int64_t sum, int64_t count, const Quantities &in,
                        const Quantities &out, Bounds bounds) {
  float factor = static_cast<float>(in.scale()) /
                 (static_cast<float>(out.scale()) * static_cast<float>(count));
  auto low = static_cast<float>(out.storageMin - out.zeroPoint());
  auto high = static_cast<float>(out.storageMax - out.zeroPoint());
  float mean = std::min(std::max(static_cast<float>(sum) * factor, low), high);
  return bounds.clamp(static_cast<int64_t>(std::nearbyint(mean)) +
                      out.zeroPoint());
}

/// Rounding `float`: averages of reals in float32, quantized with the zero
/// point inside the rounding. The whole image is a mean.
static Outcome averageReals(nn::AveragePool2DOp op, const Tensor &input) {
  std::optional<Quantities> q = Quantities::of(op.getType());
  if (!q)
    return makeError(op, "expected a quantized tensor");
  Bounds bounds = boundsOf(*q, op.getActivation());
  Windows windows{op.getKernel(), op.getStrides(), op.getPadding()};
  if (op.coversImage()) {
    std::vector<int64_t> means = reduceWindows(
        loadIntegers(input), input.shape, op.getType().getShape(), windows,
        [&](const std::vector<int64_t> &window) {
          int64_t sum = 0;
          for (int64_t v : window)
            sum += v - q->zeroPoint();
          return scaleSum(sum, static_cast<int64_t>(window.size()), *q, *q,
                          bounds);
        });
    return storeIntegers(op, op.getType(), means);
  }
  auto scale = static_cast<float>(q->scale());
  std::vector<float> reals;
  for (int64_t stored : loadIntegers(input))
    reals.push_back(scale * static_cast<float>(stored - q->zeroPoint()));
  std::vector<float> means =
      reduceWindows(reals, input.shape, op.getType().getShape(), windows,
                    [](const auto &window) { return average(window); });
  std::vector<int64_t> stored;
  for (float mean : means)
    stored.push_back(bounds.clamp(static_cast<int64_t>(
        std::nearbyint(mean / scale + static_cast<float>(q->zeroPoint())))));
  return storeIntegers(op, op.getType(), stored);
}

Outcome reference::evaluate(nn::AveragePool2DOp op, Operands operands) {
  if (operands[0]->kind != ElementKind::Float32 &&
      op.getRounding() == quant::RoundingMode::Float)
    return averageReals(op, *operands[0]);
  auto mean = [](const auto &window) { return average(window); };
  return evaluatePool(op, operands, mean, mean);
}

Outcome reference::evaluate(nn::MaxPool2DOp op, Operands operands) {
  auto largest = [](const auto &window) {
    return *std::max_element(window.begin(), window.end());
  };
  return evaluatePool(op, operands, largest, largest);
}

/// The multiplier of a mean: that of S_x/S_y, its mantissa divided by the count
/// (toward zero) after as many doublings as a 64-bit register and a right shift
/// below 32 allow. TFLite's way of dividing with one rounding.
static Multiplier divideByCount(Multiplier m, int64_t count) {
  int doublings = 0;
  while ((int64_t(2) << doublings) <= count)
    ++doublings;
  doublings = std::min({doublings, 32, 31 + m.exponent});
  return {
      static_cast<int64_t>(Wide(m.mantissa) * powerOfTwo(doublings) / count),
      m.exponent - doublings};
}

Outcome reference::evaluate(nn::MeanOp op, Operands operands) {
  Outcome result = makeTensor(op.getType());
  if (!result)
    return result;
  const Tensor &x = *operands[0];
  std::vector<int64_t> indices = reducedIndices(x.shape, op.getAxes());
  int64_t count = x.getNumElements() / result->getNumElements();
  if (x.kind == ElementKind::Float32) {
    llvm::MutableArrayRef<float> sums = result->get<float>();
    for (size_t i = 0; i < indices.size(); ++i)
      sums[indices[i]] += x.get<float>()[i];
    for (float &sum : sums)
      sum /= static_cast<float>(count);
    return result;
  }
  std::optional<Quantities> in = Quantities::of(op.getInput().getType());
  std::optional<Quantities> out = Quantities::of(op.getType());
  if (!in || !out ||
      !(isFixedPoint(op.getRounding()) ||
        op.getRounding() == quant::RoundingMode::Float))
    return makeError(op, "expected quantized tensors and an integer rounding");
  Bounds bounds{out->storageMin, out->storageMax};
  std::vector<int64_t> values = loadIntegers(x);
  std::vector<int64_t> sums(result->getNumElements());
  for (size_t i = 0; i < indices.size(); ++i)
    sums[indices[i]] += values[i];
  if (op.getRounding() == quant::RoundingMode::Float) {
    for (int64_t &sum : sums)
      sum = scaleSum(sum - count * in->zeroPoint(), count, *in, *out, bounds);
    return storeIntegers(op, op.getType(), sums);
  }
  llvm::Expected<Multiplier> m = makeMultiplier(op, in->scale() / out->scale());
  if (!m)
    return m.takeError();
  Multiplier perElement = divideByCount(*m, count);
  for (int64_t &sum : sums)
    sum = bounds.clamp(
        multiply(sum - count * in->zeroPoint(), perElement, op.getRounding()) +
        out->zeroPoint());
  return storeIntegers(op, op.getType(), sums);
}

Outcome reference::evaluate(nn::ArgMaxOp op, Operands operands) {
  const Tensor &x = *operands[0];
  return storeIntegers(
      op, op.getType(),
      x.kind == ElementKind::Float32
          ? argMax(x.get<float>(), x.shape, op.getAxis())
          : argMax<int64_t>(loadIntegers(x), x.shape, op.getAxis()));
}
