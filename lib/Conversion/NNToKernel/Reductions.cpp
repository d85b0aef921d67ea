// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Pools, mean and arg max.

#include "Common.h"

#include "qopt/Numerics/Pooling.h"

using namespace mlir;
using namespace qopt;
using namespace qopt::nn_to_kernel;

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
    if (!interval.isUnbounded()) {
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
        op, TypeRange(type), kind, adaptor.getInput(), init, op.getKernel(),
        op.getStrides(), op.getPadding(),
        isStoredUnsigned(op.getInput().getType()),
        rewriter.getArrayAttr(stages));
    return success();
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
      // Stored values and their zero point differ by less than 2^bits.
      if (count > (int64_t(1) << (31 - input->bits)))
        return op.emitOpError("sums up ")
               << count << " elements of " << input->bits
               << " bits, which may overflow 32 bits";
      auto p = numerics::prepareMean(input->parameters, result->parameters,
                                     count, result->range);
      if (!p)
        return reportReason(op, p.reason());
      initial = -count * p->inputZeroPoint;
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
