// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Absorption of high biases: Nagel et al. 2019, arXiv 1906.04721,
// section 4.1.3. Equalization may leave a channel whose activations all lie far
// above zero, so that one scale for the tensor serves it badly. For a relu r
// and c >= 0
//
//   r(W1 x + b1) = r(W1 x + b1 - c) + c    wherever W1 x + b1 >= c
//
// and the c behind it goes into the next layer: b2 + W2 c. As c the paper takes
// mean - 3 deviations of the channel, from the batch norm that was folded into
// the first layer: a normal distribution is below that in 0.135 % of cases,
// where the result is too large by what is missing. The pass is no identity,
// unlike the others on float graphs.

#include "ChannelPaths.h"

#include "qopt/Dialect/NN/IR/NN.h"
#include "qopt/Dialect/NN/Transforms/Passes.h"
#include "qopt/Support/PassStatistics.h"

namespace qopt::nn {
#define GEN_PASS_DEF_NNABSORBBIASPASS
#include "qopt/Dialect/NN/Transforms/Passes.h.inc"
} // namespace qopt::nn

using namespace mlir;
using namespace qopt;
using namespace qopt::nn;

/// What each channel can lose, or nothing if no channel can lose any.
static std::optional<ChannelFunction> getShift(LinearOpInterface op,
                                               double sigmas) {
  std::optional<ResultStatistics> statistics = getResultStatistics(op);
  if (!statistics)
    return std::nullopt;
  ChannelFunction shift;
  for (auto [mean, deviation] :
       llvm::zip_equal(statistics->mean, statistics->deviation)) {
    double c = std::max(0.0, mean - sigmas * deviation);
    shift.factors.push_back(1);
    shift.offsets.push_back(c > 0 ? -c : 0);
  }
  if (!shift.isInvertible() || !shift.hasOffset())
    return std::nullopt;
  return shift;
}

static bool isRelu(RealInterval interval) {
  return interval.low == 0 && std::isinf(interval.high);
}

/// The tensor behind the op's relu, fused or of its own; null if there is none.
static Value getClamped(LinearOpInterface op) {
  Value result = op->getResult(0);
  auto fusable = dyn_cast<ActivationFusableOpInterface>(op.getOperation());
  if (fusable && isRelu(fusable.getFusedInterval()))
    return result;
  if (!result.hasOneUse() ||
      (fusable && !fusable.getFusedInterval().isUnbounded()))
    return {};
  auto clamp = dyn_cast<ClampOpInterface>(*result.user_begin());
  return clamp && isRelu(clamp.getClampInterval()) ? clamp->getResult(0)
                                                   : Value();
}

/// True if something was absorbed.
static bool absorb(LinearOpInterface op, double sigmas, OpBuilder &builder) {
  std::optional<ChannelFunction> shift = getShift(op, sigmas);
  Value clamped = getClamped(op);
  std::string reason;
  if (!shift || !clamped)
    return false;
  auto first = LinearParameters::get(op, reason);
  auto sinks = findSinks(
      clamped,
      ChannelMap::identity(op.getResultChannelAxis(), shift->getNumChannels()),
      reason);
  if (!first || !sinks)
    return false;
  for (ChannelwiseOpInterface step : sinks->path)
    if (!step.commutesWith(*shift))
      return false;
  ChannelFunction back = shift->getInverse();
  std::vector<LinearParameters> consumers;
  for (const ChannelConsumer &consumer : sinks->consumers) {
    auto parameters = LinearParameters::get(consumer.op, reason);
    if (!parameters || findObstacle(consumer.op, back.select(consumer.inputs)))
      return false;
    consumers.push_back(std::move(*parameters));
  }

  first->applyToResult(*shift);
  first->store(builder);
  for (ChannelwiseOpInterface step : sinks->path)
    step.commuteWith(*shift);
  for (auto [consumer, parameters] :
       llvm::zip_equal(sinks->consumers, consumers))
    absorbFunction(builder, parameters, back.select(consumer.inputs));
  return true;
}

namespace {
struct NNAbsorbBias : nn::impl::NNAbsorbBiasPassBase<NNAbsorbBias> {
  using NNAbsorbBiasPassBase::NNAbsorbBiasPassBase;

  void runOnOperation() override {
    OpBuilder builder(&getContext());
    SmallVector<LinearOpInterface> ops;
    getOperation()->walk([&](LinearOpInterface op) { ops.push_back(op); });
    uint64_t numAbsorbed = 0;
    for (LinearOpInterface op : ops)
      numAbsorbed += absorb(op, sigmas, builder);
    recordStatistic(*this, "num-absorbed", numAbsorbed);
  }
};
} // namespace
