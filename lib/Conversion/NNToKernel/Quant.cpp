// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Casts of the quant dialect, and multipliers on stored values: 8-bit storage
// to anything is a table of 256 entries.

#include "Common.h"
#include "qopt/Dialect/NN/IR/StoredValues.h"
#include "qopt/Dialect/NN/IR/WeightScales.h"

using namespace mlir;
using namespace qopt;
using namespace qopt::nn_to_kernel;

namespace {

struct ConvertQuantizeCast : OpConversionPattern<quant::QuantizeCastOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(quant::QuantizeCastOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    FailureOr<Storage> result = getStorage(op, op.getType());
    Type type = getTypeConverter()->convertType(op.getType());
    if (failed(result) || failed(checkBuffer(op, type)) ||
        failed(checkBuffer(op, op.getInput().getType())))
      return failure();
    bool tiesToEven = op.getRounding() == quant::RoundingMode::Float;
    Attribute stage = kernel::QuantizeAttr::get(
        op.getContext(), getF32Attr(rewriter, result->parameters.scale),
        result->parameters.zeroPoint, result->range.min, result->range.max,
        tiesToEven, /*zero_point_first=*/false);
    rewriter.replaceOp(op, createElementwise(rewriter, op.getLoc(), type,
                                             adaptor.getInput(), {}, {stage},
                                             /*inputUnsigned=*/false));
    return success();
  }
};

/// The real values of constant integers: of any granularity.
DenseElementsAttr dequantizeConstant(quant::DequantizeCastOp op) {
  std::optional<nn::StoredValues> stored = nn::StoredValues::get(op.getInput());
  auto type = dyn_cast<RankedTensorType>(op.getType());
  if (!stored || !type || !type.getElementType().isF32())
    return {};
  std::optional<nn::WeightScales> scales =
      nn::WeightScales::get(op.getInput().getType());
  if (!scales)
    return {};
  SmallVector<float> reals;
  for (int64_t i = 0, e = stored->size(); i != e; ++i) {
    ScaleAndZeroPoint pair = (*scales)[i];
    reals.push_back(
        numerics::dequantizeValue((*stored)[i], {pair.scale, pair.zeroPoint}));
  }
  return DenseElementsAttr::get(type, ArrayRef<float>(reals));
}

struct ConvertDequantizeCast : OpConversionPattern<quant::DequantizeCastOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(quant::DequantizeCastOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    if (DenseElementsAttr reals = dequantizeConstant(op)) {
      rewriter.replaceOp(op, createConstant(rewriter, op.getLoc(), reals));
      return success();
    }
    FailureOr<Storage> input = getStorage(op, op.getInput().getType());
    if (failed(input) ||
        failed(checkBuffer(op, adaptor.getInput().getType())) ||
        failed(checkBuffer(op, op.getType())))
      return failure();
    Attribute stage = kernel::DequantizeAttr::get(
        op.getContext(), getF32Attr(rewriter, input->parameters.scale),
        input->parameters.zeroPoint);
    rewriter.replaceOp(op, createElementwise(rewriter, op.getLoc(),
                                             op.getType(), adaptor.getInput(),
                                             {}, {stage}, !input->isSigned));
    return success();
  }
};

/// Both sides of a storage cast are the same plain tensor now.
struct ConvertStorageCast : OpConversionPattern<quant::StorageCastOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(quant::StorageCastOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    rewriter.replaceOp(op, adaptor.getInput());
    return success();
  }
};

struct ConvertRequantize : OpConversionPattern<quant::RequantizeOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(quant::RequantizeOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    return op.emitOpError(
        "has no multiplier yet; run quant-legalize-multipliers first");
  }
};

/// What the op makes of one integer.
static int64_t applyMultiplier(quant::ApplyMultiplierOp op, int64_t x,
                               int32_t zeroPoint) {
  int64_t min = op.getClampMin(), max = op.getClampMax();
  if (quant::RealMultiplierAttr real = op.getRealMultiplier()) {
    double multiplier = real.getMultipliers()[0];
    if (op.getRounding() == quant::RoundingMode::Float)
      return numerics::requantizeFloat(x, static_cast<float>(multiplier),
                                       zeroPoint, min, max);
    return numerics::requantizeReal(x, multiplier, zeroPoint, min, max);
  }
  quant::FixedPointMultiplierAttr fixed = op.getFixedPointMultiplier();
  // Numerics lists the modes in the same order.
  int64_t scaled = numerics::applyMultiplier(
      x, {fixed.getMultipliers()[0], fixed.getShifts()[0]},
      static_cast<numerics::RoundingMode>(op.getRounding()));
  return numerics::saturate(scaled + zeroPoint, min, max);
}

/// A multiplier on stored 8-bit values.
struct ConvertStoredMultiplier : OpConversionPattern<quant::ApplyMultiplierOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(quant::ApplyMultiplierOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    unsigned bits =
        getElementTypeOrSelf(op.getInput().getType()).getIntOrFloatBitWidth();
    if (bits != 8) {
      if (op.getInputZeroPointOrZero() != 0)
        return op.emitOpError("has an input of ")
               << bits << " bits with zero point "
               << op.getInputZeroPointOrZero() << ", which no kernel supports";
      return rewriter.notifyMatchFailure(op, "scales an accumulator");
    }
    if (op.getMultiplierAxis())
      return op.emitOpError(
          "scales stored 8-bit values per channel, which no kernel supports");
    FailureOr<Storage> result = getStorage(op, op.getType());
    Type type = getTypeConverter()->convertType(op.getType());
    if (failed(result) || failed(checkBuffer(op, type)))
      return failure();
    if (result->bits > 16)
      return op.emitOpError("scales stored 8-bit values to ")
             << result->bits << " bits, which no kernel supports";

    Storage input;
    input.isSigned = !op.getInputUnsigned();
    auto entry = [&](int32_t stored) {
      return applyMultiplier(op, stored - op.getInputZeroPointOrZero(),
                             result->parameters.zeroPoint);
    };
    Attribute table =
        makeTable(rewriter, input, result->bits, !result->isSigned, entry);
    rewriter.replaceOp(op, createElementwise(rewriter, op.getLoc(), type,
                                             adaptor.getInput(), {}, {table},
                                             !input.isSigned));
    return success();
  }
};

} // namespace

void qopt::populateQuantToKernelPatterns(const TypeConverter &converter,
                                         RewritePatternSet &patterns) {
  patterns.add<ConvertQuantizeCast, ConvertDequantizeCast, ConvertStorageCast,
               ConvertRequantize, ConvertStoredMultiplier>(
      converter, patterns.getContext());
}
