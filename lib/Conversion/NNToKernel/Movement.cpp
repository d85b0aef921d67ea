// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Constants and ops that move elements: reshape, transpose, pad, slice,
// concat, resize.

#include "Common.h"
#include "qopt/Dialect/NN/IR/StoredValues.h"

#include <cmath>

using namespace mlir;
using namespace qopt;
using namespace qopt::nn_to_kernel;

namespace {

struct ConvertConstant : OpConversionPattern<nn::ConstantOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(nn::ConstantOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    auto value = cast<TypedAttr>(op.getValue());
    auto type = dyn_cast_if_present<RankedTensorType>(
        getTypeConverter()->convertType(op.getType()));
    // Integers of fewer than 8 bits are widened.
    if (type && type.getElementType() !=
                    cast<ShapedType>(value.getType()).getElementType()) {
      std::optional<nn::StoredValues> stored =
          nn::StoredValues::get(op.getResult());
      if (!stored)
        return op.emitOpError("has integers that cannot be read");
      SmallVector<int8_t> bytes;
      for (int64_t i = 0, e = stored->size(); i != e; ++i)
        bytes.push_back(static_cast<int8_t>((*stored)[i]));
      value = DenseElementsAttr::get(type, ArrayRef<int8_t>(bytes));
    }
    rewriter.replaceOpWithNewOp<arith::ConstantOp>(op, value);
    return success();
  }
};

struct ConvertReshape : OpConversionPattern<nn::ReshapeOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(nn::ReshapeOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    if (failed(checkBuffer(op, adaptor.getInput().getType())))
      return failure();
    rewriter.replaceOp(op, reshape(rewriter, op.getLoc(), adaptor.getInput(),
                                   op.getType().getShape()));
    return success();
  }
};

struct ConvertTranspose : OpConversionPattern<nn::TransposeOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(nn::TransposeOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    auto type =
        cast<RankedTensorType>(getTypeConverter()->convertType(op.getType()));
    if (failed(checkBuffer(op, type)))
      return failure();
    if (keepsOrder(op)) {
      rewriter.replaceOp(op, reshape(rewriter, op.getLoc(), adaptor.getInput(),
                                     type.getShape()));
      return success();
    }
    Value init = createEmpty(rewriter, op.getLoc(), type);
    rewriter.replaceOpWithNewOp<kernel::TransposeOp>(
        op, TypeRange(type), adaptor.getInput(), init, op.getPermutation());
    return success();
  }

private:
  /// Only dimensions of extent 1 move: the elements stay where they are.
  static bool keepsOrder(nn::TransposeOp op) {
    ArrayRef<int64_t> shape =
        cast<ShapedType>(op.getInput().getType()).getShape();
    return llvm::is_sorted(llvm::filter_to_vector(
        op.getPermutation(), [&](int64_t d) { return shape[d] != 1; }));
  }
};

struct ConvertPad : OpConversionPattern<nn::PadOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(nn::PadOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    Type type = getTypeConverter()->convertType(op.getType());
    if (failed(checkBuffer(op, type)))
      return failure();
    FailureOr<TypedAttr> value = getValue(op, type, rewriter);
    if (failed(value))
      return failure();
    Value init = createEmpty(rewriter, op.getLoc(), type);
    rewriter.replaceOpWithNewOp<kernel::PadOp>(
        op, TypeRange(type), adaptor.getInput(), init, op.getLow(),
        op.getHigh(), *value);
    return success();
  }

private:
  /// The padding real as a stored value.
  static FailureOr<TypedAttr> getValue(nn::PadOp op, Type type,
                                       Builder &builder) {
    Type element = getElementTypeOrSelf(type);
    double real = op.getValue().convertToDouble();
    if (element.isF32())
      return TypedAttr(getF32Attr(builder, real));
    int64_t stored = 0;
    if (nn::getQuantizedElementType(op.getType())) {
      FailureOr<Storage> storage = getStorage(op, op.getType());
      if (failed(storage))
        return failure();
      stored = numerics::quantizeValue(static_cast<float>(real),
                                       storage->parameters, storage->range);
    } else {
      if (real != std::trunc(real) || std::abs(real) > 9.0e15)
        return op.emitOpError("pads integers with ")
               << op.getValue().convertToDouble() << ", which is no integer";
      stored = static_cast<int64_t>(real);
    }
    return TypedAttr(IntegerAttr::get(
        element,
        APInt(element.getIntOrFloatBitWidth(), static_cast<uint64_t>(stored),
              /*isSigned=*/false, /*implicitTrunc=*/true)));
  }
};

struct ConvertSlice : OpConversionPattern<nn::SliceOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(nn::SliceOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    Type type = getTypeConverter()->convertType(op.getType());
    if (failed(checkBuffer(op, type)))
      return failure();
    Value init = createEmpty(rewriter, op.getLoc(), type);
    rewriter.replaceOpWithNewOp<kernel::StridedSliceOp>(
        op, TypeRange(type), adaptor.getInput(), init, op.getOffsets(),
        op.getStrides());
    return success();
  }
};

//===----------------------------------------------------------------------===//
// Concatenation
//===----------------------------------------------------------------------===//

/// A stored 8-bit value under the result's parameters, with TFLite's float32
/// arithmetic for concatenations: one product and one sum, each rounded.
static int64_t rescaleForConcat(int32_t stored, const Storage &input,
                                const Storage &result) {
  float inverse = 1.0f / static_cast<float>(result.parameters.scale);
  float scale = static_cast<float>(input.parameters.scale) * inverse;
  float bias = static_cast<float>(-input.parameters.zeroPoint) * scale;
  float product = static_cast<float>(stored) * scale;
  float rounded = std::round(product + bias);
  // Before the conversion: a value far outside would be undefined there.
  float bounded = std::min(std::max(rounded, -65536.0f), 65536.0f);
  return numerics::saturate(static_cast<int64_t>(bounded) +
                                result.parameters.zeroPoint,
                            result.range.min, result.range.max);
}

struct ConvertConcat : OpConversionPattern<nn::ConcatOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(nn::ConcatOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    auto type =
        cast<RankedTensorType>(getTypeConverter()->convertType(op.getType()));
    if (failed(checkBuffer(op, type)))
      return failure();
    SmallVector<Value> inputs;
    for (auto [original, converted] :
         llvm::zip_equal(op.getInputs(), adaptor.getInputs())) {
      FailureOr<Value> input = rescale(op, original, converted, rewriter);
      if (failed(input))
        return failure();
      inputs.push_back(*input);
    }
    Value init = createEmpty(rewriter, op.getLoc(), type);
    Value result =
        kernel::ConcatOp::create(rewriter, op.getLoc(), TypeRange(type), inputs,
                                 init, static_cast<int64_t>(op.getAxis()))
            .getResult(0);
    FailureOr<Value> clamped = clamp(op, type, result, rewriter);
    if (failed(clamped))
      return failure();
    rewriter.replaceOp(op, *clamped);
    return success();
  }

private:
  static FailureOr<Value> rescale(nn::ConcatOp op, Value original,
                                  Value converted,
                                  ConversionPatternRewriter &rewriter) {
    if (getElementTypeOrSelf(original.getType()) ==
        getElementTypeOrSelf(op.getType()))
      return converted;
    FailureOr<Storage> input = getStorage(op, original.getType());
    FailureOr<Storage> result = getStorage(op, op.getType());
    if (failed(input) || failed(result))
      return failure();
    if (input->bits != 8 || result->bits != 8 || input->isSigned ||
        result->isSigned)
      return op.emitOpError("has an input of ")
             << original.getType() << " and a result of " << op.getType()
             << ": only unsigned 8-bit inputs are rescaled";
    Attribute table =
        makeTable(rewriter, *input, result->bits, /*isResultUnsigned=*/true,
                  [&](int32_t stored) {
                    return rescaleForConcat(stored, *input, *result);
                  });
    return createElementwise(rewriter,
                             nameTensor(op.getLoc(), "rescaled_input"),
                             converted.getType(), converted, {}, {table},
                             /*inputUnsigned=*/true);
  }

  static FailureOr<Value> clamp(nn::ConcatOp op, RankedTensorType type,
                                Value value,
                                ConversionPatternRewriter &rewriter) {
    RealInterval interval = nn::getActivationInterval(op.getActivation());
    if (interval.isUnbounded())
      return value;
    Attribute stage = getFloatClamp(rewriter, interval);
    if (!type.getElementType().isF32()) {
      FailureOr<Storage> result = getStorage(op, op.getType());
      if (failed(result))
        return failure();
      numerics::StorageRange range = numerics::clampRange(
          interval.low, interval.high, result->parameters, result->range);
      stage = getClamp(rewriter, range.min, range.max);
    }
    return createElementwise(rewriter, op.getLoc(), type, value, {}, {stage},
                             isStoredUnsigned(op.getType()));
  }
};

struct ConvertResizeBilinear : OpConversionPattern<nn::ResizeBilinearOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(nn::ResizeBilinearOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    Type type = getTypeConverter()->convertType(op.getType());
    if (failed(checkBuffer(op, type)))
      return failure();
    Value init = createEmpty(rewriter, op.getLoc(), type);
    rewriter.replaceOpWithNewOp<kernel::ResizeBilinearOp>(
        op, TypeRange(type), adaptor.getInput(), init, op.getAlignCorners(),
        op.getHalfPixelCenters(), isStoredUnsigned(op.getType()));
    return success();
  }
};

} // namespace

void qopt::populateMovementToKernelPatterns(const TypeConverter &converter,
                                            RewritePatternSet &patterns) {
  patterns.add<ConvertConstant, ConvertReshape, ConvertTranspose, ConvertPad,
               ConvertSlice, ConvertConcat, ConvertResizeBilinear>(
      converter, patterns.getContext());
}
