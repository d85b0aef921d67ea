// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A batch norm in use is a channel function, a x + s; so are a multiplication
// by and an addition of one constant a channel, as some exporters write it.
// What follows another of them with nothing between is composed with it, in
// double precision. Then, for each function f:
//
// 1. If it reads what a linear op makes, for f alone, f is folded into weights
//    and bias (Jacob et al. 2018, arXiv 1712.05877, section 3.2). Ops between
//    the two must commute with f, the activation of the linear op too.
// 2. Else, if all that reads f's result are linear ops, f goes into them:
//      sum w (a x + s) + b = sum (w a) x + (b + sum w s)
//    A border of zeros stands for f(x) = 0, that is for x = -s / a: where that
//    is one number for all channels the border becomes an nn.pad with it.
// 3. Else f stays: a depthwise convolution of 1x1 on an image (one op, with a
//    scale per channel when it is quantized), else mul and add.

#include "ChannelPaths.h"

#include "qopt/Dialect/NN/IR/FloatValues.h"
#include "qopt/Dialect/NN/IR/NN.h"
#include "qopt/Dialect/NN/Transforms/Passes.h"
#include "qopt/Support/PassStatistics.h"

#include "mlir/IR/PatternMatch.h"

namespace qopt::nn {
#define GEN_PASS_DEF_NNFOLDBATCHNORMPASS
#include "qopt/Dialect/NN/Transforms/Passes.h.inc"
} // namespace qopt::nn

using namespace mlir;
using namespace qopt;
using namespace qopt::nn;

namespace {

/// Neighbouring ops that together are one channel function.
struct Group {
  SmallVector<Operation *> ops;
  AppliedChannelFunction applied;

  Value getInput() const { return applied.operand->get(); }
  Value getResult() const { return ops.back()->getResult(0); }
  Location getLoc() const { return ops.back()->getLoc(); }
  /// What the last op clamps its result to.
  RealInterval getInterval() const {
    auto fusable = dyn_cast<ActivationFusableOpInterface>(ops.back());
    return fusable ? fusable.getFusedInterval() : RealInterval();
  }
  /// An op that was meant as it is: a bias, a scaling.
  bool isPlainArithmetic() const {
    return ops.size() == 1 && applied.mean.empty();
  }
  void erase() {
    for (Operation *op : llvm::reverse(ops))
      op->erase();
  }
};

} // namespace

//===----------------------------------------------------------------------===//
// Groups
//===----------------------------------------------------------------------===//

static bool isUniform(const ChannelFunction &function) {
  return llvm::all_equal(function.factors) && llvm::all_equal(function.offsets);
}

/// Lets a function that is the same for all channels count along another
/// dimension.
static bool alignTo(AppliedChannelFunction &applied, int64_t dimension,
                    int64_t count) {
  if (applied.dimension == dimension)
    return true;
  if (!isUniform(applied.function) || !applied.mean.empty() ||
      applied.function.getNumChannels() == 0)
    return false;
  applied.dimension = dimension;
  applied.function.factors.assign(count, applied.function.factors[0]);
  applied.function.offsets.assign(count, applied.function.offsets[0]);
  return true;
}

/// Puts an op behind a group. False if it is not that group's only reader or
/// does not count channels along the same dimension.
static bool append(Group &group, Operation *op,
                   AppliedChannelFunction applied) {
  if (applied.operand->get() != group.getResult() ||
      !group.getResult().hasOneUse() || !group.getInterval().isUnbounded())
    return false;
  AppliedChannelFunction &first = group.applied;
  if (!alignTo(applied, first.dimension, first.function.getNumChannels()) &&
      !alignTo(first, applied.dimension, applied.function.getNumChannels()))
    return false;
  if (applied.mean.empty() && !first.mean.empty()) {
    for (auto [c, mean] : llvm::enumerate(first.mean)) {
      mean = mean * applied.function.factors[c] + applied.function.offsets[c];
      first.deviation[c] *= std::abs(applied.function.factors[c]);
    }
  } else {
    first.mean = applied.mean;
    first.deviation = applied.deviation;
  }
  first.function = applied.function.after(first.function);
  group.ops.push_back(op);
  return true;
}

static std::vector<Group> findGroups(Operation *root) {
  std::vector<Group> groups;
  llvm::DenseMap<Operation *, size_t> groupOf;
  root->walk([&](ChannelFunctionOpInterface op) {
    FailureOr<AppliedChannelFunction> applied = op.getChannelFunction();
    if (failed(applied) ||
        !llvm::all_of(applied->function.factors,
                      [](double a) { return std::isfinite(a); }) ||
        !llvm::all_of(applied->function.offsets,
                      [](double b) { return std::isfinite(b); }))
      return;
    auto before = groupOf.find(applied->operand->get().getDefiningOp());
    if (before != groupOf.end() &&
        append(groups[before->second], op, *applied)) {
      groupOf[op] = before->second;
      return;
    }
    groupOf[op] = groups.size();
    groups.push_back({{op}, *applied});
  });
  return groups;
}

//===----------------------------------------------------------------------===//
// Into the linear op before
//===----------------------------------------------------------------------===//

/// The function as one of the source's output channels.
static std::optional<ChannelFunction>
getSourceFunction(ChannelSource &source, AppliedChannelFunction applied,
                  std::string &reason) {
  int64_t extent = source.channels.channels.size();
  if (!alignTo(applied, source.channels.dimension, extent)) {
    reason = "it counts channels along dimension " +
             std::to_string(applied.dimension) + ", " + spellOp(source.op) +
             " has them along " + std::to_string(source.channels.dimension);
    return std::nullopt;
  }
  auto type = cast<ShapedType>(source.op->getResult(0).getType());
  int64_t count = type.getDimSize(source.op.getResultChannelAxis());
  ChannelFunction function;
  function.factors.assign(count, 1);
  function.offsets.assign(count, 0);
  SmallVector<bool> known(count, false);
  for (auto [index, channel] : llvm::enumerate(source.channels.channels)) {
    double a = applied.function.factors[index];
    double b = applied.function.offsets[index];
    if (known[channel] &&
        (function.factors[channel] != a || function.offsets[channel] != b)) {
      reason = "it treats elements of one channel of " + spellOp(source.op) +
               " in different ways";
      return std::nullopt;
    }
    known[channel] = true;
    function.factors[channel] = a;
    function.offsets[channel] = b;
  }
  return function;
}

static void clampResult(OpBuilder &builder, Operation *op,
                        RealInterval interval) {
  if (interval.isUnbounded())
    return;
  if (auto fusable = dyn_cast<ActivationFusableOpInterface>(op))
    if (fusable.canFuseActivation() &&
        succeeded(fusable.setFusedInterval(
            interval.after(fusable.getFusedInterval()))))
      return;
  builder.setInsertionPointAfter(op);
  Value result = op->getResult(0);
  auto clip = ClipOp::create(builder, op->getLoc(), result.getType(), result,
                             APFloat(interval.low), APFloat(interval.high));
  result.replaceAllUsesExcept(clip, clip);
}

static bool foldIntoSource(Group &group, OpBuilder &builder,
                           std::string &reason) {
  std::optional<ChannelSource> source = findSource(group.getInput(), reason);
  if (!source)
    return false;
  auto function = getSourceFunction(*source, group.applied, reason);
  if (!function)
    return false;
  auto fusable =
      dyn_cast<ActivationFusableOpInterface>(source->op.getOperation());
  if (fusable && !clampCommutesWith(fusable.getFusedInterval(), *function)) {
    reason = "the activation of " + spellOp(source->op) + " lies between";
    return false;
  }
  for (ChannelwiseOpInterface op : source->path)
    if (!op.commutesWith(*function)) {
      reason = spellOp(op) + " lies between and does not commute with it";
      return false;
    }
  std::string why;
  auto parameters = LinearParameters::get(source->op, why);
  if (!parameters) {
    reason = spellOp(source->op) + " cannot take it: " + why;
    return false;
  }

  parameters->applyToResult(*function);
  parameters->store(builder);
  if (source->path.empty() && !group.applied.mean.empty())
    setResultStatistics(source->op,
                        {std::vector<double>(group.applied.mean.begin(),
                                             group.applied.mean.end()),
                         std::vector<double>(group.applied.deviation.begin(),
                                             group.applied.deviation.end())});
  for (ChannelwiseOpInterface op : source->path)
    op.commuteWith(*function);
  // A location is the name of the tensor that an op makes.
  Operation *last = group.getInput().getDefiningOp();
  last->setLoc(group.getLoc());
  RealInterval interval = group.getInterval();
  group.getResult().replaceAllUsesWith(group.getInput());
  group.erase();
  clampResult(builder, last, interval);
  return true;
}

//===----------------------------------------------------------------------===//
// Into the linear ops behind
//===----------------------------------------------------------------------===//

static bool foldIntoSinks(Group &group, OpBuilder &builder,
                          std::string &reason) {
  if (!group.getInterval().isUnbounded()) {
    reason = "it clamps its result";
    return false;
  }
  const ChannelFunction &function = group.applied.function;
  auto channels =
      ChannelMap::identity(group.applied.dimension, function.getNumChannels());
  std::optional<ChannelSinks> sinks =
      findSinks(group.getResult(), channels, reason);
  if (!sinks)
    return false;
  bool isInvertible = function.isInvertible();
  for (ChannelwiseOpInterface op : sinks->path)
    if (!isInvertible || !op.commutesWith(function.getInverse())) {
      reason = spellOp(op) + " lies between and does not commute with it";
      return false;
    }
  std::vector<LinearParameters> consumers;
  for (const ChannelConsumer &consumer : sinks->consumers) {
    std::string why;
    auto parameters = LinearParameters::get(consumer.op, why);
    if (!parameters) {
      reason = spellOp(consumer.op) + " cannot take it: " + why;
      return false;
    }
    if (const char *obstacle =
            findObstacle(consumer.op, function.select(consumer.inputs))) {
      reason = spellOp(consumer.op) + " " + obstacle;
      return false;
    }
    consumers.push_back(std::move(*parameters));
  }

  for (auto [consumer, parameters] :
       llvm::zip_equal(sinks->consumers, consumers))
    absorbFunction(builder, parameters, function.select(consumer.inputs));
  for (ChannelwiseOpInterface op : sinks->path)
    op.commuteWith(function.getInverse());
  group.getResult().replaceAllUsesWith(group.getInput());
  group.erase();
  return true;
}

//===----------------------------------------------------------------------===//
// Scale and shift
//===----------------------------------------------------------------------===//

/// A constant with one number for each index of a dimension.
static Value makeChannelConstant(OpBuilder &builder, const Group &group,
                                 ArrayRef<double> values) {
  auto type = cast<RankedTensorType>(group.getResult().getType());
  SmallVector<int64_t> shape(type.getRank() - group.applied.dimension, 1);
  shape.front() = values.size();
  return makeFloats(builder, group.getLoc(), shape, values);
}

static Operation *makeDepthwise(OpBuilder &builder, const Group &group) {
  const ChannelFunction &function = group.applied.function;
  int64_t channels = function.getNumChannels();
  Value filter = makeFloats(builder, group.getLoc(), {1, 1, 1, channels},
                            ArrayRef<double>(function.factors));
  Value bias = makeFloats(builder, group.getLoc(), {channels},
                          ArrayRef<double>(function.offsets));
  Operation *op = DepthwiseConv2DOp::create(
      builder, group.getLoc(),
      cast<RankedTensorType>(group.getResult().getType()), group.getInput(),
      filter, bias);
  if (!group.applied.mean.empty())
    setResultStatistics(
        cast<LinearOpInterface>(op),
        {{group.applied.mean.begin(), group.applied.mean.end()},
         {group.applied.deviation.begin(), group.applied.deviation.end()}});
  return op;
}

static Operation *makeScaleAndShift(OpBuilder &builder, const Group &group) {
  const ChannelFunction &function = group.applied.function;
  Type type = group.getResult().getType();
  Value value = group.getInput();
  if (llvm::any_of(function.factors, [](double a) { return a != 1; }))
    value =
        MulOp::create(builder, group.getLoc(), type, value,
                      makeChannelConstant(builder, group, function.factors));
  if (function.hasOffset() || value == group.getInput())
    value =
        AddOp::create(builder, group.getLoc(), type, value,
                      makeChannelConstant(builder, group, function.offsets));
  return value.getDefiningOp();
}

/// Writes the function as cheaply as it can be.
static void rewrite(Group &group, OpBuilder &builder) {
  auto type = cast<RankedTensorType>(group.getResult().getType());
  builder.setInsertionPoint(group.ops.back());
  bool isImage = type.getRank() == 4 && group.applied.dimension == 3;
  Operation *op = isImage && group.applied.function.hasOffset()
                      ? makeDepthwise(builder, group)
                      : makeScaleAndShift(builder, group);
  RealInterval interval = group.getInterval();
  group.getResult().replaceAllUsesWith(op->getResult(0));
  group.erase();
  clampResult(builder, op, interval);
}

namespace {
struct NNFoldBatchNorm : nn::impl::NNFoldBatchNormPassBase<NNFoldBatchNorm> {
  using NNFoldBatchNormPassBase::NNFoldBatchNormPassBase;

  void runOnOperation() override {
    OpBuilder builder(&getContext());
    uint64_t numBefore = 0, numBehind = 0, numRewritten = 0;
    for (Group &group : findGroups(getOperation())) {
      std::string before, behind;
      if (foldIntoSource(group, builder, before)) {
        ++numBefore;
      } else if (foldIntoSinks(group, builder, behind)) {
        ++numBehind;
      } else if (!group.isPlainArithmetic()) {
        emitRemark(group.getLoc())
            << spellOp(group.ops.back())
            << " is a batch norm that is not folded: not into the op before, "
            << before << "; not into the ops behind, " << behind;
        rewrite(group, builder);
        ++numRewritten;
      }
    }
    recordStatistic(*this, "num-folded-into-op-before", numBefore);
    recordStatistic(*this, "num-folded-into-ops-behind", numBehind);
    recordStatistic(*this, "num-rewritten", numRewritten);
  }
};
} // namespace
