// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Pools, mean and arg max.

#include "Common.h"

#include "qopt/Numerics/Pooling.h"

using namespace mlir;
using namespace qopt;
using namespace qopt::nn_to_kernel;

/// Rounding `float`: the sum times S_x / (S_y * count), to the nearest even.
static SmallVector<Attribute>
getFloatStages(const Storage &input, const Storage &result, int64_t count,
               numerics::StorageRange clamp, Builder &builder) {
  float factor =
      static_cast<float>(input.parameters.scale) /
      (static_cast<float>(result.parameters.scale) * static_cast<float>(count));
  MLIRContext *context = builder.getContext();
  return {kernel::DequantizeAttr::get(context, getF32Attr(builder, factor),
                                      /*zero_point=*/0),
          kernel::QuantizeAttr::get(context, getF32Attr(builder, 1.0),
                                    result.parameters.zeroPoint, clamp.min,
                                    clamp.max, /*ties_to_even=*/true,
                                    /*zero_point_first=*/false)};
}

/// Stored values and their zero point differ by less than 2^bits.
static LogicalResult checkCount(Operation *op, int64_t count,
                                const Storage &input) {
  if (count > (int64_t(1) << (31 - input.bits)))
    return op->emitOpError("sums up ") << count << " elements of " << input.bits
                                       << " bits, which may overflow 32 bits";
  return success();
}

namespace {

template <typename OpT, kernel::PoolKind kind>
struct ConvertPool : OpConversionPattern<OpT> {
  using OpConversionPattern<OpT>::OpConversionPattern;

  LogicalResult
  matchAndRewrite(OpT op, typename OpT::Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    Type type = this->getTypeConverter()->convertType(op.getType());
    if (failed(checkBuffer(op, type)) ||
        failed(checkBuffer(op, adaptor.getInput().getType())))
      return failure();
    // Input and result share parameters, and a maximum or an average stays
    // between its inputs: only an activation clamps.
    RealInterval interval = op.getFusedInterval();
    SmallVector<Attribute> stages;
    Value input = adaptor.getInput();
    bool isUnsigned = isStoredUnsigned(op.getInput().getType());
    if (isAverageOfReals(op) && !getElementTypeOrSelf(type).isF32()) {
      FailureOr<Storage> storage = getStorage(op, op.getType());
      if (failed(storage))
        return failure();
      if (coversImage(op))
        return replaceByMean(op, input, cast<RankedTensorType>(type), *storage,
                             rewriter);
      input = dequantize(op, input, *storage, rewriter);
      isUnsigned = false;
      stages.push_back(getQuantization(*storage, interval, rewriter));
    } else if (!interval.isUnbounded()) {
      if (getElementTypeOrSelf(type).isF32()) {
        stages.push_back(getFloatClamp(rewriter, interval));
      } else {
        FailureOr<Storage> result = getStorage(op, op.getType());
        if (failed(result))
          return failure();
        numerics::StorageRange clamp = numerics::clampRange(
            interval.low, interval.high, result->parameters, result->range);
        stages.push_back(getClamp(rewriter, clamp.min, clamp.max));
      }
    }
    Value init = createEmpty(rewriter, op.getLoc(), type);
    rewriter.replaceOpWithNewOp<kernel::Pool2DOp>(
        op, TypeRange(type), kind, input, init, op.getKernel(), op.getStrides(),
        op.getPadding(), isUnsigned, rewriter.getArrayAttr(stages));
    return success();
  }

private:
  static bool isAverageOfReals(nn::AveragePool2DOp op) {
    return op.getRounding() == quant::RoundingMode::Float;
  }
  static bool isAverageOfReals(nn::MaxPool2DOp) { return false; }
  static bool coversImage(nn::AveragePool2DOp op) { return op.coversImage(); }
  static bool coversImage(nn::MaxPool2DOp) { return false; }

  static LogicalResult replaceByMean(OpT op, Value input, RankedTensorType type,
                                     const Storage &storage,
                                     ConversionPatternRewriter &rewriter) {
    int64_t count = op.getKernel()[0] * op.getKernel()[1];
    if (failed(checkCount(op, count, storage)))
      return failure();
    RealInterval interval = op.getFusedInterval();
    Value init = createEmpty(rewriter, op.getLoc(), type);
    rewriter.replaceOpWithNewOp<kernel::MeanOp>(
        op, TypeRange(type), input, init, ArrayRef<int64_t>{1, 2},
        -count * storage.parameters.zeroPoint, /*wide=*/false,
        !storage.isSigned,
        rewriter.getArrayAttr(getFloatStages(
            storage, storage, count,
            numerics::clampRange(interval.low, interval.high,
                                 storage.parameters, storage.range),
            rewriter)));
    return success();
  }

  static Value dequantize(OpT op, Value input, const Storage &storage,
                          ConversionPatternRewriter &rewriter) {
    auto type = cast<RankedTensorType>(input.getType());
    Attribute stage = kernel::DequantizeAttr::get(
        op.getContext(), getF32Attr(rewriter, storage.parameters.scale),
        storage.parameters.zeroPoint);
    return createElementwise(rewriter, nameTensor(op.getLoc(), "reals"),
                             type.clone(rewriter.getF32Type()), input, {},
                             {stage}, !storage.isSigned);
  }

  static Attribute getQuantization(const Storage &storage,
                                   RealInterval interval, Builder &builder) {
    numerics::StorageRange clamp = numerics::clampRange(
        interval.low, interval.high, storage.parameters, storage.range);
    return kernel::QuantizeAttr::get(
        builder.getContext(), getF32Attr(builder, storage.parameters.scale),
        storage.parameters.zeroPoint, clamp.min, clamp.max,
        /*ties_to_even=*/true, /*zero_point_first=*/true);
  }
};

struct ConvertMean : OpConversionPattern<nn::MeanOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(nn::MeanOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    auto type =
        cast<RankedTensorType>(getTypeConverter()->convertType(op.getType()));
    auto inputType = cast<RankedTensorType>(adaptor.getInput().getType());
    if (failed(checkBuffer(op, type)) || failed(checkBuffer(op, inputType)))
      return failure();
    SmallVector<int64_t> axes(op.getAxes());
    llvm::sort(axes);

    SmallVector<Attribute> stages;
    int64_t initial = 0;
    if (!type.getElementType().isF32()) {
      FailureOr<Storage> input = getStorage(op, op.getInput().getType());
      FailureOr<Storage> result = getStorage(op, op.getType());
      if (failed(input) || failed(result))
        return failure();
      int64_t count = 1;
      for (int64_t axis : axes)
        count *= inputType.getDimSize(axis);
      if (failed(checkCount(op, count, *input)))
        return failure();
      auto p = numerics::prepareMean(input->parameters, result->parameters,
                                     count, result->range);
      if (!p)
        return reportReason(op, p.reason());
      initial = -count * p->inputZeroPoint;
      if (op.getRounding() == quant::RoundingMode::Float)
        stages =
            getFloatStages(*input, *result, count, result->range, rewriter);
      else
        stages = {kernel::RequantizeAttr::get(
                      op.getContext(), op.getRounding(), p->multiplier.mantissa,
                      p->multiplier.shift, p->resultZeroPoint,
                      /*right_shifts=*/false),
                  getClamp(rewriter, p->min, p->max)};
    }
    Value init = createEmpty(rewriter, op.getLoc(), type);
    rewriter.replaceOpWithNewOp<kernel::MeanOp>(
        op, TypeRange(type), adaptor.getInput(), init, axes, initial,
        /*wide=*/false, isStoredUnsigned(op.getInput().getType()),
        rewriter.getArrayAttr(stages));
    return success();
  }
};

struct ConvertArgMax : OpConversionPattern<nn::ArgMaxOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(nn::ArgMaxOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    if (failed(checkBuffer(op, adaptor.getInput().getType())))
      return failure();
    Value init = createEmpty(rewriter, op.getLoc(), op.getType());
    rewriter.replaceOpWithNewOp<kernel::ArgMaxOp>(
        op, TypeRange(op.getType()), adaptor.getInput(), init,
        static_cast<int64_t>(op.getAxis()),
        isStoredUnsigned(op.getInput().getType()));
    return success();
  }
};

} // namespace

void qopt::populateReductionsToKernelPatterns(const TypeConverter &converter,
                                              RewritePatternSet &patterns) {
  patterns.add<ConvertPool<nn::MaxPool2DOp, kernel::PoolKind::Max>,
               ConvertPool<nn::AveragePool2DOp, kernel::PoolKind::Average>,
               ConvertMean, ConvertArgMax>(converter, patterns.getContext());
}
