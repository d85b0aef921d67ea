// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// quant-canonicalize-requantize: fewer requantizations, with the same bytes.
//
// Rounding makes most of the algebra of scales wrong in the last bit, so each
// rewriting here carries a proof: either the one in isIdentity, or an
// evaluation of both forms for every stored value of the input. 8-bit types
// have 256 of them.

#include "ChannelArithmetic.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include "qopt/Dialect/Quant/Transforms/Passes.h"
#include "qopt/Support/PassStatistics.h"

using namespace mlir;
using namespace qopt;
using namespace qopt::quant;

namespace qopt::quant {
#define GEN_PASS_DEF_QUANTCANONICALIZEREQUANTIZEPASS
#include "qopt/Dialect/Quant/Transforms/Passes.h.inc"
} // namespace qopt::quant

using Counts = CanonicalizeRequantizeCounts;

/// The widest storage whose values are all tried.
static constexpr unsigned maxEnumeratedBits = 8;

static numerics::StorageRange getClamp(RequantizeOp op) {
  return {op.getClampMin(), op.getClampMax()};
}

/// Whether all zero points are 0, in signed storage.
static bool isFixedPoint(QuantizedType type) {
  if (auto uniform = dyn_cast<UniformQuantizedType>(type))
    return uniform.isFixedPoint();
  auto perAxis = dyn_cast<UniformQuantizedPerAxisType>(type);
  return perAxis && perAxis.isFixedPoint();
}

/// Whether scaling by M = 1 gives back every stored value q of `type`.
///
/// M is 2^30 with a left shift of 1. `shift` is then a shift by 0. `single` and
/// `wide` multiply and shift back exactly in 64 bits, and give 32: enough for
/// q - Z of 31-bit q and Z, or of 32 bits when Z = 0. `double` first shifts
/// left by 1 in 32 bits, which holds for |q - Z| < 2^30: any q and Z of 30
/// bits. `float` is exact below 2^24, when the scale is a float32 other than 0
/// and infinity. `real` is exact below 2^53. The clamp to the storage range
/// changes nothing.
static bool isIdentity(QuantizedType type, RoundingMode mode) {
  unsigned width = type.getStorageTypeIntegralWidth();
  switch (mode) {
  case RoundingMode::Double:
    return width <= 30;
  case RoundingMode::Single:
  case RoundingMode::Wide:
    return width <= 31 || isFixedPoint(type);
  case RoundingMode::Float:
    return width <= 24 && type.getExpressedType().getWidth() <= 32;
  case RoundingMode::Shift:
  case RoundingMode::Real:
    return true;
  }
  llvm_unreachable("unknown rounding mode");
}

/// Replaces `second` by one requantize of `input`, which clamps to `clamp`.
static void replaceByRequantize(PatternRewriter &rewriter, Operation *second,
                                Value input, RoundingMode mode,
                                numerics::StorageRange clamp) {
  Type type = second->getResult(0).getType();
  auto range = getStorageRange(QuantizedType::getQuantizedElementType(type));
  auto bound = [&](int64_t value, int64_t whole) {
    return value == whole ? IntegerAttr() : rewriter.getI64IntegerAttr(value);
  };
  rewriter.replaceOpWithNewOp<RequantizeOp>(
      second, type, input, RoundingModeAttr::get(rewriter.getContext(), mode),
      bound(clamp.min, range.min), bound(clamp.max, range.max));
}

namespace {
/// A pattern that counts what it does.
template <typename OpTy>
struct CountingPattern : OpRewritePattern<OpTy> {
  CountingPattern(MLIRContext *context, Counts *counts)
      : OpRewritePattern<OpTy>(context), counts(counts) {}

protected:
  void count(uint64_t Counts::*member) const {
    if (counts)
      ++(counts->*member);
  }

private:
  Counts *counts;
};

/// requantize(x) -> x, when the types are equal and nothing is clamped.
struct RemoveIdentity : CountingPattern<RequantizeOp> {
  using CountingPattern::CountingPattern;

  LogicalResult matchAndRewrite(RequantizeOp op,
                                PatternRewriter &rewriter) const override {
    if (op.getInput().getType() != op.getType())
      return rewriter.notifyMatchFailure(op, "the types differ");
    QuantizedType type = op.getResultQuantizedType();
    if (!(getClamp(op) == getStorageRange(type)))
      return rewriter.notifyMatchFailure(op, "it clamps");
    if (!isIdentity(type, op.getRounding()))
      return rewriter.notifyMatchFailure(op, "large values overflow");
    rewriter.replaceOp(op, op.getInput());
    count(&Counts::removed);
    return success();
  }
};

/// requantize(requantize(x)) -> requantize(x)
struct MergeRequantizes : CountingPattern<RequantizeOp> {
  MergeRequantizes(MLIRContext *context, bool allowApproximate, Counts *counts)
      : CountingPattern(context, counts), allowApproximate(allowApproximate) {}

  LogicalResult matchAndRewrite(RequantizeOp second,
                                PatternRewriter &rewriter) const override {
    auto first = second.getInput().getDefiningOp<RequantizeOp>();
    if (!first || !first->hasOneUse())
      return rewriter.notifyMatchFailure(
          second, "the input is not a requantize with one use");

    // The second only clamps: clamp(clamp(v, a, b), c, d) is one clamp.
    if (first.getType() == second.getType() &&
        isIdentity(second.getResultQuantizedType(), second.getRounding())) {
      int64_t min = second.getClampMin(), max = second.getClampMax();
      replaceByRequantize(rewriter, second, first.getInput(),
                          first.getRounding(),
                          {numerics::saturate(first.getClampMin(), min, max),
                           numerics::saturate(first.getClampMax(), min, max)});
      count(&Counts::merged);
      return success();
    }

    if (first.getRounding() != second.getRounding())
      return rewriter.notifyMatchFailure(second, "the two round differently");
    std::optional<numerics::StorageRange> clamp = composeClamps(first, second);
    if (!clamp)
      return rewriter.notifyMatchFailure(
          second, "parameters are in blocks or vary along different axes");
    bool isProved = areEqual(first, second, *clamp);
    if (!isProved && !allowApproximate)
      return rewriter.notifyMatchFailure(second, "equality is not proved");
    replaceByRequantize(rewriter, second, first.getInput(), first.getRounding(),
                        *clamp);
    count(isProved ? &Counts::merged : &Counts::mergedApproximately);
    return success();
  }

private:
  /// What the first clamp means behind the second requantize. Along an axis the
  /// bounds could differ from channel to channel, which one clamp cannot say;
  /// then there is none.
  static std::optional<numerics::StorageRange>
  composeClamps(RequantizeOp first, RequantizeOp second) {
    auto middle = ChannelParameters::get(first.getResultQuantizedType());
    auto result = ChannelParameters::get(second.getResultQuantizedType());
    if (!middle || !result)
      return std::nullopt;
    auto channels = getCommonChannels({&*middle, &*result});
    if (!channels)
      return std::nullopt;
    std::optional<numerics::StorageRange> clamp;
    for (size_t channel = 0; channel != channels->count; ++channel) {
      auto function =
          ChannelRequantize::get((*middle)[channel], (*result)[channel],
                                 second.getRounding(), getClamp(second));
      if (!function)
        return std::nullopt;
      numerics::StorageRange bounds{(*function)(first.getClampMin()),
                                    (*function)(first.getClampMax())};
      if (clamp && !(*clamp == bounds))
        return std::nullopt;
      clamp = bounds;
    }
    return clamp;
  }

  /// Tries all stored values in all channels.
  static bool areEqual(RequantizeOp first, RequantizeOp second,
                       numerics::StorageRange clamp) {
    QuantizedType type = first.getInputQuantizedType();
    if (type.getStorageTypeIntegralWidth() > maxEnumeratedBits)
      return false;
    RoundingMode mode = first.getRounding();
    auto input = ChannelParameters::get(type);
    auto middle = ChannelParameters::get(first.getResultQuantizedType());
    auto result = ChannelParameters::get(second.getResultQuantizedType());
    if (!input || !middle || !result)
      return false;
    auto channels = getCommonChannels({&*input, &*middle, &*result});
    if (!channels)
      return false;
    for (size_t channel = 0; channel != channels->count; ++channel) {
      auto f = ChannelRequantize::get((*input)[channel], (*middle)[channel],
                                      mode, getClamp(first));
      auto g = ChannelRequantize::get((*middle)[channel], (*result)[channel],
                                      mode, getClamp(second));
      auto merged = ChannelRequantize::get((*input)[channel],
                                           (*result)[channel], mode, clamp);
      if (!f || !g || !merged)
        return false;
      for (int64_t q = type.getStorageTypeMin(), e = type.getStorageTypeMax();
           q <= e; ++q)
        if ((*g)((*f)(q)) != (*merged)(q))
          return false;
    }
    return true;
  }

  bool allowApproximate;
};

/// qcast(dcast(x)) -> x, or -> requantize(x)
struct ReplaceCasts : CountingPattern<QuantizeCastOp> {
  using CountingPattern::CountingPattern;

  LogicalResult matchAndRewrite(QuantizeCastOp op,
                                PatternRewriter &rewriter) const override {
    auto source = op.getInput().getDefiningOp<DequantizeCastOp>();
    if (!source)
      return rewriter.notifyMatchFailure(op, "the input is not a dequantize");
    QuantizedType type = source.getQuantizedType();
    QuantizedType resultType = op.getQuantizedType();
    if (!op.getFloatType().isF32())
      return rewriter.notifyMatchFailure(op, "only float32 is evaluated");
    auto input = ChannelParameters::get(type);
    auto result = ChannelParameters::get(resultType);
    if (!input || !result)
      return rewriter.notifyMatchFailure(op, "parameters are in blocks");
    if (type.getStorageTypeIntegralWidth() > maxEnumeratedBits)
      return rewriter.notifyMatchFailure(op, "too many stored values to try");
    auto channels = getCommonChannels({&*input, &*result});
    if (!channels)
      return rewriter.notifyMatchFailure(op, "axes differ");

    // All results of the casts, channel by channel.
    RoundingMode castMode = op.getRounding().value_or(RoundingMode::Double);
    numerics::StorageRange range = getStorageRange(resultType);
    int64_t min = type.getStorageTypeMin(), max = type.getStorageTypeMax();
    SmallVector<int64_t> table;
    for (size_t channel = 0; channel != channels->count; ++channel)
      for (int64_t q = min; q <= max; ++q)
        table.push_back(
            quantizeChannel(numerics::dequantizeValue(q, (*input)[channel]),
                            (*result)[channel], range, castMode));

    auto equalsTable = [&](auto function) {
      const int64_t *expected = table.begin();
      for (size_t channel = 0; channel != channels->count; ++channel) {
        auto inChannel = function(channel);
        if (!inChannel)
          return false;
        for (int64_t q = min; q <= max; ++q)
          if ((*inChannel)(q) != *expected++)
            return false;
      }
      return true;
    };

    if (source.getInput().getType() == op.getType() && equalsTable([](size_t) {
          return std::optional([](int64_t q) { return q; });
        })) {
      rewriter.replaceOp(op, source.getInput());
      count(&Counts::castsRemoved);
      return success();
    }
    // Not `Float`: it has no fixed-point form, and the casts can be compiled.
    for (RoundingMode mode : {RoundingMode::Double, RoundingMode::Single}) {
      if (!equalsTable([&](size_t channel) {
            return ChannelRequantize::get((*input)[channel], (*result)[channel],
                                          mode, range);
          }))
        continue;
      replaceByRequantize(rewriter, op, source.getInput(), mode, range);
      count(&Counts::castsReplaced);
      return success();
    }
    return rewriter.notifyMatchFailure(op, "no requantize is equal");
  }
};

struct QuantCanonicalizeRequantizePass
    : quant::impl::QuantCanonicalizeRequantizePassBase<
          QuantCanonicalizeRequantizePass> {
  using QuantCanonicalizeRequantizePassBase::
      QuantCanonicalizeRequantizePassBase;

  void runOnOperation() override {
    Counts counts;
    RewritePatternSet patterns(&getContext());
    populateCanonicalizeRequantizePatterns(patterns, allowApproximate, &counts);
    GreedyRewriteConfig config;
    config.setRegionSimplificationLevel(GreedySimplifyRegionLevel::Disabled);
    if (failed(
            applyPatternsGreedily(getOperation(), std::move(patterns), config)))
      return signalPassFailure();
    recordStatistic(*this, "num-removed", counts.removed);
    recordStatistic(*this, "num-merged", counts.merged);
    recordStatistic(*this, "num-merged-approximately",
                    counts.mergedApproximately);
    recordStatistic(*this, "num-casts-removed", counts.castsRemoved);
    recordStatistic(*this, "num-casts-replaced", counts.castsReplaced);
  }
};
} // namespace

void qopt::quant::populateCanonicalizeRequantizePatterns(
    RewritePatternSet &patterns, bool allowApproximate, Counts *counts) {
  MLIRContext *context = patterns.getContext();
  patterns.add<RemoveIdentity, ReplaceCasts>(context, counts);
  patterns.add<MergeRequantizes>(context, allowApproximate, counts);
}
