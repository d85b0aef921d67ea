// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// quant-legalize-multipliers: requantize, which is stated on real scales, to
// apply_multiplier, which is stated on integers. From here on no scale decides
// a result any more.
//
// The pattern declines what has no fixed-point form; the pass then reports each
// requantize that is left, with the reason.

#include "ChannelArithmetic.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Transforms/WalkPatternRewriteDriver.h"
#include "qopt/Dialect/Quant/Transforms/Passes.h"
#include "qopt/Support/PassStatistics.h"

using namespace mlir;
using namespace qopt;
using namespace qopt::quant;

namespace qopt::quant {
#define GEN_PASS_DEF_QUANTLEGALIZEMULTIPLIERSPASS
#include "qopt/Dialect/Quant/Transforms/Passes.h.inc"
} // namespace qopt::quant

FixedPointMultiplierAttr
qopt::quant::getFixedPointMultiplier(RequantizeOp op, std::string &reason) {
  RoundingMode mode = op.getRounding();
  if (mode == RoundingMode::Float) {
    reason = "rounding 'float' has no fixed-point form; expected 'double', "
             "'single', 'wide' or 'shift'";
    return {};
  }
  auto input = ChannelParameters::get(op.getInputQuantizedType());
  auto result = ChannelParameters::get(op.getResultQuantizedType());
  if (!input || !result) {
    reason = "sub-channel quantization has no multiplier per tensor or axis";
    return {};
  }
  auto channels = getCommonChannels({&*input, &*result});
  if (!channels) {
    reason = "input and result are quantized along different axes: " +
             std::to_string(*input->getAxis()) + " and " +
             std::to_string(*result->getAxis());
    return {};
  }
  SmallVector<int32_t> mantissas, shifts;
  for (size_t channel = 0; channel != channels->count; ++channel) {
    std::string where =
        channels->axis ? " in channel " + std::to_string(channel) : "";
    if ((*input)[channel].zeroPoint != (*input)[0].zeroPoint) {
      reason = "zero points of the input differ along axis " +
               std::to_string(*channels->axis) + ": " +
               std::to_string((*input)[0].zeroPoint) + " and " +
               std::to_string((*input)[channel].zeroPoint) + where;
      return {};
    }
    auto multiplier = quantizeChannelMultiplier(
        (*input)[channel].scale / (*result)[channel].scale, mode);
    if (!multiplier) {
      reason = multiplier.reason() + where;
      return {};
    }
    mantissas.push_back(multiplier->mantissa);
    shifts.push_back(multiplier->shift);
  }
  return FixedPointMultiplierAttr::get(op.getContext(), mantissas, shifts,
                                       channels->axis);
}

namespace {
/// requantize(x) -> apply_multiplier(scast(x))
struct LegalizeRequantize : OpRewritePattern<RequantizeOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(RequantizeOp op,
                                PatternRewriter &rewriter) const override {
    std::string reason;
    FixedPointMultiplierAttr multiplier = getFixedPointMultiplier(op, reason);
    if (!multiplier)
      return rewriter.notifyMatchFailure(op, reason);
    QuantizedType type = op.getInputQuantizedType();
    int64_t zeroPoint = (*ChannelParameters::get(type))[0].zeroPoint;
    Value stored = StorageCastOp::create(
        rewriter, op.getLoc(),
        QuantizedType::castToStorageType(op.getInput().getType()),
        op.getInput());
    rewriter.replaceOpWithNewOp<ApplyMultiplierOp>(
        op, op.getType(), stored, multiplier, op.getRoundingAttr(),
        zeroPoint ? rewriter.getI64IntegerAttr(zeroPoint) : IntegerAttr(),
        type.isSigned() ? UnitAttr() : rewriter.getUnitAttr(), op.getMinAttr(),
        op.getMaxAttr());
    return success();
  }
};

struct QuantLegalizeMultipliersPass
    : quant::impl::QuantLegalizeMultipliersPassBase<
          QuantLegalizeMultipliersPass> {
  void runOnOperation() override {
    uint64_t numLegalized = 0, numChannels = 0;
    getOperation()->walk([&](RequantizeOp op) {
      std::string reason;
      if (FixedPointMultiplierAttr multiplier =
              getFixedPointMultiplier(op, reason)) {
        ++numLegalized;
        numChannels += multiplier.getMultipliers().size();
      }
    });
    RewritePatternSet patterns(&getContext());
    populateLegalizeMultipliersPatterns(patterns);
    walkAndApplyPatterns(getOperation(), std::move(patterns));
    recordStatistic(*this, "num-legalized", numLegalized);
    recordStatistic(*this, "num-channels", numChannels);

    bool complete = true;
    getOperation()->walk([&](RequantizeOp op) {
      std::string reason;
      getFixedPointMultiplier(op, reason);
      op.emitOpError("cannot be given a fixed-point multiplier: ") << reason;
      complete = false;
    });
    if (!complete)
      signalPassFailure();
  }
};
} // namespace

void qopt::quant::populateLegalizeMultipliersPatterns(
    RewritePatternSet &patterns) {
  patterns.add<LegalizeRequantize>(patterns.getContext());
}
