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
#include "Dynamic.h"
#include "Evaluate.h"
#include "Rounding.h"

#include <cmath>

using namespace mlir;
using namespace qopt;
using namespace qopt::reference;

template <typename Op>
constexpr bool isTransposed = std::is_same_v<Op, nn::TransposeConv2DOp>;

/// The weights of an op on floats, which may be stored as integers.
template <typename Op>
static std::vector<float> readReals(Op op, const Tensor &filter) {
  if (filter.kind == ElementKind::Float32)
    return filter.get<float>().vec();
  std::optional<Quantities> q = Quantities::of(op.getFilter().getType());
  std::vector<int64_t> stored = loadIntegers(filter);
  std::vector<float> reals(stored.size());
  for (size_t i = 0; i < reals.size(); ++i) {
    int64_t channel = q->channelOf(i);
    reals[i] = static_cast<float>(q->scale(channel)) *
               static_cast<float>(stored[i] - q->zeroPoint(channel));
  }
  return reals;
}

/// Input quantized by its own range, sums of integers, float results.
template <typename Op>
static Outcome evaluateDynamic(Op op, const Geometry &g, bool depthwise,
                               Operands operands) {
  Outcome result = makeTensor(op.getType());
  std::optional<Quantities> weights = Quantities::of(op.getFilter().getType());
  if (!result || !weights)
    return result;
  llvm::ArrayRef<float> x = operands[0]->get<float>();
  DynamicRange range = getDynamicRange(x);
  float scale = range.getScale();
  int64_t zeroPoint = range.getZeroPoint();
  std::vector<int64_t> q(x.size());
  for (size_t i = 0; i < q.size(); ++i)
    q[i] = quantizeDynamically(x[i], scale, zeroPoint) - zeroPoint;
  std::vector<int64_t> w = loadIntegers(*operands[1]);
  if (depthwise)
    w = channelsFirst<int64_t>(w, g.outChannels);
  std::vector<int64_t> sums = accumulate<int64_t>(g, q, w, 0);
  auto [low, high] = realBounds(op.getActivation());
  for (size_t i = 0; i < sums.size(); ++i) {
    int64_t channel = i % g.outChannels;
    float y = static_cast<float>(sums[i]) * scale;
    y *= static_cast<float>(weights->scale(channel));
    if (operands.size() > 2)
      y += operands[2]->get<float>()[channel];
    result->get<float>()[i] = std::min(std::max(y, low), high);
  }
  return result;
}

template <typename Op>
static Outcome evaluateFloat(Op op, const Geometry &g, bool depthwise,
                             Operands operands) {
  Outcome result = makeTensor(op.getType());
  if (!result)
    return result;
  llvm::ArrayRef<float> x = operands[0]->get<float>();
  std::vector<float> w = readReals(op, *operands[1]);
  std::vector<float> sums =
      isTransposed<Op>
          ? accumulateTransposed<float>(g, x.vec(), w)
          : accumulate<float>(
                g, x.vec(),
                depthwise ? channelsFirst<float>(w, g.outChannels) : w, 0);
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

/// Euclid's algorithm; remainders of floating-point numbers are exact.
static double getCommonDivisor(double a, double b) {
  while (b != 0)
    a = std::exchange(b, std::fmod(a, b));
  return a;
}

/// Makes of stored weights [O, ...] integers in units of a scale for each
/// channel, and returns those. Where a channel's groups have several scales it
/// is the greatest number that they are multiples of.
static std::vector<double> takeOutScales(const Quantities &q, int64_t channels,
                                         std::vector<int64_t> &weights) {
  int64_t taps =
      static_cast<int64_t>(weights.size()) / std::max<int64_t>(channels, 1);
  std::vector<double> units(channels);
  for (int64_t o = 0; o < channels; ++o) {
    if (!q.hasGroups()) {
      units[o] = q.scale(o);
      for (int64_t i = 0; i < taps; ++i)
        weights[o * taps + i] -= q.zeroPoint(o);
      continue;
    }
    for (int64_t i = 0; i < taps; ++i)
      units[o] = getCommonDivisor(q.scale(q.channelOf(o * taps + i)), units[o]);
    for (int64_t i = 0; i < taps; ++i) {
      int64_t group = q.channelOf(o * taps + i);
      auto multiple = static_cast<int64_t>(q.scale(group) / units[o]);
      weights[o * taps + i] =
          (weights[o * taps + i] - q.zeroPoint(group)) * multiple;
    }
  }
  return units;
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
  std::vector<double> units = takeOutScales(*weights, g.outChannels, w);

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
    double factor = in->scale() * units[o];
    if (op.getF32ScaleProduct())
      factor = static_cast<float>(in->scale()) * static_cast<float>(units[o]);
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
  if (cast<LinearOpInterface>(op.getOperation()).hasDynamicInput())
    return evaluateDynamic(op, g, depthwise, operands);
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
