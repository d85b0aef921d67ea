// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Convolution, depthwise convolution and fully connected. The latter two are
// convolutions: depthwise has one group for each input channel, and fully
// connected a filter of one by one on an image of one row.
//
// On integers the result's type says what an element is:
//   quantized, 8 or 16 bits: Σ (q_x - Z_x)(q_w - Z_w) + q_b, requantized
//   quantized, 32 bits:      the same sum as it is
//   plain i32 or i64:        Σ q_x (q_w - Z_w) + b, padding contributes q = Z_x

#include "Convolve.h"
#include "Evaluate.h"
#include "Rounding.h"

#include <cmath>

using namespace mlir;
using namespace qopt;
using namespace qopt::reference;

template <typename Op>
constexpr bool isTransposed = std::is_same_v<Op, nn::TransposeConv2DOp>;

template <typename Op>
static Outcome evaluateFloat(Op op, const Geometry &g, bool depthwise,
                             Operands operands) {
  Outcome result = makeTensor(op.getType());
  if (!result)
    return result;
  llvm::ArrayRef<float> x = operands[0]->get<float>();
  llvm::ArrayRef<float> w = operands[1]->get<float>();
  std::vector<float> sums =
      isTransposed<Op>
          ? accumulateTransposed<float>(g, x.vec(), w.vec())
          : accumulate<float>(
                g, x.vec(),
                depthwise ? channelsFirst(w, g.outChannels) : w.vec(), 0);
  auto [low, high] = realBounds(op.getActivation());
  llvm::MutableArrayRef<float> out = result->get<float>();
  for (size_t i = 0; i < sums.size(); ++i) {
    float bias =
        operands.size() > 2 ? operands[2]->get<float>()[i % g.outChannels] : 0;
    out[i] = std::min(std::max(sums[i] + bias, low), high);
  }
  return result;
}

/// Accumulators in the result's type. Those of a type with 32-bit storage that
/// need more are kept in 64: with 16-bit activations the type names a scale,
/// and the sum is exact.
template <typename Op>
static Outcome storeAccumulators(Op op, llvm::ArrayRef<int64_t> sums,
                                 bool plain) {
  if (plain || llvm::all_of(sums, llvm::isInt<32>))
    return storeIntegers(op, op.getType(), sums);
  Tensor wide(ElementKind::Int64, op.getType().getShape());
  llvm::copy(sums, wide.get<int64_t>().begin());
  return wide;
}

template <typename Op>
static Outcome evaluateIntegers(Op op, const Geometry &g, bool depthwise,
                                Operands operands) {
  std::optional<Quantities> in = Quantities::of(op.getInput().getType());
  std::optional<Quantities> weights = Quantities::of(op.getFilter().getType());
  std::optional<Quantities> out = Quantities::of(op.getType());
  if (!in || !weights)
    return makeError(op, "expected quantized input and filter");
  const bool plain = !out;

  std::vector<int64_t> x = loadIntegers(*operands[0]);
  if (!plain)
    for (int64_t &q : x)
      q -= in->zeroPoint();
  std::vector<int64_t> w = loadIntegers(*operands[1]);
  if (depthwise)
    w = channelsFirst<int64_t>(w, g.outChannels);
  for (size_t i = 0; i < w.size(); ++i)
    w[i] -= weights->zeroPoint(i / g.taps());

  std::vector<int64_t> sums =
      isTransposed<Op>
          ? accumulateTransposed<int64_t>(g, x, w)
          : accumulate<int64_t>(g, x, w, plain ? in->zeroPoint() : 0);
  if (operands.size() > 2) {
    std::vector<int64_t> bias = loadIntegers(*operands[2]);
    for (size_t i = 0; i < sums.size(); ++i)
      sums[i] += bias[i % g.outChannels];
  }
  if (plain || nn::isAccumulator(op.getType()))
    return storeAccumulators(op, sums, plain);

  llvm::SmallVector<double> factors;
  for (int64_t o = 0; o < g.outChannels; ++o) {
    double factor = in->scale() * weights->scale(o);
    if (op.getF32ScaleProduct())
      factor = static_cast<float>(in->scale()) *
               static_cast<float>(weights->scale(o));
    factors.push_back(factor);
  }
  llvm::Expected<Requantizer> requantizer =
      Requantizer::get(op, factors, out->scale(), out->zeroPoint(),
                       boundsOf(*out, op.getActivation()), op.getRounding());
  if (!requantizer)
    return requantizer.takeError();
  for (size_t i = 0; i < sums.size(); ++i)
    sums[i] = requantizer->apply(sums[i], i % g.outChannels);
  return storeIntegers(op, op.getType(), sums);
}

template <typename Op>
static Outcome evaluateLinear(Op op, const Geometry &g, bool depthwise,
                              Operands operands) {
  return operands[0]->kind == ElementKind::Float32
             ? evaluateFloat(op, g, depthwise, operands)
             : evaluateIntegers(op, g, depthwise, operands);
}

template <typename Op>
static Geometry imageGeometry(Op op, Operands operands) {
  llvm::ArrayRef<int64_t> x = operands[0]->shape, w = operands[1]->shape;
  llvm::ArrayRef<int64_t> y = op.getType().getShape();
  Geometry g;
  g.batches = x[0], g.height = x[1], g.width = x[2], g.channels = x[3];
  g.outHeight = y[1], g.outWidth = y[2], g.outChannels = y[3];
  g.kernelHeight = w[1], g.kernelWidth = w[2];
  g.strideY = op.getStrides()[0], g.strideX = op.getStrides()[1];
  g.dilationY = op.getDilations()[0], g.dilationX = op.getDilations()[1];
  nn::Padding padding(op.getPadding());
  g.top = padding.top, g.left = padding.left;
  return g;
}

Outcome reference::evaluate(nn::Conv2DOp op, Operands operands) {
  Geometry g = imageGeometry(op, operands);
  g.groups = op.getGroups();
  return evaluateLinear(op, g, /*depthwise=*/false, operands);
}

Outcome reference::evaluate(nn::TransposeConv2DOp op, Operands operands) {
  Geometry g = imageGeometry(op, operands);
  g.groups = op.getGroups();
  // Between the elements, too, a plain sum would have to put zero points.
  if (isa<IntegerType>(op.getType().getElementType()))
    return makeError(op, "has no form with a plain sum");
  return evaluateLinear(op, g, /*depthwise=*/false, operands);
}

Outcome reference::evaluate(nn::DepthwiseConv2DOp op, Operands operands) {
  Geometry g = imageGeometry(op, operands);
  g.groups = g.channels;
  return evaluateLinear(op, g, /*depthwise=*/true, operands);
}

Outcome reference::evaluate(nn::FullyConnectedOp op, Operands operands) {
  Geometry g;
  g.outChannels = operands[1]->shape[0];
  g.channels = operands[1]->shape[1];
  g.batches = operands[0]->getNumElements() / g.channels;
  return evaluateLinear(op, g, /*depthwise=*/false, operands);
}

Outcome reference::evaluate(nn::BatchNormOp op, Operands operands) {
  Tensor result = *operands[0];
  llvm::ArrayRef<float> scale = operands[1]->get<float>();
  llvm::ArrayRef<float> offset = operands[2]->get<float>();
  llvm::ArrayRef<float> mean = operands[3]->get<float>();
  llvm::ArrayRef<float> variance = operands[4]->get<float>();
  auto epsilon = static_cast<float>(op.getEpsilon().convertToDouble());
  llvm::MutableArrayRef<float> values = result.get<float>();
  for (size_t i = 0; i < values.size(); ++i) {
    size_t c = i % scale.size();
    values[i] =
        (values[i] - mean[c]) * scale[c] / std::sqrt(variance[c] + epsilon) +
        offset[c];
  }
  return result;
}
