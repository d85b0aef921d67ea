// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// quant-legalize-multipliers: requantize, which is stated on real scales, to
// apply_multiplier, which is stated on integers. From here on no scale decides
// a result any more.
//
// The modes that are defined on real numbers keep real multipliers, unless a
// fixed-point form is proved to give the same integers.
//
// The pattern declines what cannot be represented; the pass then reports each
// requantize that is left, with the reason.

#include "ChannelArithmetic.h"
#include "qopt/Numerics/RealMultiplier.h"

#include "mlir/IR/PatternMatch.h"
#include "mlir/Transforms/WalkPatternRewriteDriver.h"
#include "qopt/Dialect/Quant/Transforms/Passes.h"
#include "qopt/Support/PassStatistics.h"
#include <cmath>

using namespace mlir;
using namespace qopt;
using namespace qopt::quant;

namespace qopt::quant {
#define GEN_PASS_DEF_QUANTLEGALIZEMULTIPLIERSPASS
#include "qopt/Dialect/Quant/Transforms/Passes.h.inc"
} // namespace qopt::quant

/// The fixed-point form of the modes that have one.
static std::optional<LegalMultiplier> getFixedPoint(MLIRContext *context,
                                                    ArrayRef<double> reals,
                                                    std::optional<int32_t> axis,
                                                    RoundingMode mode,
                                                    std::string &reason) {
  SmallVector<int32_t> mantissas, shifts;
  for (auto [channel, real] : llvm::enumerate(reals)) {
    auto multiplier = quantizeChannelMultiplier(real, mode);
    if (!multiplier) {
      reason = multiplier.reason();
      if (axis)
        reason += " in channel " + std::to_string(channel);
      return std::nullopt;
    }
    mantissas.push_back(multiplier->mantissa);
    shifts.push_back(multiplier->shift);
  }
  return LegalMultiplier{
      FixedPointMultiplierAttr::get(context, mantissas, shifts, axis), mode};
}

/// Mode `real` as mode `single`, if each channel has a multiplier that gives
/// the same integers within the clamp for all accumulators of 32 bits.
static std::optional<LegalMultiplier>
getProvedSingle(RequantizeOp op, ArrayRef<double> reals,
                const CommonChannels &all, const ChannelParameters &result) {
  // Accumulators of more bits belong to results of more bits.
  if (op.getResultQuantizedType().getStorageTypeIntegralWidth() > 8)
    return std::nullopt;
  SmallVector<int32_t> mantissas, shifts;
  for (auto [channel, real] : llvm::enumerate(reals)) {
    int64_t zeroPoint = result[channel].zeroPoint;
    auto multiplier = numerics::findSingleMultiplier(
        real, op.getClampMin() - zeroPoint, op.getClampMax() - zeroPoint);
    if (!multiplier)
      return std::nullopt;
    mantissas.push_back(multiplier->mantissa);
    shifts.push_back(multiplier->shift);
  }
  return LegalMultiplier{FixedPointMultiplierAttr::get(
                             op.getContext(), mantissas, shifts, all.axis),
                         RoundingMode::Single};
}

/// The modes on real numbers keep them.
static std::optional<LegalMultiplier>
getReal(MLIRContext *context, ArrayRef<double> reals,
        std::optional<int32_t> axis, RoundingMode mode, std::string &reason) {
  for (auto [channel, real] : llvm::enumerate(reals))
    if (!std::isfinite(real)) {
      reason = "multiplier " + std::to_string(real) + " is not finite";
      if (axis)
        reason += " in channel " + std::to_string(channel);
      return std::nullopt;
    }
  return LegalMultiplier{
      RealMultiplierAttr::get(context, DenseF64ArrayAttr::get(context, reals),
                              axis),
      mode};
}

std::optional<LegalMultiplier>
qopt::quant::getLegalMultiplier(RequantizeOp op, std::string &reason) {
  RoundingMode mode = op.getRounding();
  auto input = ChannelParameters::get(op.getInputQuantizedType());
  auto result = ChannelParameters::get(op.getResultQuantizedType());
  if (!input || !result) {
    reason = "sub-channel quantization has no multiplier per tensor or axis";
    return std::nullopt;
  }
  auto channels = getCommonChannels({&*input, &*result});
  if (!channels) {
    reason = "input and result are quantized along different axes: " +
             std::to_string(*input->getAxis()) + " and " +
             std::to_string(*result->getAxis());
    return std::nullopt;
  }
  SmallVector<double> reals;
  for (size_t channel = 0; channel != channels->count; ++channel) {
    if ((*input)[channel].zeroPoint != (*input)[0].zeroPoint) {
      reason = "zero points of the input differ along axis " +
               std::to_string(*channels->axis) + ": " +
               std::to_string((*input)[0].zeroPoint) + " and " +
               std::to_string((*input)[channel].zeroPoint) + " in channel " +
               std::to_string(channel);
      return std::nullopt;
    }
    double from = (*input)[channel].scale, to = (*result)[channel].scale;
    reals.push_back(mode == RoundingMode::Float
                        ? numerics::floatMultiplier(from, 1.0, to)
                        : from / to);
  }
  MLIRContext *context = op.getContext();
  if (mode == RoundingMode::Real)
    if (auto proved = getProvedSingle(op, reals, *channels, *result))
      return proved;
  if (mode == RoundingMode::Real || mode == RoundingMode::Float)
    return getReal(context, reals, channels->axis, mode, reason);
  return getFixedPoint(context, reals, channels->axis, mode, reason);
}

namespace {
/// requantize(x) -> apply_multiplier(scast(x))
struct LegalizeRequantize : OpRewritePattern<RequantizeOp> {
  LegalizeRequantize(MLIRContext *context, LegalizeMultipliersCounts *counts)
      : OpRewritePattern(context), counts(counts) {}

  LogicalResult matchAndRewrite(RequantizeOp op,
                                PatternRewriter &rewriter) const override {
    std::string reason;
    std::optional<LegalMultiplier> multiplier = getLegalMultiplier(op, reason);
    if (!multiplier)
      return rewriter.notifyMatchFailure(op, reason);
    QuantizedType type = op.getInputQuantizedType();
    int64_t zeroPoint = (*ChannelParameters::get(type))[0].zeroPoint;
    Value stored = StorageCastOp::create(
        rewriter, op.getLoc(),
        QuantizedType::castToStorageType(op.getInput().getType()),
        op.getInput());
    RoundingMode wanted = op.getRounding();
    rewriter.replaceOpWithNewOp<ApplyMultiplierOp>(
        op, op.getType(), stored, multiplier->multiplier,
        RoundingModeAttr::get(op.getContext(), multiplier->mode),
        zeroPoint ? rewriter.getI64IntegerAttr(zeroPoint) : IntegerAttr(),
        type.isSigned() ? UnitAttr() : rewriter.getUnitAttr(), op.getMinAttr(),
        op.getMaxAttr());
    if (counts)
      count(*multiplier, wanted);
    return success();
  }

private:
  void count(const LegalMultiplier &multiplier, RoundingMode wanted) const {
    ++counts->legalized;
    if (auto real = dyn_cast<RealMultiplierAttr>(multiplier.multiplier)) {
      ++counts->real;
      counts->channels += real.getMultipliers().size();
    } else {
      counts->proved += multiplier.mode != wanted;
      counts->channels += cast<FixedPointMultiplierAttr>(multiplier.multiplier)
                              .getMultipliers()
                              .size();
    }
  }

  LegalizeMultipliersCounts *counts;
};

struct QuantLegalizeMultipliersPass
    : quant::impl::QuantLegalizeMultipliersPassBase<
          QuantLegalizeMultipliersPass> {
  void runOnOperation() override {
    LegalizeMultipliersCounts counts;
    RewritePatternSet patterns(&getContext());
    populateLegalizeMultipliersPatterns(patterns, &counts);
    walkAndApplyPatterns(getOperation(), std::move(patterns));
    recordStatistic(*this, "num-legalized", counts.legalized);
    recordStatistic(*this, "num-channels", counts.channels);
    recordStatistic(*this, "num-proved", counts.proved);
    recordStatistic(*this, "num-real", counts.real);

    bool complete = true;
    getOperation()->walk([&](RequantizeOp op) {
      std::string reason;
      (void)getLegalMultiplier(op, reason);
      op.emitOpError("cannot be given a multiplier: ") << reason;
      complete = false;
    });
    if (!complete)
      signalPassFailure();
  }
};
} // namespace

void qopt::quant::populateLegalizeMultipliersPatterns(
    RewritePatternSet &patterns, LegalizeMultipliersCounts *counts) {
  patterns.add<LegalizeRequantize>(patterns.getContext(), counts);
}
