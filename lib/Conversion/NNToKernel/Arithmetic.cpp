// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// add, sub and mul. The left operand is the running value of the kernel, the
// right one its stage operand.

#include "Common.h"

#include "qopt/Numerics/Elementwise.h"

using namespace mlir;
using namespace qopt;
using namespace qopt::nn_to_kernel;

namespace {

/// Storages of the operands and the result, and the clamp of the activation.
struct Operands {
  Storage lhs, rhs, result;
  numerics::StorageRange clamp;
};

} // namespace

template <typename OpT>
static FailureOr<Operands> getOperands(OpT op) {
  FailureOr<Storage> lhs = getStorage(op, op.getLhs().getType());
  FailureOr<Storage> rhs = getStorage(op, op.getRhs().getType());
  FailureOr<Storage> result = getStorage(op, op.getType());
  if (failed(lhs) || failed(rhs) || failed(result))
    return failure();
  if (lhs->isSigned != rhs->isSigned || lhs->bits != rhs->bits)
    return op.emitOpError("needs operands with one storage type, found ")
           << op.getLhs().getType() << " and " << op.getRhs().getType();
  RealInterval interval = nn::getActivationInterval(op.getActivation());
  numerics::StorageRange clamp = numerics::clampRange(
      interval.low, interval.high, result->parameters, result->range);
  return Operands{*lhs, *rhs, *result, clamp};
}

//===----------------------------------------------------------------------===//
// Stages on integers
//===----------------------------------------------------------------------===//

static FailureOr<Attribute> getPowerOfTwoAdd(Operation *op, Operands operands,
                                             bool subtract) {
  auto p = numerics::preparePowerOfTwoAdd(
      operands.lhs.parameters.scale, operands.rhs.parameters.scale,
      operands.result.parameters.scale, operands.clamp);
  if (!p)
    return reportReason(op, p.reason());
  return Attribute(kernel::AddPotAttr::get(op->getContext(), p->lhsRightShift,
                                           p->rhsRightShift, subtract,
                                           /*reversed=*/false));
}

template <typename OpT>
static FailureOr<Attribute> getSum(OpT op, Operands operands, Builder &builder,
                                   bool subtract) {
  if (op.getPotScale())
    return getPowerOfTwoAdd(op, operands, subtract);
  auto p = numerics::prepareAdd(
      operands.lhs.parameters, operands.rhs.parameters,
      operands.result.parameters, operands.lhs.bits, operands.clamp);
  if (!p)
    return reportReason(op, p.reason());
  kernel::AffineAttr value = getAffine(builder, -p->lhsZeroPoint, p->lhs);
  kernel::AffineAttr operand = getAffine(builder, -p->rhsZeroPoint, p->rhs);
  kernel::AffineAttr output = getAffine(builder, p->resultZeroPoint, p->result);
  MLIRContext *context = op.getContext();
  bool isUnsigned = !operands.rhs.isSigned;
  if (subtract)
    return Attribute(kernel::SubAttr::get(context, op.getRounding(),
                                          p->leftShift, value, operand, output,
                                          isUnsigned, /*reversed=*/false));
  return Attribute(kernel::AddAttr::get(context, op.getRounding(), p->leftShift,
                                        value, operand, output, isUnsigned));
}

static FailureOr<Attribute> getStage(nn::AddOp op, Operands operands,
                                     Builder &builder) {
  return getSum(op, operands, builder, /*subtract=*/false);
}

static FailureOr<Attribute> getStage(nn::SubOp op, Operands operands,
                                     Builder &builder) {
  return getSum(op, operands, builder, /*subtract=*/true);
}

static FailureOr<Attribute> getStage(nn::MulOp op, Operands operands,
                                     Builder &builder) {
  auto p =
      numerics::prepareMul(operands.lhs.parameters, operands.rhs.parameters,
                           operands.result.parameters, operands.clamp);
  if (!p)
    return reportReason(op, p.reason());
  return Attribute(kernel::MulAttr::get(
      op.getContext(), op.getRounding(), -p->lhsZeroPoint, -p->rhsZeroPoint,
      getAffine(builder, p->resultZeroPoint, p->result),
      !operands.rhs.isSigned));
}

//===----------------------------------------------------------------------===//
// The patterns
//===----------------------------------------------------------------------===//

namespace {

template <typename OpT, typename FloatStage>
struct ConvertArithmetic : OpConversionPattern<OpT> {
  using OpConversionPattern<OpT>::OpConversionPattern;

  LogicalResult
  matchAndRewrite(OpT op, typename OpT::Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    Type type = this->getTypeConverter()->convertType(op.getType());
    for (Type buffer :
         {type, adaptor.getLhs().getType(), adaptor.getRhs().getType()})
      if (failed(checkBuffer(op, buffer)))
        return failure();
    SmallVector<Attribute> stages;
    bool isUnsigned = false;
    if (getElementTypeOrSelf(type).isF32()) {
      stages.push_back(FloatStage::get(op.getContext()));
      if (Attribute clamp = getFloatClamp(rewriter, op.getFusedInterval()))
        stages.push_back(clamp);
    } else {
      FailureOr<Operands> operands = getOperands(op);
      if (failed(operands))
        return failure();
      if (op.getRounding() == quant::RoundingMode::Float) {
        rewriter.replaceOp(
            op, convertThroughFloat(op, type, adaptor, *operands, rewriter));
        return success();
      }
      FailureOr<Attribute> stage = getStage(op, *operands, rewriter);
      if (failed(stage))
        return failure();
      stages = {*stage,
                getClamp(rewriter, operands->clamp.min, operands->clamp.max)};
      isUnsigned = !operands->lhs.isSigned;
    }
    rewriter.replaceOp(op, createElementwise(rewriter, op.getLoc(), type,
                                             adaptor.getLhs(), adaptor.getRhs(),
                                             stages, isUnsigned));
    return success();
  }

private:
  /// Rounding `float`: dequantized, computed and quantized in float32.
  static Value convertThroughFloat(OpT op, Type type,
                                   typename OpT::Adaptor adaptor,
                                   const Operands &operands,
                                   ConversionPatternRewriter &rewriter) {
    MLIRContext *context = op.getContext();
    auto dequantize = [&](const Storage &storage) -> Attribute {
      return kernel::DequantizeAttr::get(
          context, getF32Attr(rewriter, storage.parameters.scale),
          storage.parameters.zeroPoint);
    };
    auto rhsType = cast<RankedTensorType>(adaptor.getRhs().getType())
                       .clone(rewriter.getF32Type());
    Value rhs = createElementwise(
        rewriter, nameTensor(op.getLoc(), "dequantized_operand"), rhsType,
        adaptor.getRhs(), {}, {dequantize(operands.rhs)},
        !operands.rhs.isSigned);
    SmallVector<Attribute> stages{dequantize(operands.lhs),
                                  FloatStage::get(context)};
    stages.push_back(kernel::QuantizeAttr::get(
        context, getF32Attr(rewriter, operands.result.parameters.scale),
        operands.result.parameters.zeroPoint, operands.clamp.min,
        operands.clamp.max, /*ties_to_even=*/true,
        /*zero_point_first=*/false));
    return createElementwise(rewriter, op.getLoc(), type, adaptor.getLhs(), rhs,
                             stages, !operands.lhs.isSigned);
  }
};

/// The wide sum is the running value, the residual the stage operand.
struct ConvertResidualAdd : OpConversionPattern<nn::ResidualAddOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(nn::ResidualAddOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    FailureOr<Storage> sum = getStorage(op, op.getSum().getType());
    FailureOr<Storage> residual = getStorage(op, op.getResidual().getType());
    FailureOr<Storage> result = getStorage(op, op.getType());
    Type type = getTypeConverter()->convertType(op.getType());
    if (failed(sum) || failed(residual) || failed(result) ||
        failed(checkBuffer(op, type)) ||
        failed(checkBuffer(op, adaptor.getResidual().getType())))
      return failure();
    double sumScale = sum->parameters.scale;
    auto r =
        numerics::quantizeMultiplier(residual->parameters.scale / sumScale);
    if (!r)
      return reportReason(op, r.reason());
    auto y = numerics::quantizeMultiplier(sumScale / result->parameters.scale);
    if (!y)
      return reportReason(op, y.reason());
    RealInterval interval = op.getFusedInterval();
    numerics::StorageRange clamp = numerics::clampRange(
        interval.low, interval.high, result->parameters, result->range);
    Attribute stages[] = {
        kernel::ResidualAttr::get(
            op.getContext(), op.getRounding(),
            getAffine(rewriter, -residual->parameters.zeroPoint, *r),
            getAffine(rewriter, result->parameters.zeroPoint, *y),
            !residual->isSigned),
        getClamp(rewriter, clamp.min, clamp.max)};
    rewriter.replaceOp(op, createElementwise(rewriter, op.getLoc(), type,
                                             adaptor.getSum(),
                                             adaptor.getResidual(), stages,
                                             /*inputUnsigned=*/false));
    return success();
  }
};

/// value minus operand, with the default of its flag.
struct SubF32Stage {
  static Attribute get(MLIRContext *context) {
    return kernel::SubF32Attr::get(context, /*reversed=*/false);
  }
};

} // namespace

void qopt::populateArithmeticToKernelPatterns(const TypeConverter &converter,
                                              RewritePatternSet &patterns) {
  patterns.add<ConvertArithmetic<nn::AddOp, kernel::AddF32Attr>,
               ConvertArithmetic<nn::SubOp, SubF32Stage>,
               ConvertArithmetic<nn::MulOp, kernel::MulF32Attr>,
               ConvertResidualAdd>(converter, patterns.getContext());
}
