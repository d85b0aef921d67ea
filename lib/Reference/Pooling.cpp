// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Pooling windows, means over dimensions, arg max.

#include "Evaluate.h"
#include "Rounding.h"

#include <cmath>
#include <limits>

using namespace mlir;
using namespace qopt;
using namespace qopt::reference;

/// Calls \p window for each output element with the elements of its window
/// that lie inside the image.
template <typename T, typename Op, typename Function>
static std::vector<T> pool(Op op, const Tensor &input, const std::vector<T> &x,
                           Function window) {
  llvm::ArrayRef<int64_t> in = input.shape, out = op.getType().getShape();
  nn::Padding padding(op.getPadding());
  std::vector<T> results, inside;
  for (int64_t n = 0; n < out[0]; ++n)
    for (int64_t y = 0; y < out[1]; ++y)
      for (int64_t xx = 0; xx < out[2]; ++xx)
        for (int64_t c = 0; c < out[3]; ++c) {
          int64_t top = y * op.getStrides()[0] - padding.top;
          int64_t left = xx * op.getStrides()[1] - padding.left;
          inside.clear();
          for (int64_t iy = std::max<int64_t>(top, 0);
               iy < std::min(top + op.getKernel()[0], in[1]); ++iy)
            for (int64_t ix = std::max<int64_t>(left, 0);
                 ix < std::min(left + op.getKernel()[1], in[2]); ++ix)
              inside.push_back(x[((n * in[1] + iy) * in[2] + ix) * in[3] + c]);
          results.push_back(window(inside));
        }
  return results;
}

/// Runs the float or the integer form; both work on values as they are stored,
/// since input and result share parameters.
template <typename Op, typename Float, typename Integer>
static Outcome evaluatePool(Op op, Operands operands, Float onFloats,
                            Integer onIntegers) {
  const Tensor &input = *operands[0];
  if (input.kind == ElementKind::Float32) {
    Outcome result = makeTensor(op.getType());
    if (!result)
      return result;
    std::vector<float> y = pool(op, input, input.get<float>().vec(), onFloats);
    float low = op.getActivation() == nn::Activation::None        ? -INFINITY
                : op.getActivation() == nn::Activation::ReluN1To1 ? -1
                                                                  : 0;
    float high = op.getActivation() == nn::Activation::Relu6       ? 6
                 : op.getActivation() == nn::Activation::ReluN1To1 ? 1
                                                                   : INFINITY;
    llvm::transform(y, result->get<float>().begin(),
                    [&](float v) { return std::min(std::max(v, low), high); });
    return result;
  }
  std::optional<Quantities> out = Quantities::of(op.getType());
  if (!out)
    return makeError(op, "expected a quantized or float tensor");
  std::vector<int64_t> y = pool(op, input, loadIntegers(input), onIntegers);
  Bounds bounds = boundsOf(*out, op.getActivation());
  for (int64_t &v : y)
    v = bounds.clamp(v);
  return storeIntegers(op, op.getType(), y);
}

Outcome reference::evaluate(nn::AveragePool2DOp op, Operands operands) {
  auto onFloats = [](const std::vector<float> &window) {
    float sum = 0;
    for (float v : window)
      sum += v;
    return sum / static_cast<float>(window.size());
  };
  auto onIntegers = [](const std::vector<int64_t> &window) {
    auto count = static_cast<int64_t>(window.size());
    int64_t sum = 0;
    for (int64_t v : window)
      sum += v;
    // Nearest, ties away from zero: for an odd count there are no ties, and
    // count / 2 is rounded down in C++.
    return sum > 0 ? (sum + count / 2) / count : (sum - count / 2) / count;
  };
  return evaluatePool(op, operands, onFloats, onIntegers);
}

Outcome reference::evaluate(nn::MaxPool2DOp op, Operands operands) {
  auto largest = [](const auto &window) {
    return *std::max_element(window.begin(), window.end());
  };
  return evaluatePool(op, operands, largest, largest);
}

/// Row-major number, in the shape without `axes`, of each element of `shape`.
static std::vector<int64_t> reducedIndices(llvm::ArrayRef<int64_t> shape,
                                           llvm::ArrayRef<int64_t> axes) {
  int64_t count = 1;
  for (int64_t dim : shape)
    count *= dim;
  std::vector<int64_t> indices(count);
  for (int64_t i = 0; i < count; ++i) {
    int64_t rest = i, index = 0, stride = 1;
    for (size_t d = shape.size(); d-- > 0; rest /= shape[d]) {
      if (llvm::is_contained(axes, static_cast<int64_t>(d)))
        continue;
      index += rest % shape[d] * stride;
      stride *= shape[d];
    }
    indices[i] = index;
  }
  return indices;
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
  if (!in || !out || op.getRounding() == quant::RoundingMode::Float)
    return makeError(op, "expected quantized tensors and an integer rounding");
  llvm::Expected<Multiplier> m = makeMultiplier(op, in->scale() / out->scale());
  if (!m)
    return m.takeError();
  Multiplier perElement = divideByCount(*m, count);
  Bounds bounds{out->storageMin, out->storageMax};
  std::vector<int64_t> values = loadIntegers(x);
  std::vector<int64_t> sums(result->getNumElements());
  for (size_t i = 0; i < indices.size(); ++i)
    sums[indices[i]] += values[i];
  for (int64_t &sum : sums)
    sum = bounds.clamp(
        multiply(sum - count * in->zeroPoint(), perElement, op.getRounding()) +
        out->zeroPoint());
  return storeIntegers(op, op.getType(), sums);
}

template <typename T>
static std::vector<int64_t>
argMax(llvm::ArrayRef<T> x, llvm::ArrayRef<int64_t> shape, int64_t axis) {
  int64_t inner = 1;
  for (int64_t dim : shape.drop_front(axis + 1))
    inner *= dim;
  int64_t extent = shape[axis];
  int64_t rows = static_cast<int64_t>(x.size()) / extent;
  std::vector<int64_t> result(rows);
  for (int64_t row = 0; row < rows; ++row) {
    const T *first = x.data() + row / inner * extent * inner + row % inner;
    int64_t best = 0;
    for (int64_t i = 1; i < extent; ++i)
      if (first[i * inner] > first[best * inner])
        best = i;
    result[row] = best;
  }
  return result;
}

Outcome reference::evaluate(nn::ArgMaxOp op, Operands operands) {
  const Tensor &x = *operands[0];
  return storeIntegers(
      op, op.getType(),
      x.kind == ElementKind::Float32
          ? argMax(x.get<float>(), x.shape, op.getAxis())
          : argMax<int64_t>(loadIntegers(x), x.shape, op.getAxis()));
}
