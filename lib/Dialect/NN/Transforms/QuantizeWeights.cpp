// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A channel's scale comes from the range of its weights (Krishnamoorthi 2018,
// arXiv 1806.08342, section 3.1), or is the one of a few candidates below it
// with the least squared error. The bias has the accumulator's scale S_x * S_w.
//
// That makes trouble where weights are tiny, as batch norm leaves them behind a
// dead channel: b / (S_x * S_w) does not fit 32 bits, or S_x * S_w / S_y is too
// small for a fixed-point multiplier. Such a scale is lifted until both fit:
//
//   |b| / (S_x * S_w) <= 2^30    and    S_x * S_w / S_y >= 2^-30
//
// Rounding to a lifted scale moves each weight by at most half of it, and so
// the result by at most count * (S_w / 2) * max |x|, which hardly ever amounts
// to a step of the result; where it does, the caller is told.

#include "QuantizeWeights.h"

#include "qopt/Numerics/QuantizationParameters.h"

#include <cmath>

using namespace mlir;
using namespace qopt;
using namespace qopt::nn;
using numerics::QuantizationParameters;
using numerics::StorageRange;
using quantization::Granularity;

namespace {
/// The weights of a layer as groups that share a scale, in the order of the
/// type's parameters. Groups are numbered by channel, then by input channel.
struct Groups {
  int64_t channels = 1, inner = 1;
  /// Of the input channels, of which `size` make a group.
  int64_t count = 1, size = 1, inputs = 1, inputInner = 1;

  int64_t channelOf(int64_t element) const {
    return element / inner % channels;
  }
  int64_t of(int64_t element) const {
    return channelOf(element) * count + element / inputInner % inputs / size;
  }
};

/// Scales of groups with quantized inputs: so many times the unit of the
/// channel at most, such that an integer times a weight still fits a byte.
constexpr int64_t mostOfByte = 127;
/// Bits of such a unit, so that its multiples are float32 numbers.
constexpr int unitBits = 17;
/// Groups of fewer elements would cost more than they gain.
constexpr int64_t leastGroup = 8;
} // namespace

/// The greatest divisor of `inputs` that is not above `wanted`.
static int64_t chooseGroupSize(int64_t inputs, int64_t wanted) {
  for (int64_t size = std::min(inputs, wanted); size > 1; --size)
    if (inputs % size == 0)
      return size;
  return 1;
}

static Groups getGroups(LinearOpInterface op, const LayerPlan &plan) {
  Groups groups;
  if (plan.granularity == Granularity::PerTensor)
    return groups;
  ArrayRef<int64_t> shape =
      cast<ShapedType>(op.getWeightOperand().get().getType()).getShape();
  int64_t axis = op.getWeightChannelAxis();
  groups.channels = shape[axis];
  groups.inner = ShapedType::getNumElements(shape.drop_front(axis + 1));
  int64_t inputAxis = op.getWeightInputAxis();
  if (plan.granularity != Granularity::SubChannel || inputAxis < 0)
    return groups;
  int64_t inputs = shape[inputAxis];
  int64_t size = chooseGroupSize(inputs, plan.groupSize);
  if (size < leastGroup || size == inputs)
    return groups;
  groups.inputs = inputs;
  groups.inputInner =
      ShapedType::getNumElements(shape.drop_front(inputAxis + 1));
  groups.size = size;
  groups.count = inputs / size;
  return groups;
}

/// The only number that the weights are, if there is one: the ranges of tensors
/// are tried out with such, since weights do not matter there.
static std::optional<float> getSplat(Value weights) {
  auto elements = dyn_cast_or_null<DenseElementsAttr>(
      weights.getDefiningOp<ConstantOp>().getValue());
  if (!elements || !elements.isSplat() || !elements.getElementType().isF32())
    return std::nullopt;
  return elements.getSplatValue<float>();
}

static SmallVector<float> readFloats(Value value) {
  auto constant = value.getDefiningOp<ConstantOp>();
  SmallVector<float> floats;
  if (auto values = constant.getValue().tryGetValues<float>())
    llvm::append_range(floats, *values);
  return floats;
}

/// Scales are float32 in model files; with the same ones here an exported model
/// computes the same bytes.
static QuantizationParameters roundScale(QuantizationParameters parameters) {
  parameters.scale = static_cast<float>(parameters.scale);
  return parameters;
}

static FailureOr<QuantizationParameters>
getParameters(Operation *op, double min, double max, StorageRange range,
              const quantization::TensorForm &form) {
  auto parameters = numerics::parametersFromRange(
      min, max, range, form.symmetric, form.powerOfTwo);
  if (!parameters)
    return op->emitOpError("has weights that cannot be quantized: ")
           << parameters.reason();
  return roundScale(*parameters);
}

static double squaredError(ArrayRef<float> values,
                           QuantizationParameters parameters,
                           StorageRange range) {
  double error = 0;
  for (float value : values) {
    double difference =
        numerics::dequantizeValue(
            numerics::quantizeValue(value, parameters, range), parameters) -
        value;
    error += difference * difference;
  }
  return error;
}

/// The parameters of one group of weights.
static FailureOr<QuantizationParameters> estimate(Operation *op,
                                                  ArrayRef<float> values,
                                                  StorageRange range,
                                                  const LayerPlan &plan) {
  auto [low, high] = std::minmax_element(values.begin(), values.end());
  double min = values.empty() ? 0 : *low, max = values.empty() ? 0 : *high;
  FailureOr<QuantizationParameters> best =
      getParameters(op, min, max, range, *plan.weights);
  if (failed(best) || plan.weightEstimator != "mse" || (min == 0 && max == 0))
    return best;
  double leastError = squaredError(values, *best, range);
  // Few bits gain from clipping what is rare; 8 bits hardly ever do.
  constexpr int steps = 80;
  for (int step = 1; step < steps; ++step) {
    double part = 1 - 0.01 * step;
    FailureOr<QuantizationParameters> candidate =
        getParameters(op, min * part, max * part, range, *plan.weights);
    if (failed(candidate))
      return failure();
    double error = squaredError(values, *candidate, range);
    if (error < leastError) {
      leastError = error;
      best = candidate;
    }
  }
  return best;
}

/// The least scale of a channel for which bias and multiplier fit.
static double getLeastScale(double bias, LayerScales scales) {
  double forBias = std::abs(bias) / scales.input * std::exp2(-30);
  double forMultiplier = scales.result / scales.input * std::exp2(-30);
  return std::max(forBias, forMultiplier);
}

/// Constant integers, or one for all elements, and what they stand for.
static Value createDequantized(RewriterBase &rewriter, Location loc,
                               RankedTensorType type,
                               quant::QuantizedType element,
                               ArrayRef<int64_t> stored) {
  IntegerType storage = cast<IntegerType>(element.getStorageType());
  auto values = llvm::map_to_vector(stored, [&](int64_t value) {
    return llvm::APInt(storage.getWidth(), static_cast<uint64_t>(value),
                       /*isSigned=*/false, /*implicitTrunc=*/true);
  });
  Value constant = ConstantOp::create(
      rewriter, loc, type.clone(element),
      DenseIntElementsAttr::get(type.clone(storage), values));
  return quant::DequantizeCastOp::create(rewriter, loc, type, constant);
}

/// The type of weights in blocks of one channel and some input channels.
static quant::QuantizedType
makeGroupedType(LinearOpInterface op, const quantization::TensorForm &form,
                StorageRange range, ArrayRef<QuantizationParameters> parameters,
                const Groups &groups) {
  auto weights = cast<RankedTensorType>(op.getWeightOperand().get().getType());
  SmallVector<int64_t> shape(weights.getRank(), 1);
  auto channelAxis = static_cast<int32_t>(op.getWeightChannelAxis());
  auto inputAxis = static_cast<int32_t>(op.getWeightInputAxis());
  shape[channelAxis] = groups.channels;
  shape[inputAxis] = groups.count;
  auto real = cast<FloatType>(weights.getElementType());
  auto storage = IntegerType::get(op->getContext(), form.bits);
  SmallVector<float> scales;
  SmallVector<APInt> zeroPoints;
  for (const QuantizationParameters &chosen : parameters) {
    scales.push_back(static_cast<float>(chosen.scale));
    zeroPoints.push_back(APInt(form.bits,
                               static_cast<uint64_t>(chosen.zeroPoint),
                               /*isSigned=*/false, /*implicitTrunc=*/true));
  }
  return quant::UniformQuantizedSubChannelType::get(
      form.isSigned ? quant::QuantizationFlags::Signed : 0, storage, real,
      DenseElementsAttr::get(RankedTensorType::get(shape, real),
                             ArrayRef<float>(scales)),
      DenseElementsAttr::get(RankedTensorType::get(shape, storage), zeroPoints),
      {channelAxis, inputAxis}, {1, groups.size}, range.min, range.max);
}

/// The least number with few bits that is not below `value`.
static double roundUnitUp(double value) {
  int exponent = std::ilogb(value) - unitBits + 1;
  return std::ldexp(std::ceil(std::ldexp(value, -exponent)), exponent);
}

/// Makes the scales of a channel's groups multiples of one, of which they are
/// no more than a weight in a byte can be multiplied by. Returns that one. No
/// scale becomes smaller, so nothing is clipped.
static double useMultiples(MutableArrayRef<QuantizationParameters> scales,
                           StorageRange range, double least) {
  int64_t most = mostOfByte / std::max(-range.min, range.max);
  double greatest = 0;
  for (const QuantizationParameters &scale : scales)
    greatest = std::max(greatest, scale.scale);
  double unit =
      roundUnitUp(std::max(greatest / static_cast<double>(most), least));
  for (QuantizationParameters &scale : scales)
    scale.scale = unit * std::clamp<double>(std::ceil(scale.scale / unit), 1,
                                            static_cast<double>(most));
  return unit;
}

static quant::QuantizedType
makeType(Type expressed, unsigned bits, bool isSigned, StorageRange range,
         ArrayRef<QuantizationParameters> parameters, int64_t axis) {
  unsigned flags = isSigned ? quant::QuantizationFlags::Signed : 0;
  auto storage = IntegerType::get(expressed.getContext(), bits);
  auto real = cast<FloatType>(expressed);
  if (axis < 0)
    return quant::UniformQuantizedType::get(
        flags, storage, real, parameters[0].scale, parameters[0].zeroPoint,
        range.min, range.max);
  auto scales = llvm::map_to_vector(
      parameters, [](const auto &p) -> double { return p.scale; });
  auto zeroPoints = llvm::map_to_vector(
      parameters, [](const auto &p) -> int64_t { return p.zeroPoint; });
  return quant::UniformQuantizedPerAxisType::get(
      flags, storage, real, scales, zeroPoints, axis, range.min, range.max);
}

FailureOr<WeightFindings>
qopt::nn::quantizeWeights(RewriterBase &rewriter, LinearOpInterface op,
                          const LayerPlan &plan,
                          std::optional<LayerScales> scales) {
  const quantization::TensorForm &form = *plan.weights;
  Value weights = op.getWeightOperand().get();
  auto type = cast<RankedTensorType>(weights.getType());
  // One weight of a group says as much as all of them, but for sums of errors.
  std::optional<float> splat =
      plan.weightEstimator == "minmax" ? getSplat(weights) : std::nullopt;
  SmallVector<float> values =
      splat ? SmallVector<float>() : readFloats(weights);
  if (!splat && values.size() != static_cast<size_t>(type.getNumElements()))
    return op->emitOpError("has weights whose values are not at hand");
  Groups groups = getGroups(op, plan);
  bool isGrouped = groups.count > 1;
  bool perChannel = plan.granularity != Granularity::PerTensor;
  int64_t axis = op.getWeightChannelAxis();
  int64_t channels = type.getDimSize(axis);
  if (isGrouped && scales &&
      (form.bits > 4 || !form.symmetric || !form.isSigned))
    return op->emitOpError("asks for sub-channel weights of ")
           << form.bits << " bits beside quantized activations, expected "
           << "signed, symmetric ones of 4: sums of bytes have no room for "
              "another scale; use int4w8a, int8-weights or per-channel";
  SmallVector<float> biases;
  if (op.getBiasValue())
    biases = readFloats(op.getBiasValue());

  StorageRange range =
      StorageRange::ofBits(form.bits, form.isSigned, form.narrow);
  SmallVector<SmallVector<float>> grouped(groups.channels * groups.count);
  for (auto [index, value] : llvm::enumerate(values))
    grouped[groups.of(index)].push_back(value);
  for (SmallVector<float> &group : grouped)
    if (splat && type.getNumElements() > 0)
      group.push_back(*splat);
  SmallVector<QuantizationParameters> parameters;
  for (ArrayRef<float> group : grouped) {
    FailureOr<QuantizationParameters> chosen = estimate(op, group, range, plan);
    if (failed(chosen))
      return failure();
    parameters.push_back(*chosen);
  }

  // Nothing but zeros says nothing about a scale: take the others', so that the
  // bias is as fine as theirs.
  auto isZero = [](ArrayRef<float> group) {
    return llvm::all_of(group, [](float value) { return value == 0; });
  };
  double common = 0;
  for (auto [group, chosen] : llvm::zip(grouped, parameters))
    if (!isZero(group))
      common = std::max(common, chosen.scale);
  if (common > 0)
    for (auto [group, chosen] : llvm::zip(grouped, parameters))
      if (isZero(group))
        chosen.scale = common;

  // What the integers of a channel, and its bias, count in.
  SmallVector<double> units;
  WeightFindings findings;
  auto noteLifted = [&](double lifted) {
    ++findings.numLifted;
    double count = static_cast<double>(type.getNumElements()) / channels;
    findings.greatestLoss =
        std::max(findings.greatestLoss,
                 count * lifted / 2 * scales->greatestInput / scales->result);
  };
  auto getBias = [&](int64_t channel) -> double {
    return biases.empty() ? 0 : biases[channel];
  };
  if (scales && isGrouped) {
    for (int64_t channel = 0; channel < channels; ++channel) {
      double least = getLeastScale(getBias(channel), *scales);
      MutableArrayRef<QuantizationParameters> own =
          MutableArrayRef(parameters)
              .slice(channel * groups.count, groups.count);
      units.push_back(useMultiples(own, range, least));
      if (units.back() <= 2 * least)
        noteLifted(units.back());
    }
  } else if (scales) {
    for (int64_t channel = 0; channel < channels; ++channel) {
      QuantizationParameters &chosen = parameters[perChannel ? channel : 0];
      double least = getLeastScale(getBias(channel), *scales);
      if (chosen.scale >= least)
        continue;
      // Rounding to float32 must not fall below it.
      double lifted =
          form.powerOfTwo
              ? std::exp2(std::ceil(std::log2(least)))
              : std::nextafter(static_cast<float>(least),
                               std::numeric_limits<float>::infinity());
      noteLifted(lifted);
      chosen.scale = lifted;
    }
    for (const QuantizationParameters &chosen : parameters)
      units.push_back(chosen.scale);
  }

  rewriter.setInsertionPoint(op);
  quant::QuantizedType element =
      isGrouped ? makeGroupedType(op, form, range, parameters, groups)
                : makeType(type.getElementType(), form.bits, form.isSigned,
                           range, parameters, perChannel ? axis : -1);
  Value dequantized;
  if (plan.keepWeights) {
    dequantized = quant::DequantizeCastOp::create(
        rewriter, weights.getLoc(), type,
        quant::QuantizeCastOp::create(rewriter, weights.getLoc(),
                                      type.clone(element), weights));
  } else {
    bool isOneNumber =
        splat &&
        llvm::all_equal(llvm::map_range(parameters, [](const auto &chosen) {
          return std::pair(chosen.scale, chosen.zeroPoint);
        }));
    int64_t count = isOneNumber ? 1 : type.getNumElements();
    SmallVector<int64_t> stored;
    for (int64_t i = 0; i != count; ++i)
      stored.push_back(numerics::quantizeValue(
          splat ? *splat : values[i], parameters[groups.of(i)], range));
    dequantized =
        createDequantized(rewriter, weights.getLoc(), type, element, stored);
  }
  rewriter.modifyOpInPlace(op, [&] { op.getWeightOperand().set(dequantized); });
  if (!scales || biases.empty())
    return findings;

  SmallVector<QuantizationParameters> biasParameters;
  for (double unit : units)
    biasParameters.push_back({scales->input * unit, 0});
  StorageRange biasRange = StorageRange::ofBits(32, /*isSigned=*/true);
  auto storedBias =
      llvm::map_to_vector(llvm::enumerate(biases), [&](auto entry) -> int64_t {
        double steps = entry.value() /
                       biasParameters[perChannel ? entry.index() : 0].scale;
        return std::clamp<int64_t>(std::llround(steps), biasRange.min,
                                   biasRange.max);
      });
  Value bias = op.getBiasValue();
  Value dequantizedBias = createDequantized(
      rewriter, bias.getLoc(), cast<RankedTensorType>(bias.getType()),
      makeType(type.getElementType(), 32, /*isSigned=*/true, biasRange,
               biasParameters, perChannel ? 0 : -1),
      storedBias);
  rewriter.modifyOpInPlace(op, [&] { op.setBiasValue(dequantizedBias); });
  return findings;
}
