// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Three steps over the linear ops of a graph.
//
// 1. A channel whose weights are all zero is its bias everywhere. What the ops
//    behind make of that number goes into the biases of the layers that read
//    it, and their weights on it become zero; which may make the channels of a
//    depthwise layer constant in turn. A layer with a border of zeros sums
//    other terms there, so it takes no number but 0.
// 2. From the last layer to the first: a channel that every reader multiplies
// by
//    zero can go. A depthwise layer reads it for channels of its own, which
//    must go, too. One channel of a tensor always stays.
// 3. Weights, biases and types lose these channels.

#include "ChannelPaths.h"

#include "qopt/Dialect/NN/IR/FloatValues.h"
#include "qopt/Dialect/NN/IR/NN.h"
#include "qopt/Dialect/NN/Transforms/Passes.h"
#include "qopt/Support/PassStatistics.h"

namespace qopt::nn {
#define GEN_PASS_DEF_NNREMOVEDEADCHANNELSPASS
#include "qopt/Dialect/NN/Transforms/Passes.h.inc"
} // namespace qopt::nn

using namespace mlir;
using namespace qopt;
using namespace qopt::nn;

namespace {

struct Layer {
  LinearParameters parameters;
  std::optional<ChannelSinks> sinks;
  std::vector<bool> keepInputs, keepOutputs;
  bool isChanged = false;

  /// Each input channel makes output channels of its own.
  bool isDepthwise() {
    return parameters.op.getNumGroups() == parameters.getNumInputs() &&
           parameters.op.getWeightInputAxis() < 0;
  }
  /// The input channel behind an output channel of a depthwise layer.
  int64_t getGroupOf(int64_t output) {
    return output / (parameters.getNumOutputs() / parameters.getNumInputs());
  }
};

/// A tensor that loses indices of a dimension.
struct Shrunk {
  Value value;
  int64_t dimension, extent;
};

class Remover {
public:
  explicit Remover(Operation *root);
  uint64_t absorbConstants();
  void chooseChannels();
  uint64_t remove(OpBuilder &builder);
  void warnOfTinyChannels(double tiny);

private:
  bool absorbConstant(Layer &layer, int64_t channel);
  bool canRemove(Layer &layer, int64_t channel,
                 ArrayRef<std::vector<double>> ranges);
  void collectShrunk(Value value, const ChannelMap &channels,
                     const std::vector<bool> &keep,
                     SmallVectorImpl<Shrunk> &shrunk);
  void shrinkConstants(OpBuilder &builder, Layer &layer);

  std::vector<Layer> layers;
  llvm::DenseMap<Operation *, size_t> indices;
};

} // namespace

Remover::Remover(Operation *root) {
  root->walk([&](LinearOpInterface op) {
    std::string reason;
    auto parameters = LinearParameters::get(op, reason);
    if (!parameters)
      return;
    Layer layer;
    layer.keepInputs.assign(parameters->getNumInputs(), true);
    layer.keepOutputs.assign(parameters->getNumOutputs(), true);
    layer.sinks = findSinks(op->getResult(0),
                            ChannelMap::identity(op.getResultChannelAxis(),
                                                 parameters->getNumOutputs()),
                            reason);
    layer.parameters = std::move(*parameters);
    indices[op] = layers.size();
    layers.push_back(std::move(layer));
  });
  // Only tensors whose readers are all known can change.
  for (Layer &layer : layers)
    if (layer.sinks &&
        !llvm::all_of(layer.sinks->consumers, [&](ChannelConsumer &consumer) {
          return indices.contains(consumer.op);
        }))
      layer.sinks.reset();
}

//===----------------------------------------------------------------------===//
// Constants
//===----------------------------------------------------------------------===//

bool Remover::absorbConstant(Layer &layer, int64_t channel) {
  double value = layer.parameters.bias[channel];
  if (auto fusable = dyn_cast<ActivationFusableOpInterface>(
          layer.parameters.op.getOperation())) {
    RealInterval interval = fusable.getFusedInterval();
    value = std::min(std::max(value, interval.low), interval.high);
  }
  SmallVector<double> read;
  for (ChannelConsumer &consumer : layer.sinks->consumers) {
    std::optional<double> mapped = value;
    for (ChannelwiseOpInterface op : consumer.path)
      if (mapped)
        mapped = op.mapConstant(*mapped);
    if (!mapped || (*mapped != 0 && (!consumer.op.sumsAllWeights() ||
                                     !consumer.op.getBorder().isEmpty())))
      return false;
    read.push_back(*mapped);
  }
  bool changed = false;
  for (auto [consumer, number] :
       llvm::zip_equal(layer.sinks->consumers, read)) {
    Layer &reader = layers[indices.at(consumer.op)];
    LinearParameters &parameters = reader.parameters;
    for (int64_t i = 0, e = parameters.getNumWeights(); i != e; ++i) {
      if (consumer.inputs[parameters.getInputOf(i)] != channel ||
          parameters.weights[i] == 0)
        continue;
      parameters.bias[parameters.getOutputOf(i)] +=
          parameters.weights[i] * number;
      parameters.weights[i] = 0;
      reader.isChanged = changed = true;
    }
  }
  return changed;
}

uint64_t Remover::absorbConstants() {
  uint64_t count = 0;
  for (Layer &layer : layers) {
    if (!layer.sinks)
      continue;
    std::vector<double> ranges = layer.parameters.getOutputRanges();
    for (auto [channel, range] : llvm::enumerate(ranges))
      if (range == 0)
        count += absorbConstant(layer, channel);
  }
  return count;
}

//===----------------------------------------------------------------------===//
// Choice
//===----------------------------------------------------------------------===//

/// `ranges` are those of each reader's input channels.
bool Remover::canRemove(Layer &layer, int64_t channel,
                        ArrayRef<std::vector<double>> ranges) {
  for (auto [consumer, readerRanges] :
       llvm::zip_equal(layer.sinks->consumers, ranges)) {
    Layer &reader = layers[indices.at(consumer.op)];
    if (reader.isDepthwise()) {
      for (size_t o = 0; o < reader.keepOutputs.size(); ++o)
        if (consumer.inputs[reader.getGroupOf(o)] == channel &&
            reader.keepOutputs[o])
          return false;
      continue;
    }
    if (consumer.op.getNumGroups() != 1)
      return false;
    for (auto [input, range] : llvm::zip_equal(consumer.inputs, readerRanges))
      if (input == channel && range != 0)
        return false;
  }
  return true;
}

void Remover::chooseChannels() {
  for (Layer &layer : llvm::reverse(layers)) {
    // Output channels of a group have to be equal in number.
    if (!layer.sinks ||
        (layer.parameters.op.getNumGroups() != 1 && !layer.isDepthwise()))
      continue;
    SmallVector<std::vector<double>> ranges;
    for (ChannelConsumer &consumer : layer.sinks->consumers)
      ranges.push_back(
          layers[indices.at(consumer.op)].parameters.getInputRanges());
    for (size_t c = 0; c < layer.keepOutputs.size(); ++c)
      layer.keepOutputs[c] = !canRemove(layer, c, ranges);
    if (llvm::none_of(layer.keepOutputs, [](bool keep) { return keep; }))
      layer.keepOutputs[0] = true;
  }
  // From the first on: a depthwise layer has what its input has.
  for (Layer &layer : layers) {
    if (layer.isDepthwise())
      for (size_t o = 0; o < layer.keepOutputs.size(); ++o)
        layer.keepOutputs[o] = layer.keepInputs[layer.getGroupOf(o)];
    if (!layer.sinks)
      continue;
    for (ChannelConsumer &consumer : layer.sinks->consumers)
      for (auto [input, channel] : llvm::enumerate(consumer.inputs))
        layers[indices.at(consumer.op)].keepInputs[input] =
            layer.keepOutputs[channel];
  }
}

//===----------------------------------------------------------------------===//
// Removal
//===----------------------------------------------------------------------===//

void Remover::collectShrunk(Value value, const ChannelMap &channels,
                            const std::vector<bool> &keep,
                            SmallVectorImpl<Shrunk> &shrunk) {
  int64_t extent = llvm::count_if(
      channels.channels, [&](int64_t channel) { return keep[channel]; });
  shrunk.push_back({value, channels.dimension, extent});
  for (Operation *user : value.getUsers())
    if (auto op = dyn_cast<ChannelwiseOpInterface>(user))
      collectShrunk(user->getResult(0), *op.mapChannels(channels), keep,
                    shrunk);
}

void Remover::shrinkConstants(OpBuilder &builder, Layer &layer) {
  LinearParameters &parameters = layer.parameters;
  LinearOpInterface op = parameters.op;
  auto count = [](const std::vector<bool> &keep) {
    return llvm::count(keep, true);
  };
  OpOperand &operand = op.getWeightOperand();
  SmallVector<int64_t> shape(
      cast<ShapedType>(operand.get().getType()).getShape());
  shape[op.getWeightChannelAxis()] = count(layer.keepOutputs);
  if (op.getWeightInputAxis() >= 0 && op.getNumGroups() == 1)
    shape[op.getWeightInputAxis()] = count(layer.keepInputs);
  std::vector<double> weights, bias;
  for (int64_t i = 0, e = parameters.getNumWeights(); i != e; ++i)
    if (layer.keepOutputs[parameters.getOutputOf(i)] &&
        layer.keepInputs[parameters.getInputOf(i)])
      weights.push_back(parameters.weights[i]);
  std::optional<ResultStatistics> statistics = getResultStatistics(op);
  ResultStatistics kept;
  for (size_t o = 0; o < layer.keepOutputs.size(); ++o) {
    if (!layer.keepOutputs[o])
      continue;
    bias.push_back(parameters.bias[o]);
    if (statistics) {
      kept.mean.push_back(statistics->mean[o]);
      kept.deviation.push_back(statistics->deviation[o]);
    }
  }
  builder.setInsertionPoint(op);
  operand.set(makeFloats(builder, operand.get().getLoc(), shape,
                         ArrayRef<double>(weights)));
  bool hasBias =
      op.getBiasValue() || llvm::any_of(bias, [](double b) { return b != 0; });
  if (hasBias)
    op.setBiasValue(makeFloats(builder, op->getLoc(),
                               {static_cast<int64_t>(bias.size())},
                               ArrayRef<double>(bias)));
  if (statistics)
    setResultStatistics(op, kept);
}

uint64_t Remover::remove(OpBuilder &builder) {
  auto loses = [](const std::vector<bool> &keep) {
    return llvm::is_contained(keep, false);
  };
  // Where channels are is asked before any type changes.
  SmallVector<Shrunk> shrunk;
  uint64_t count = 0;
  for (Layer &layer : layers) {
    if (!loses(layer.keepOutputs))
      continue;
    count += llvm::count(layer.keepOutputs, false);
    LinearOpInterface op = layer.parameters.op;
    collectShrunk(op->getResult(0),
                  ChannelMap::identity(op.getResultChannelAxis(),
                                       layer.keepOutputs.size()),
                  layer.keepOutputs, shrunk);
  }
  for (Layer &layer : layers) {
    if (!layer.isChanged && !loses(layer.keepInputs) &&
        !loses(layer.keepOutputs))
      continue;
    Value oldWeights = layer.parameters.op.getWeightOperand().get();
    Value oldBias = layer.parameters.op.getBiasValue();
    shrinkConstants(builder, layer);
    for (Value old : {oldWeights, oldBias})
      if (old && old.use_empty())
        old.getDefiningOp()->erase();
  }
  for (const Shrunk &each : shrunk) {
    auto type = cast<RankedTensorType>(each.value.getType());
    SmallVector<int64_t> shape(type.getShape());
    shape[each.dimension] = each.extent;
    Value value = each.value;
    value.setType(type.clone(shape));
  }
  return count;
}

void Remover::warnOfTinyChannels(double tiny) {
  for (Layer &layer : layers) {
    std::vector<double> ranges = layer.parameters.getOutputRanges();
    if (ranges.empty())
      continue;
    double largest = *std::max_element(ranges.begin(), ranges.end());
    SmallVector<size_t> found;
    for (auto [channel, range] : llvm::enumerate(ranges))
      if (range > 0 && range < tiny * largest)
        found.push_back(channel);
    if (found.empty())
      continue;
    // One warning an op: networks with batch norm may have many.
    InFlightDiagnostic warning = emitWarning(layer.parameters.op->getLoc());
    warning << "channel " << found.front() << " of "
            << spellOp(layer.parameters.op) << " has weights up to "
            << ranges[found.front()] << ", the op up to " << largest
            << ": it is not dead, but a scale for it alone is tiny";
    if (found.size() > 1)
      warning << " (and " << found.size() - 1 << " other channels)";
  }
}

namespace {
struct NNRemoveDeadChannels
    : nn::impl::NNRemoveDeadChannelsPassBase<NNRemoveDeadChannels> {
  using NNRemoveDeadChannelsPassBase::NNRemoveDeadChannelsPassBase;

  void runOnOperation() override {
    Remover remover(getOperation());
    remover.warnOfTinyChannels(tiny);
    recordStatistic(*this, "num-constant", remover.absorbConstants());
    remover.chooseChannels();
    OpBuilder builder(&getContext());
    recordStatistic(*this, "num-removed", remover.remove(builder));
  }
};
} // namespace
