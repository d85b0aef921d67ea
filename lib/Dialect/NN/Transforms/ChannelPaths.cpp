// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// See ChannelPaths.h.

#include "ChannelPaths.h"

#include "qopt/Dialect/NN/IR/NN.h"

#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Location.h"

using namespace mlir;
using namespace qopt;
using namespace qopt::nn;

std::string qopt::nn::spellOp(Operation *op) {
  std::string text = ("'" + op->getName().getStringRef() + "'").str();
  if (auto name = dyn_cast<NameLoc>(op->getLoc()))
    text += (" (" + name.getName().getValue() + ")").str();
  return text;
}

std::optional<ChannelSource> qopt::nn::findSource(Value value,
                                                  std::string &reason) {
  ChannelSource source;
  while (true) {
    Operation *producer = value.getDefiningOp();
    if (!producer) {
      reason = "it is an argument of the function";
      return std::nullopt;
    }
    if (!value.hasOneUse()) {
      reason = "the result of " + spellOp(producer) + " has other uses";
      return std::nullopt;
    }
    if (auto linear = dyn_cast<LinearOpInterface>(producer)) {
      source.op = linear;
      break;
    }
    auto channelwise = dyn_cast<ChannelwiseOpInterface>(producer);
    if (!channelwise) {
      reason = spellOp(producer) + " is neither linear nor moves channels";
      return std::nullopt;
    }
    source.path.push_back(channelwise);
    value = channelwise.getChannelwiseOperand().get();
  }
  std::reverse(source.path.begin(), source.path.end());

  auto type = cast<ShapedType>(source.op->getResult(0).getType());
  int64_t axis = source.op.getResultChannelAxis();
  source.channels = ChannelMap::identity(axis, type.getDimSize(axis));
  for (ChannelwiseOpInterface op : source.path) {
    FailureOr<ChannelMap> mapped = op.mapChannels(source.channels);
    if (failed(mapped)) {
      reason = spellOp(op) + " mixes channels";
      return std::nullopt;
    }
    source.channels = *mapped;
  }
  return source;
}

/// One use of a tensor, by a linear op.
static LogicalResult addConsumer(LinearOpInterface op, OpOperand &use,
                                 const ChannelMap &channels,
                                 ArrayRef<ChannelwiseOpInterface> path,
                                 ChannelSinks &sinks, std::string &reason) {
  if (&op.getInputOperand() != &use) {
    reason = spellOp(op) + " reads it as weights or bias";
    return failure();
  }
  SmallVector<int64_t> shape = op.getChannelInputShape();
  auto type = cast<ShapedType>(use.get().getType());
  FailureOr<ChannelMap> inputs =
      reshapeChannels(channels, type.getShape(), shape);
  if (failed(inputs) ||
      inputs->dimension + 1 != static_cast<int64_t>(shape.size())) {
    reason = spellOp(op) + " sums over the channels' dimension in another way";
    return failure();
  }
  sinks.consumers.push_back(
      {op, std::move(inputs->channels), llvm::to_vector(path)});
  return success();
}

static LogicalResult collectSinks(Value value, const ChannelMap &channels,
                                  SmallVectorImpl<ChannelwiseOpInterface> &path,
                                  ChannelSinks &sinks, std::string &reason) {
  if (value.use_empty()) {
    reason = "nothing reads it";
    return failure();
  }
  for (OpOperand &use : value.getUses()) {
    Operation *owner = use.getOwner();
    if (auto linear = dyn_cast<LinearOpInterface>(owner)) {
      if (failed(addConsumer(linear, use, channels, path, sinks, reason)))
        return failure();
      continue;
    }
    auto channelwise = dyn_cast<ChannelwiseOpInterface>(owner);
    if (!channelwise || &channelwise.getChannelwiseOperand() != &use) {
      reason = owner->hasTrait<OpTrait::IsTerminator>()
                   ? "it is a result of the function"
                   : spellOp(owner) + " reads it";
      return failure();
    }
    FailureOr<ChannelMap> mapped = channelwise.mapChannels(channels);
    if (failed(mapped)) {
      reason = spellOp(owner) + " mixes channels";
      return failure();
    }
    sinks.path.push_back(channelwise);
    path.push_back(channelwise);
    if (failed(collectSinks(owner->getResult(0), *mapped, path, sinks, reason)))
      return failure();
    path.pop_back();
  }
  return success();
}

std::optional<ChannelSinks> qopt::nn::findSinks(Value value,
                                                const ChannelMap &channels,
                                                std::string &reason) {
  ChannelSinks sinks;
  SmallVector<ChannelwiseOpInterface> path;
  if (failed(collectSinks(value, channels, path, sinks, reason)))
    return std::nullopt;
  return sinks;
}

/// The number that the function maps to 0 if it is one in all channels.
static std::optional<double> getCommonZero(const ChannelFunction &function) {
  if (!function.isInvertible())
    return std::nullopt;
  SmallVector<double> zeros = function.getInverse().offsets;
  float first = static_cast<float>(zeros.front());
  if (!llvm::all_of(zeros,
                    [&](double z) { return static_cast<float>(z) == first; }))
    return std::nullopt;
  return zeros.front();
}

const char *qopt::nn::findObstacle(LinearOpInterface op,
                                   const ChannelFunction &function) {
  if (!function.hasOffset())
    return nullptr;
  if (!op.sumsAllWeights())
    return "adds up different weights from place to place, and the function "
           "has an offset";
  if (!op.getBorder().isEmpty() && !getCommonZero(function))
    return "has a border of zeros, which stands for a different number in "
           "each channel";
  return nullptr;
}

/// Makes the border of a linear op an op of its own, with another number.
static void padInput(OpBuilder &builder, LinearOpInterface op, double value) {
  Border border = op.getBorder();
  OpOperand &operand = op.getInputOperand();
  auto type = cast<RankedTensorType>(operand.get().getType());
  SmallVector<int64_t> shape(type.getShape());
  for (auto [extent, low, high] :
       llvm::zip_equal(shape, border.low, border.high))
    extent += low + high;
  builder.setInsertionPoint(op);
  operand.set(PadOp::create(builder, op->getLoc(), type.clone(shape),
                            operand.get(), border.low, border.high,
                            APFloat(value)));
  op.clearBorder();
}

void qopt::nn::absorbFunction(OpBuilder &builder, LinearParameters &parameters,
                              const ChannelFunction &function) {
  parameters.absorbFromInput(function);
  parameters.store(builder);
  if (function.hasOffset() && !parameters.op.getBorder().isEmpty())
    padInput(builder, parameters.op, *getCommonZero(function));
}
