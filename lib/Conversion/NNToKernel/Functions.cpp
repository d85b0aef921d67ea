// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Functions of one variable: clamps (relu, relu6, clip), logistic, and softmax,
// whose exponential is one.

#include "Common.h"

#include "qopt/Numerics/Activations.h"
#include "qopt/Numerics/Elementwise.h"
#include "qopt/Numerics/LookupTable.h"
#include "qopt/Numerics/Softmax.h"

using namespace mlir;
using namespace qopt;
using namespace qopt::nn_to_kernel;

/// The storages of input and result.
static FailureOr<std::pair<Storage, Storage>>
getStorages(Operation *op, Value input, Value result) {
  FailureOr<Storage> from = getStorage(op, input.getType());
  FailureOr<Storage> to = getStorage(op, result.getType());
  if (failed(from) || failed(to))
    return failure();
  return std::pair(*from, *to);
}

//===----------------------------------------------------------------------===//
// Clamps
//===----------------------------------------------------------------------===//

/// Where the parameters are equal a clamp of stored values; otherwise 8 bits
/// are a table, and more are requantized.
static FailureOr<SmallVector<Attribute>>
getClampStages(Operation *op, RealInterval interval, Builder &builder) {
  auto storages = getStorages(op, op->getOperand(0), op->getResult(0));
  if (failed(storages))
    return failure();
  auto [input, result] = *storages;
  numerics::StorageRange clamp = numerics::clampRange(
      interval.low, interval.high, result.parameters, result.range);
  if (input.hasSameParameters(result) && input.bits == result.bits &&
      input.isSigned == result.isSigned)
    return SmallVector<Attribute>{getClamp(builder, clamp.min, clamp.max)};

  auto p = numerics::prepareRelu(input.parameters, result.parameters, clamp);
  if (!p)
    return reportReason(op, p.reason());
  if (input.bits == 8)
    return SmallVector<Attribute>{makeTable(
        builder, input, result.bits, !result.isSigned,
        [&](int32_t stored) { return numerics::rescale(stored, *p); })};
  if (p->inputZeroPoint != 0)
    return op->emitOpError("has an input of ")
           << input.bits << " bits with zero point " << p->inputZeroPoint
           << ", which no kernel supports";
  return SmallVector<Attribute>{
      kernel::RequantizeAttr::get(op->getContext(), quant::RoundingMode::Double,
                                  p->multiplier.mantissa, p->multiplier.shift,
                                  p->resultZeroPoint, /*right_shifts=*/false),
      getClamp(builder, p->min, p->max)};
}

namespace {

struct ConvertClamp : OpInterfaceConversionPattern<ClampOpInterface> {
  using OpInterfaceConversionPattern::OpInterfaceConversionPattern;

  LogicalResult
  matchAndRewrite(ClampOpInterface op, ArrayRef<Value> operands,
                  ConversionPatternRewriter &rewriter) const override {
    Type type = getTypeConverter()->convertType(op->getResult(0).getType());
    if (failed(checkBuffer(op, type)) ||
        failed(checkBuffer(op, operands[0].getType())))
      return failure();
    SmallVector<Attribute> stages;
    if (getElementTypeOrSelf(type).isF32()) {
      if (Attribute clamp = getFloatClamp(rewriter, op.getClampInterval()))
        stages.push_back(clamp);
    } else {
      auto integer = getClampStages(op, op.getClampInterval(), rewriter);
      if (failed(integer))
        return failure();
      stages = *integer;
    }
    rewriter.replaceOp(
        op,
        createElementwise(rewriter, op->getLoc(), type, operands[0], {}, stages,
                          isStoredUnsigned(op->getOperand(0).getType())));
    return success();
  }
};

//===----------------------------------------------------------------------===//
// Logistic
//===----------------------------------------------------------------------===//

struct ConvertLogistic : OpConversionPattern<nn::LogisticOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(nn::LogisticOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    Type type = getTypeConverter()->convertType(op.getType());
    if (failed(checkBuffer(op, type)))
      return failure();
    FailureOr<Attribute> stage = getStage(op, type, rewriter);
    if (failed(stage))
      return failure();
    rewriter.replaceOp(
        op,
        createElementwise(rewriter, op.getLoc(), type, adaptor.getInput(), {},
                          {*stage}, isStoredUnsigned(op.getInput().getType())));
    return success();
  }

private:
  static FailureOr<Attribute> getStage(nn::LogisticOp op, Type type,
                                       Builder &builder) {
    if (getElementTypeOrSelf(type).isF32())
      return Attribute(kernel::LogisticF32Attr::get(op.getContext()));
    auto storages = getStorages(op, op.getInput(), op.getResult());
    if (failed(storages))
      return failure();
    auto [input, result] = *storages;
    if (input.bits == 8 && result.bits == 8) {
      numerics::Table8 table = numerics::logisticTable8(
          input.parameters, result.parameters, input.isSigned);
      int32_t first = input.isSigned ? -128 : 0;
      return Attribute(makeTable(
          builder, input, result.bits, !result.isSigned,
          [&](int32_t stored) -> int64_t { return table[stored - first]; }));
    }
    if (input.bits == 16 && result.bits == 16) {
      auto p = numerics::prepareLogistic16(input.parameters.scale);
      if (!p)
        return reportReason(op, p.reason());
      return Attribute(makeTable(
          builder, input, result.bits, /*isResultUnsigned=*/false,
          [&](int32_t stored) -> int64_t {
            return numerics::logistic16(static_cast<int16_t>(stored), *p);
          }));
    }
    return op.emitOpError("needs 8 or 16 bits of storage on both sides to "
                          "become a kernel, found ")
           << input.bits << " and " << result.bits;
  }
};

//===----------------------------------------------------------------------===//
// Tanh, hard swish, leaky relu
//===----------------------------------------------------------------------===//

Attribute getFloatStage(nn::TanhOp op, Builder &) {
  return kernel::TanhF32Attr::get(op.getContext());
}
Attribute getFloatStage(nn::HardSwishOp op, Builder &) {
  return kernel::HardSwishF32Attr::get(op.getContext());
}
Attribute getFloatStage(nn::LeakyReluOp op, Builder &builder) {
  return kernel::LeakyReluF32Attr::get(
      op.getContext(), getF32Attr(builder, op.getAlpha().convertToDouble()));
}

using TableResult = numerics::Result<numerics::Table8>;

TableResult getTable(nn::TanhOp, const Storage &input, const Storage &result) {
  return numerics::tanhTable8(input.parameters, result.parameters,
                              input.isSigned);
}
TableResult getTable(nn::HardSwishOp, const Storage &input,
                     const Storage &result) {
  return numerics::hardSwishTable8(input.parameters, result.parameters,
                                   input.isSigned);
}
TableResult getTable(nn::LeakyReluOp op, const Storage &input,
                     const Storage &result) {
  return numerics::leakyReluTable8(input.parameters, result.parameters,
                                   input.isSigned,
                                   op.getAlpha().convertToDouble());
}

/// A float stage, or a table of the 256 stored values.
template <typename OpT>
struct ConvertTabulated : OpConversionPattern<OpT> {
  using OpConversionPattern<OpT>::OpConversionPattern;

  LogicalResult
  matchAndRewrite(OpT op, typename OpT::Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    Type type = this->getTypeConverter()->convertType(op.getType());
    if (failed(checkBuffer(op, type)))
      return failure();
    Attribute stage;
    if (getElementTypeOrSelf(type).isF32()) {
      stage = getFloatStage(op, rewriter);
    } else {
      auto storages = getStorages(op, op.getInput(), op.getResult());
      if (failed(storages))
        return failure();
      auto [input, result] = *storages;
      auto table = getTable(op, input, result);
      if (!table)
        return reportReason(op, table.reason());
      int32_t first = input.isSigned ? -128 : 0;
      stage = makeTable(
          rewriter, input, result.bits, !result.isSigned,
          [&](int32_t stored) -> int64_t { return (*table)[stored - first]; });
    }
    rewriter.replaceOp(
        op,
        createElementwise(rewriter, op.getLoc(), type, adaptor.getInput(), {},
                          {stage}, isStoredUnsigned(op.getInput().getType())));
    return success();
  }
};

//===----------------------------------------------------------------------===//
// Softmax
//===----------------------------------------------------------------------===//

struct ConvertSoftmax : OpConversionPattern<nn::SoftmaxOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(nn::SoftmaxOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    Type type = getTypeConverter()->convertType(op.getType());
    if (failed(checkBuffer(op, type)))
      return failure();
    double beta = op.getBeta().convertToDouble();
    FloatAttr floatBeta = getF32Attr(rewriter, 1.0);
    numerics::FixedPointMultiplier multiplier;
    ArrayAttr tables;
    if (getElementTypeOrSelf(type).isF32()) {
      floatBeta = getF32Attr(rewriter, beta);
    } else {
      auto storages = getStorages(op, op.getInput(), op.getResult());
      if (failed(storages))
        return failure();
      auto [input, result] = *storages;
      if (input.bits != result.bits || input.isSigned != result.isSigned)
        return op.emitOpError("needs one storage type on both sides to become "
                              "a kernel, found ")
               << op.getInput().getType() << " and " << op.getType();
      if (input.bits == 8 && op.getRounding() == quant::RoundingMode::Float) {
        auto type = RankedTensorType::get({256}, rewriter.getF32Type());
        int64_t depth = op.getType().getShape().back();
        tables = rewriter.getArrayAttr(DenseElementsAttr::get(
            type, ArrayRef<float>(numerics::softmaxExponentials(
                      static_cast<float>(beta * input.parameters.scale),
                      depth))));
      } else if (input.bits == 8) {
        auto p = numerics::prepareSoftmax8(beta, input.parameters.scale);
        if (!p)
          return reportReason(op, p.reason());
        auto tableType = RankedTensorType::get({256}, rewriter.getI32Type());
        tables = rewriter.getArrayAttr(
            DenseElementsAttr::get(tableType, ArrayRef<int32_t>(p->exp)));
      } else {
        auto p = numerics::prepareSoftmax16(beta, input.parameters.scale);
        if (!p)
          return reportReason(op, p.reason());
        multiplier = p->inputBeta;
        auto tableType =
            RankedTensorType::get({513}, rewriter.getIntegerType(16));
        tables = rewriter.getArrayAttr(
            {DenseElementsAttr::get(tableType, ArrayRef<int16_t>(p->exp)),
             DenseElementsAttr::get(tableType,
                                    ArrayRef<int16_t>(p->oneOverOnePlusX))});
      }
    }
    bool isUnsigned = isStoredUnsigned(op.getType());
    Value init = createEmpty(rewriter, op.getLoc(), type);
    rewriter.replaceOpWithNewOp<kernel::SoftmaxOp>(
        op, TypeRange(type), adaptor.getInput(), init, floatBeta,
        rewriter.getI32IntegerAttr(multiplier.mantissa),
        rewriter.getI32IntegerAttr(multiplier.shift), tables,
        isUnsigned ? rewriter.getUnitAttr() : nullptr,
        isUnsigned ? rewriter.getUnitAttr() : nullptr);
    return success();
  }
};

} // namespace

void qopt::populateFunctionsToKernelPatterns(const TypeConverter &converter,
                                             RewritePatternSet &patterns) {
  patterns.add<ConvertClamp, ConvertLogistic, ConvertTabulated<nn::TanhOp>,
               ConvertTabulated<nn::HardSwishOp>,
               ConvertTabulated<nn::LeakyReluOp>, ConvertSoftmax>(
      converter, patterns.getContext());
}
