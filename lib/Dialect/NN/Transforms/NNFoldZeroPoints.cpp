// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// For output channel c, with w = q_w - Z_w[c] and K weights a channel:
//
//   acc[c]  = sum_k (q_x - Z_x) * w + q_b[c] = sum_k q_x * w + bias[c]
//   bias[c] = q_b[c] - Z_x * sum_k w
//
// As q_x lies in [low, high], the storage range, acc[c] lies in
//
//   [bias[c] + sum_k min(low * w, high * w), bias[c] + sum_k max(...)]
//
// and both ends are reached. All of this is computed in 128 bits: |q_x|, |w|
// are less than 2^33, K and q_b less than 2^63, so nothing here overflows.
// Kernels may add the terms in any order in two's complement of the result's
// width: sums modulo 2^32 that end inside the interval are exact.

#include "qopt/Dialect/NN/IR/NN.h"
#include "qopt/Dialect/NN/IR/StoredValues.h"
#include "qopt/Dialect/NN/Transforms/Passes.h"
#include "qopt/Support/PassStatistics.h"

#include "mlir/IR/PatternMatch.h"
#include "llvm/ADT/StringExtras.h"

namespace qopt::nn {
#define GEN_PASS_DEF_NNFOLDZEROPOINTSPASS
#include "qopt/Dialect/NN/Transforms/Passes.h.inc"
} // namespace qopt::nn

using namespace mlir;
using namespace qopt;
using namespace qopt::nn;

namespace {
using Wide = __int128;

/// What is known about the accumulator of one channel.
struct Channel {
  Wide sum = 0;  // of the weights
  Wide low = 0;  // of sum_k q_x * w
  Wide high = 0; // of sum_k q_x * w
  Wide bias = 0; // folded
};
} // namespace

static std::string toString(Wide value) {
  llvm::APInt bits(
      128, {static_cast<uint64_t>(value), static_cast<uint64_t>(value >> 64)});
  return llvm::toString(bits, 10, /*Signed=*/true);
}

static bool fits(Wide low, Wide high, unsigned width) {
  return low >= -(Wide(1) << (width - 1)) && high < (Wide(1) << (width - 1));
}

static int64_t getZeroPoint(quant::QuantizedType type, int64_t channel) {
  if (auto perAxis = dyn_cast<quant::UniformQuantizedPerAxisType>(type))
    return perAxis.getZeroPoints()[channel];
  return cast<quant::UniformQuantizedType>(type).getZeroPoint();
}

/// Sums and intervals of the weights, a channel each; an error if they are not
/// constant.
static FailureOr<SmallVector<Channel>>
analyzeWeights(LinearOpInterface op, quant::UniformQuantizedType input) {
  Value weights = op.getWeightOperand().get();
  std::optional<StoredValues> values = StoredValues::get(weights);
  if (!values)
    return op->emitOpError("has weights that are not a constant, expected one: "
                           "the zero point ")
           << input.getZeroPoint() << " of the input cannot be folded";
  quant::QuantizedType weight = getQuantizedElementType(weights.getType());
  ArrayRef<int64_t> shape = cast<ShapedType>(weights.getType()).getShape();
  int64_t axis = op.getWeightChannelAxis();
  int64_t inner = ShapedType::getNumElements(shape.drop_front(axis + 1));
  SmallVector<Channel> channels(shape[axis]);
  Wide low = input.getStorageTypeMin(), high = input.getStorageTypeMax();
  // Weights of one channel that lie together are added up in 64 bits, so many
  // of less than 2^33 at a time that their sum fits.
  constexpr int64_t most = int64_t(1) << 24;
  int64_t c = 0;
  for (int64_t begin = 0, e = values->size(); begin != e; begin += inner) {
    int64_t zeroPoint = getZeroPoint(weight, c);
    for (int64_t i = begin, end = begin + inner; i != end;) {
      int64_t positive = 0, negative = 0;
      for (int64_t stop = std::min(end, i + most); i != stop; ++i) {
        int64_t w = (*values)[i] - zeroPoint;
        (w < 0 ? negative : positive) += w;
      }
      channels[c].sum += Wide(positive) + negative;
      channels[c].low += low * positive + high * negative;
      channels[c].high += high * positive + low * negative;
    }
    c = c + 1 == shape[axis] ? 0 : c + 1;
  }
  return channels;
}

/// Adds the bias and what the zero point takes away.
static LogicalResult foldBias(LinearOpInterface op,
                              quant::UniformQuantizedType input,
                              MutableArrayRef<Channel> channels) {
  std::optional<StoredValues> values;
  if (Value bias = op.getBiasValue()) {
    values = StoredValues::get(bias);
    if (!values)
      return op->emitOpError("has a bias that is not a constant, expected one: "
                             "the zero point ")
             << input.getZeroPoint() << " of the input cannot be folded";
  }
  for (auto [c, channel] : llvm::enumerate(channels)) {
    channel.bias =
        (values ? (*values)[c] : 0) - input.getZeroPoint() * channel.sum;
    channel.low += channel.bias;
    channel.high += channel.bias;
  }
  return success();
}

/// 32 if every accumulator fits, else 64 if the activations are 16 bits wide,
/// else an error that names the channel.
static FailureOr<unsigned> chooseWidth(LinearOpInterface op,
                                       quant::UniformQuantizedType input,
                                       ArrayRef<Channel> channels) {
  unsigned width = 32;
  for (auto [c, channel] : llvm::enumerate(channels)) {
    // The folded bias is a number of its own in the program, whether or not an
    // input of zeros can produce it.
    Wide low = std::min(channel.low, channel.bias);
    Wide high = std::max(channel.high, channel.bias);
    if (fits(low, high, width))
      continue;
    width = 64;
    if (fits(low, high, width) && input.getStorageTypeIntegralWidth() == 16)
      continue;
    return op->emitOpError("accumulator of channel ")
           << c << " lies in [" << toString(channel.low) << ", "
           << toString(channel.high) << "] with folded bias "
           << toString(channel.bias) << ", which "
           << (input.getStorageTypeIntegralWidth() == 16 ? 64 : 32)
           << " bits do not hold; check the scale of its weights and bias";
  }
  return width;
}

FailureOr<ZeroPointFolding> qopt::nn::foldZeroPoints(RewriterBase &rewriter,
                                                     LinearOpInterface op) {
  Value result = op->getResult(0);
  auto resultType = cast<RankedTensorType>(result.getType());
  auto input = dyn_cast<quant::UniformQuantizedType>(
      getElementTypeOrSelf(op.getInputOperand().get().getType()));
  if (!input || !getQuantizedElementType(resultType) ||
      !isAccumulator(resultType) || result.use_empty())
    return ZeroPointFolding::None;
  // Somebody still needs to know the accumulator's scale.
  SmallVector<quant::StorageCastOp> casts;
  for (Operation *user : result.getUsers()) {
    auto cast = dyn_cast<quant::StorageCastOp>(user);
    if (!cast)
      return ZeroPointFolding::None;
    casts.push_back(cast);
  }

  if (!op.sumsAllWeights())
    return op->emitOpError("adds up different weights from place to place, so "
                           "that its bias cannot hold the zero point ")
           << input.getZeroPoint() << "; run nn-decompose-transpose-conv first";
  FailureOr<SmallVector<Channel>> channels = analyzeWeights(op, input);
  if (failed(channels) || failed(foldBias(op, input, *channels)))
    return failure();
  FailureOr<unsigned> width = chooseWidth(op, input, *channels);
  if (failed(width))
    return failure();
  // Only a multiplication by a fixed-point number takes integers of any width.
  if (*width == 64)
    for (quant::StorageCastOp cast : casts)
      for (Operation *user : cast->getUsers())
        if (!isa<quant::ApplyMultiplierOp>(user))
          return op->emitOpError("has an accumulator of 64 bits, which ")
                 << user->getName() << " does not take";

  rewriter.setInsertionPoint(op);
  IntegerType element = rewriter.getIntegerType(*width);
  auto bias = llvm::map_to_vector(*channels, [&](const Channel &channel) {
    return llvm::APInt(*width, static_cast<uint64_t>(channel.bias),
                       /*isSigned=*/false, /*implicitTrunc=*/true);
  });
  auto biasType = RankedTensorType::get({int64_t(bias.size())}, element);
  Value constant =
      ConstantOp::create(rewriter, op.getLoc(), biasType,
                         DenseIntElementsAttr::get(biasType, bias));
  Value oldBias = op.getBiasValue();
  rewriter.modifyOpInPlace(op, [&] {
    op.becomeAccumulator(resultType.clone(element));
    op.setBiasValue(constant);
  });
  if (oldBias && oldBias.use_empty())
    rewriter.eraseOp(oldBias.getDefiningOp());
  for (quant::StorageCastOp cast : casts)
    rewriter.replaceOp(cast, result);
  return *width == 64 ? ZeroPointFolding::FoldedAndWidened
                      : ZeroPointFolding::Folded;
}

namespace {
struct NNFoldZeroPoints : nn::impl::NNFoldZeroPointsPassBase<NNFoldZeroPoints> {
  using NNFoldZeroPointsPassBase::NNFoldZeroPointsPassBase;

  void runOnOperation() override {
    SmallVector<LinearOpInterface> ops;
    getOperation()->walk([&](LinearOpInterface op) { ops.push_back(op); });
    IRRewriter rewriter(&getContext());
    // Every channel that does not fit is worth knowing: go on after an error.
    bool ok = true;
    uint64_t numFolded = 0, numWidened = 0;
    for (LinearOpInterface op : ops) {
      FailureOr<ZeroPointFolding> folding = foldZeroPoints(rewriter, op);
      ok &= succeeded(folding);
      if (failed(folding))
        continue;
      numFolded += *folding != ZeroPointFolding::None;
      numWidened += *folding == ZeroPointFolding::FoldedAndWidened;
    }
    recordStatistic(*this, "num-folded", numFolded);
    recordStatistic(*this, "num-widened", numWidened);
    if (!ok)
      signalPassFailure();
  }
};
} // namespace
