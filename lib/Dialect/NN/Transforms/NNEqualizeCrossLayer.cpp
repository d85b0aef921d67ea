// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Cross-layer equalization: Nagel et al. 2019, arXiv 1906.04721, section 4.1.
// With one scale for all weights of a layer, channels whose weights are small
// get few steps. Between two layers the size of a channel is free:
//
//   W2 act(W1 x + b1) = (W2 S) act(S^-1 W1 x + S^-1 b1)    if act(s y) = s
//   act(y)
//
// With r1 and r2 the greatest magnitudes of a channel's weights in the first
// and in the second layer, s = sqrt(r1 / r2) makes both sqrt(r1 r2), which
// maximizes the product of the channel's precisions in both (equation 11).
// A layer has a pair before it and one behind it, so pairs are visited in turn
// until nothing moves. In the end each s becomes a power of two: ranges are
// then equal within a factor of two, and the network computes the same floats
// as before, where another s would round every weight anew.
//
// Where several layers read the tensor, r2 is the greatest of theirs. A relu6
// would need another bound in each channel, 6 / s, which the op cannot say:
// such a pair is left alone, unless the option allows to put a relu in its
// place, as the paper does (it then computes something else where 6 was
// exceeded).

#include "ChannelPaths.h"

#include "qopt/Dialect/NN/IR/NN.h"
#include "qopt/Dialect/NN/Transforms/Passes.h"
#include "qopt/Support/PassStatistics.h"

#include <cmath>

namespace qopt::nn {
#define GEN_PASS_DEF_NNEQUALIZECROSSLAYERPASS
#include "qopt/Dialect/NN/Transforms/Passes.h.inc"
} // namespace qopt::nn

using namespace mlir;
using namespace qopt;
using namespace qopt::nn;

namespace {

/// A layer and all that read its result.
struct Pair {
  size_t first;
  struct Second {
    size_t layer;
    SmallVector<int64_t> inputs;
  };
  SmallVector<Second> seconds;
  /// The ops between, and all that the first layer's result was divided by.
  SmallVector<ChannelwiseOpInterface> path;
  ChannelFunction shrunk;
};

/// The layers of a graph and the pairs among them.
struct Layers {
  std::vector<LinearParameters> parameters;
  llvm::DenseMap<Operation *, size_t> indices;
  std::vector<Pair> pairs;
};

} // namespace

/// Clamps to [0, high] with a finite bound: what a scaling cannot pass, and a
/// relu can take the place of.
static bool isBoundedRelu(RealInterval interval) {
  return interval.low == 0 && std::isfinite(interval.high) && interval.high > 0;
}

static constexpr RealInterval relu = {0,
                                      std::numeric_limits<double>::infinity()};

/// A function that no two channels share: what passes it passes any scaling.
static ChannelFunction makeProbe(int64_t channels) {
  ChannelFunction probe;
  for (int64_t c = 0; c < channels; ++c) {
    probe.factors.push_back(c % 2 ? 0.5 : 2);
    probe.offsets.push_back(0);
  }
  return probe;
}

namespace {
struct NNEqualizeCrossLayer
    : nn::impl::NNEqualizeCrossLayerPassBase<NNEqualizeCrossLayer> {
  using NNEqualizeCrossLayerPassBase::NNEqualizeCrossLayerPassBase;

  void runOnOperation() override;

private:
  std::optional<Pair> findPair(size_t first, Layers &layers,
                               std::string &reason);
  bool relaxClamps(LinearOpInterface op, ChannelSinks &sinks,
                   const ChannelFunction &probe, std::string &reason);
};
} // namespace

/// True if scales pass the op's activation and the ops behind it, perhaps after
/// a relu took the place of a clamp to [0, 6].
bool NNEqualizeCrossLayer::relaxClamps(LinearOpInterface op,
                                       ChannelSinks &sinks,
                                       const ChannelFunction &probe,
                                       std::string &reason) {
  SmallVector<ActivationFusableOpInterface> fused;
  SmallVector<ClampOpInterface> clamps;
  auto visit = [&](Operation *visited, bool commutes) {
    if (commutes)
      return true;
    auto fusable = dyn_cast<ActivationFusableOpInterface>(visited);
    auto clamp = dyn_cast<ClampOpInterface>(visited);
    bool isRelaxed = replaceRelu6 &&
                     ((fusable && isBoundedRelu(fusable.getFusedInterval())) ||
                      (clamp && isBoundedRelu(clamp.getClampInterval())));
    if (!isRelaxed) {
      reason = "scales do not pass " + spellOp(visited);
      return false;
    }
    if (clamp)
      clamps.push_back(clamp);
    else
      fused.push_back(fusable);
    return true;
  };
  auto fusable = dyn_cast<ActivationFusableOpInterface>(op.getOperation());
  if (!visit(op,
             !fusable || clampCommutesWith(fusable.getFusedInterval(), probe)))
    return false;
  for (ChannelwiseOpInterface step : sinks.path)
    if (!visit(step, step.commutesWith(probe)))
      return false;

  for (ActivationFusableOpInterface each : fused)
    if (failed(each.setFusedInterval(relu))) {
      reason = spellOp(each) + " has no relu";
      return false;
    }
  OpBuilder builder(op);
  for (ClampOpInterface clamp : clamps) {
    builder.setInsertionPoint(clamp);
    auto replacement =
        ReluOp::create(builder, clamp->getLoc(), clamp->getResult(0).getType(),
                       clamp->getOperand(0));
    for (ChannelwiseOpInterface &step : sinks.path)
      if (step.getOperation() == clamp.getOperation())
        step = cast<ChannelwiseOpInterface>(replacement.getOperation());
    clamp->getResult(0).replaceAllUsesWith(replacement);
    clamp->erase();
  }
  recordStatistic(*this, "num-relu6-replaced", fused.size() + clamps.size());
  return true;
}

std::optional<Pair> NNEqualizeCrossLayer::findPair(size_t first, Layers &layers,
                                                   std::string &reason) {
  LinearOpInterface op = layers.parameters[first].op;
  int64_t channels = layers.parameters[first].getNumOutputs();
  auto sinks = findSinks(
      op->getResult(0),
      ChannelMap::identity(op.getResultChannelAxis(), channels), reason);
  if (!sinks)
    return std::nullopt;
  Pair pair;
  pair.first = first;
  for (const ChannelConsumer &consumer : sinks->consumers) {
    auto found = layers.indices.find(consumer.op);
    if (found == layers.indices.end()) {
      reason = "the weights of " + spellOp(consumer.op) + " are not known";
      return std::nullopt;
    }
    pair.seconds.push_back({found->second, consumer.inputs});
  }
  if (!relaxClamps(op, *sinks, makeProbe(channels), reason))
    return std::nullopt;
  pair.path = sinks->path;
  pair.shrunk.factors.assign(channels, 1);
  pair.shrunk.offsets.assign(channels, 0);
  return pair;
}

/// Divides the pair's tensor by `scales` where it is made and multiplies it
/// with them where it is read.
static void moveScales(Pair &pair, Layers &layers, ArrayRef<double> scales) {
  ChannelFunction shrink, grow;
  for (double s : scales) {
    shrink.factors.push_back(1 / s);
    grow.factors.push_back(s);
  }
  shrink.offsets.assign(scales.size(), 0);
  grow.offsets = shrink.offsets;
  layers.parameters[pair.first].applyToResult(shrink);
  pair.shrunk = shrink.after(pair.shrunk);
  for (const Pair::Second &second : pair.seconds)
    layers.parameters[second.layer].absorbFromInput(grow.select(second.inputs));
}

/// Makes the ranges of a pair equal; returns the greatest |log2 s|.
static double equalize(Pair &pair, Layers &layers) {
  std::vector<double> firstRanges =
      layers.parameters[pair.first].getOutputRanges();
  std::vector<double> secondRanges(firstRanges.size(), 0);
  for (const Pair::Second &second : pair.seconds) {
    std::vector<double> ranges =
        layers.parameters[second.layer].getInputRanges();
    for (auto [range, channel] : llvm::zip_equal(ranges, second.inputs))
      secondRanges[channel] = std::max(secondRanges[channel], range);
  }

  // What is so far below the others is a channel that is not made or not read,
  // as batch norm leaves them behind dead ones: it has no size, and to blow it
  // up to theirs would make its bias all that counts.
  constexpr double nothing = 1.0 / 65536;
  auto getLeast = [&](ArrayRef<double> ranges) {
    return nothing * *std::max_element(ranges.begin(), ranges.end());
  };
  double least1 = getLeast(firstRanges), least2 = getLeast(secondRanges);
  SmallVector<double> scales;
  double greatest = 0;
  for (auto [r1, r2] : llvm::zip_equal(firstRanges, secondRanges)) {
    double s = r1 > least1 && r2 > least2 ? std::sqrt(r1 / r2) : 1;
    if (!std::isfinite(s) || s == 0)
      s = 1;
    greatest = std::max(greatest, std::abs(std::log2(s)));
    scales.push_back(s);
  }
  moveScales(pair, layers, scales);
  return greatest;
}

/// Replaces the product of all scales of a pair by the nearest power of two:
/// no float of the network is rounded then.
static void roundScales(Pair &pair, Layers &layers) {
  SmallVector<double> scales;
  for (double factor : pair.shrunk.factors)
    scales.push_back(factor / std::exp2(std::round(std::log2(factor))));
  moveScales(pair, layers, scales);
}

void NNEqualizeCrossLayer::runOnOperation() {
  Layers layers;
  getOperation()->walk([&](LinearOpInterface op) {
    std::string reason;
    if (auto parameters = LinearParameters::get(op, reason)) {
      layers.indices[op] = layers.parameters.size();
      layers.parameters.push_back(std::move(*parameters));
    }
  });
  for (size_t i = 0; i < layers.parameters.size(); ++i) {
    std::string reason;
    if (std::optional<Pair> pair = findPair(i, layers, reason))
      layers.pairs.push_back(std::move(*pair));
    else if (printPairs)
      emitRemark(layers.parameters[i].op->getLoc())
          << spellOp(layers.parameters[i].op)
          << " is not equalized: " << reason;
  }
  if (layers.pairs.empty())
    return;

  uint64_t rounds = 0;
  double moved = std::numeric_limits<double>::infinity();
  for (; rounds < maxRounds && moved > tolerance; ++rounds) {
    moved = 0;
    for (Pair &pair : layers.pairs)
      moved = std::max(moved, equalize(pair, layers));
  }
  if (!realScales)
    for (Pair &pair : layers.pairs)
      roundScales(pair, layers);
  OpBuilder builder(&getContext());
  for (LinearParameters &parameters : layers.parameters)
    parameters.store(builder);
  // A pad of one channel has another value now.
  for (const Pair &pair : layers.pairs)
    for (ChannelwiseOpInterface op : pair.path)
      op.commuteWith(pair.shrunk);
  recordStatistic(*this, "num-pairs", layers.pairs.size());
  recordStatistic(*this, "num-rounds", rounds);
}
