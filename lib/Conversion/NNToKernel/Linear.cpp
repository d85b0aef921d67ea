// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Convolutions and fully connected layers. In the integer form an op that sums
// up (`nn.conv_2d` to i32 or i64) and the `quant.apply_multiplier` that scales
// the sum become one kernel: the sum never reaches memory. Where the sum has
// other users, both become kernels of their own.

#include "LinearKernels.h"

#include "mlir/IR/BuiltinAttributes.h"
#include "qopt/Dialect/NN/IR/WeightScales.h"
#include "llvm/ADT/TypeSwitch.h"

#include <cmath>

using namespace mlir;
using namespace qopt;
using namespace qopt::nn_to_kernel;

//===----------------------------------------------------------------------===//
// The scaling behind a sum
//===----------------------------------------------------------------------===//

/// The multiplier that is the only user of a linear op's sum, or null.
static quant::ApplyMultiplierOp getOnlyMultiplier(Operation *op) {
  Value sum = op->getResult(0);
  if (!sum.hasOneUse() ||
      !isa<IntegerType>(getElementTypeOrSelf(sum.getType())))
    return {};
  auto apply = dyn_cast<quant::ApplyMultiplierOp>(*sum.user_begin());
  if (!apply || apply.getInputZeroPointOrZero() != 0 ||
      apply.getInputUnsigned())
    return {};
  return apply;
}

/// What the kernel reads for each channel.
static void setChannelScale(Epilogue &epilogue, quant::ApplyMultiplierOp apply,
                            ArrayRef<int32_t> multipliers,
                            ArrayRef<int32_t> shifts, OpBuilder &builder) {
  epilogue.multiplier =
      createConstant(builder, nameTensor(apply.getLoc(), "multiplier"),
                     builder.getI32TensorAttr(multipliers));
  epilogue.shift = createConstant(builder, nameTensor(apply.getLoc(), "shift"),
                                  builder.getI32TensorAttr(shifts));
}

/// The modes on real numbers: the stage clamps, too. Multipliers of channels
/// are passed as bits, see `#kernel.requantize_real`.
static Epilogue getRealEpilogue(quant::ApplyMultiplierOp apply,
                                quant::RealMultiplierAttr multiplier,
                                int32_t zeroPoint, OpBuilder &builder) {
  Epilogue epilogue;
  FloatAttr immediate;
  if (!multiplier.getAxis())
    immediate = builder.getF64FloatAttr(multiplier.getMultipliers()[0]);
  epilogue.stages.push_back(kernel::RequantizeRealAttr::get(
      builder.getContext(), apply.getRounding(), immediate, zeroPoint,
      apply.getClampMin(), apply.getClampMax()));
  if (immediate)
    return epilogue;
  SmallVector<int32_t> high, low;
  for (double real : multiplier.getMultipliers().asArrayRef()) {
    if (apply.getRounding() == quant::RoundingMode::Float) {
      high.push_back(llvm::bit_cast<int32_t>(static_cast<float>(real)));
      low.push_back(0);
      continue;
    }
    auto bits = llvm::bit_cast<uint64_t>(real);
    high.push_back(static_cast<int32_t>(bits >> 32));
    low.push_back(static_cast<int32_t>(bits));
  }
  setChannelScale(epilogue, apply, high, low, builder);
  return epilogue;
}

/// Requantize and clamp as `apply` says.
static FailureOr<Epilogue> getEpilogue(quant::ApplyMultiplierOp apply,
                                       OpBuilder &builder) {
  FailureOr<Storage> result = getStorage(apply, apply.getType());
  if (failed(result))
    return failure();
  auto type = cast<RankedTensorType>(apply.getType());
  std::optional<int32_t> axis = apply.getMultiplierAxis();
  if (axis && *axis + 1 != type.getRank())
    return apply.emitOpError("has multipliers along axis ")
           << *axis << ", but kernels scale along the last, "
           << type.getRank() - 1;
  if (quant::RealMultiplierAttr real = apply.getRealMultiplier())
    return getRealEpilogue(apply, real, result->parameters.zeroPoint, builder);

  Epilogue epilogue;
  MLIRContext *context = builder.getContext();
  quant::RoundingMode rounding = apply.getRounding();
  int32_t zeroPoint = result->parameters.zeroPoint;
  quant::FixedPointMultiplierAttr multiplier = apply.getFixedPointMultiplier();
  if (!axis) {
    epilogue.stages.push_back(kernel::RequantizeAttr::get(
        context, rounding, multiplier.getMultipliers()[0],
        multiplier.getShifts()[0], zeroPoint, /*right_shifts=*/false));
  } else {
    SmallVector<int32_t> multipliers(multiplier.getMultipliers());
    SmallVector<int32_t> shifts(multiplier.getShifts());
    // A multiplier of zero gives zero with every shift: do not let it spoil
    // the promise that all shifts are to the right.
    bool isDouble = rounding == quant::RoundingMode::Double;
    for (auto [m, s] : llvm::zip_equal(multipliers, shifts))
      if (m == 0 && isDouble)
        s = -1;
    bool rightShifts = llvm::all_of(shifts, [](int32_t s) { return s < 0; });
    epilogue.stages.push_back(kernel::RequantizeAttr::get(
        context, rounding, std::nullopt, std::nullopt, zeroPoint, rightShifts));
    setChannelScale(epilogue, apply, multipliers, shifts, builder);
  }
  epilogue.stages.push_back(
      getClamp(builder, apply.getClampMin(), apply.getClampMax()));
  return epilogue;
}

//===----------------------------------------------------------------------===//
// Operands
//===----------------------------------------------------------------------===//

/// The zero point of the weights; one for all channels, since kernels have
/// one.
static FailureOr<int32_t> getFilterZeroPoint(Operation *op, Type type) {
  auto quantized = nn::getQuantizedElementType(type);
  if (!quantized)
    return 0;
  std::optional<nn::WeightScales> scales = nn::WeightScales::get(type);
  if (!scales)
    return op->emitOpError("has weights of ")
           << type << ", whose parameters are not known";
  if (!llvm::all_equal(scales->getZeroPoints()))
    return op->emitOpError("has weights whose zero points differ from channel "
                           "to channel, which no kernel supports");
  return static_cast<int32_t>(scales->getZeroPoints().front());
}

Value nn_to_kernel::padInput(OpBuilder &builder, Location loc, Value input,
                             Type quantizedType, ArrayRef<int64_t> padding) {
  if (llvm::all_of(padding, [](int64_t p) { return p == 0; }))
    return input;
  auto type = cast<RankedTensorType>(input.getType());
  TypedAttr value = builder.getZeroAttr(type.getElementType());
  if (auto quantized = dyn_cast<quant::UniformQuantizedType>(
          getElementTypeOrSelf(quantizedType)))
    value = builder.getIntegerAttr(
        type.getElementType(),
        APInt(type.getElementTypeBitWidth(),
              static_cast<uint64_t>(quantized.getZeroPoint()),
              /*isSigned=*/false, /*implicitTrunc=*/true));
  nn::Padding p(padding);
  SmallVector<int64_t> low = {0, p.top, p.left, 0};
  SmallVector<int64_t> high = {0, p.bottom, p.right, 0};
  SmallVector<int64_t> shape(type.getShape());
  for (unsigned axis = 0; axis < 4; ++axis)
    shape[axis] += low[axis] + high[axis];
  RankedTensorType padded = type.clone(shape);
  Location padLoc = nameTensor(loc, "padded_input");
  Value init = createEmpty(builder, padLoc, padded);
  return kernel::PadOp::create(builder, padLoc, TypeRange(padded), input, init,
                               low, high, value)
      .getResult(0);
}

//===----------------------------------------------------------------------===//
// The kernels
//===----------------------------------------------------------------------===//

FailureOr<Value> nn_to_kernel::emitLinear(Operation *op,
                                          LinearOperands operands,
                                          const Epilogue &epilogue,
                                          RankedTensorType storageType,
                                          Location loc, OpBuilder &builder) {
  auto linear = cast<LinearOpInterface>(op);
  Type inputType = linear.getInputOperand().get().getType();
  Type filterType = linear.getWeightOperand().get().getType();
  FailureOr<int32_t> filterZeroPoint = getFilterZeroPoint(op, filterType);
  if (failed(filterZeroPoint))
    return failure();
  for (Type type :
       {operands.input.getType(), operands.filter.getType(), Type(storageType)})
    if (failed(checkBuffer(op, type)))
      return failure();

  auto resultType = cast<RankedTensorType>(op->getResult(0).getType());
  int64_t channels = resultType.getShape().back();
  if (!operands.bias) {
    auto biasType =
        RankedTensorType::get({channels}, resultType.getElementType());
    operands.bias =
        createConstant(builder, nameTensor(loc, "bias"),
                       cast<TypedAttr>(builder.getZeroAttr(biasType)));
  }
  bool inputUnsigned = isStoredUnsigned(inputType);
  bool filterUnsigned = isStoredUnsigned(filterType);
  ArrayAttr stages = builder.getArrayAttr(epilogue.stages);

  return llvm::TypeSwitch<Operation *, FailureOr<Value>>(op)
      .Case([&](nn::Conv2DOp conv) -> FailureOr<Value> {
        Value input = operands.isPadded
                          ? operands.input
                          : padInput(builder, loc, operands.input, inputType,
                                     conv.getPadding());
        ArrayRef<int64_t> filter =
            cast<ShapedType>(operands.filter.getType()).getShape();
        Value init = createEmpty(builder, loc, storageType);
        return kernel::Conv2DOp::create(
                   builder, loc, TypeRange(storageType), input, operands.filter,
                   operands.filterScales, /*filter_steps=*/Value(),
                   operands.bias, epilogue.multiplier, epilogue.shift,
                   epilogue.operands, init, filter.slice(1, 2),
                   conv.getStrides(), conv.getDilations(), conv.getGroups(),
                   operands.filterBits, operands.groupSize, *filterZeroPoint,
                   inputUnsigned, filterUnsigned, stages, /*packed=*/false,
                   /*schedule=*/nullptr)
            .getResult(0);
      })
      .Case([&](nn::DepthwiseConv2DOp conv) -> FailureOr<Value> {
        Value input = operands.isPadded
                          ? operands.input
                          : padInput(builder, loc, operands.input, inputType,
                                     conv.getPadding());
        ArrayRef<int64_t> shape =
            cast<ShapedType>(operands.filter.getType()).getShape();
        Value filter =
            reshape(builder, loc, operands.filter, shape.drop_front());
        Value init = createEmpty(builder, loc, storageType);
        return kernel::DepthwiseConv2DOp::create(
                   builder, loc, TypeRange(storageType), input, filter,
                   operands.bias, epilogue.multiplier, epilogue.shift,
                   epilogue.operands, init, shape.slice(1, 2),
                   conv.getStrides(), conv.getDilations(), *filterZeroPoint,
                   inputUnsigned, filterUnsigned, stages, /*packed=*/false,
                   /*schedule=*/nullptr)
            .getResult(0);
      })
      .Case([&](nn::FullyConnectedOp) -> FailureOr<Value> {
        // Rows are pixels of an image of height 1.
        int64_t depth =
            cast<ShapedType>(operands.filter.getType()).getDimSize(1);
        int64_t rows = storageType.getNumElements() / channels;
        Value input =
            reshape(builder, loc, operands.input, {1, 1, rows, depth});
        Value filter =
            reshape(builder, loc, operands.filter, {channels, 1, 1, depth});
        RankedTensorType image = storageType.clone({1, 1, rows, channels});
        Value init = createEmpty(builder, loc, image);
        int64_t ones[] = {1, 1};
        Value result =
            kernel::Conv2DOp::create(
                builder, loc, TypeRange(image), input, filter,
                operands.filterScales, /*filter_steps=*/Value(), operands.bias,
                epilogue.multiplier, epilogue.shift, epilogue.operands, init,
                ones, ones, ones,
                /*groups=*/1, operands.filterBits, operands.groupSize,
                *filterZeroPoint, inputUnsigned, filterUnsigned, stages,
                /*packed=*/false, /*schedule=*/nullptr)
                .getResult(0);
        return reshape(builder, loc, result, storageType.getShape());
      })
      .Default([&](Operation *) -> FailureOr<Value> {
        return op->emitOpError("is linear, but has no kernel");
      });
}

namespace {

/// A linear op by itself: floats, or a sum with several users.
struct ConvertLinear : OpInterfaceConversionPattern<LinearOpInterface> {
  using OpInterfaceConversionPattern::OpInterfaceConversionPattern;

  LogicalResult
  matchAndRewrite(LinearOpInterface op, ArrayRef<Value> values,
                  ConversionPatternRewriter &rewriter) const override {
    auto type = cast<RankedTensorType>(op->getResult(0).getType());
    if (nn::getQuantizedElementType(type))
      return op->emitOpError("still has a quantized result; run "
                             "nn-expose-requantize, quant-legalize-multipliers "
                             "and nn-fold-zero-points first");
    Epilogue epilogue;
    LinearOperands operands = {values[op.getInputOperand().getOperandNumber()],
                               values[op.getWeightOperand().getOperandNumber()],
                               values.size() > 2 ? values[2] : Value()};
    if (isa<FloatType>(type.getElementType()) &&
        failed(prepareStoredWeights(op, operands, epilogue, rewriter)))
      return failure();
    if (auto fusable =
            dyn_cast<ActivationFusableOpInterface>(op.getOperation()))
      if (Attribute clamp = getFloatClamp(rewriter, fusable.getFusedInterval()))
        epilogue.stages.push_back(clamp);
    FailureOr<Value> result =
        emitLinear(op, operands, epilogue, type, op->getLoc(), rewriter);
    if (failed(result))
      return failure();
    rewriter.replaceOp(op, *result);
    return success();
  }
};

/// A sum and its only user.
struct ConvertScaledLinear : OpConversionPattern<quant::ApplyMultiplierOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(quant::ApplyMultiplierOp apply, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    auto linear = apply.getInput().getDefiningOp<LinearOpInterface>();
    if (!linear || getOnlyMultiplier(linear) != apply)
      return rewriter.notifyMatchFailure(
          apply, "does not scale a linear op's sum of its own");
    FailureOr<Epilogue> epilogue = getEpilogue(apply, rewriter);
    if (failed(epilogue))
      return failure();
    auto remap = [&](Value value) {
      return value ? rewriter.getRemappedValue(value) : Value();
    };
    LinearOperands operands = {remap(linear.getInputOperand().get()),
                               remap(linear.getWeightOperand().get()),
                               remap(linear.getBiasValue())};
    auto storageType = cast<RankedTensorType>(
        getTypeConverter()->convertType(apply.getType()));
    FailureOr<Value> result = emitLinear(linear, operands, *epilogue,
                                         storageType, apply.getLoc(), rewriter);
    if (failed(result))
      return failure();
    rewriter.replaceOp(apply, *result);
    rewriter.eraseOp(linear);
    return success();
  }
};

/// A multiplier on an accumulator that others use too.
struct ConvertScaledAccumulator
    : OpConversionPattern<quant::ApplyMultiplierOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(quant::ApplyMultiplierOp apply, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    unsigned bits = getElementTypeOrSelf(apply.getInput().getType())
                        .getIntOrFloatBitWidth();
    auto linear = apply.getInput().getDefiningOp<LinearOpInterface>();
    if (bits < 16 || apply.getInputZeroPointOrZero() != 0 ||
        (linear && getOnlyMultiplier(linear) == apply))
      return rewriter.notifyMatchFailure(apply, "is not a plain accumulator's");
    FailureOr<Epilogue> epilogue = getEpilogue(apply, rewriter);
    if (failed(epilogue))
      return failure();
    Type type = getTypeConverter()->convertType(apply.getType());
    if (failed(checkBuffer(apply, type)))
      return failure();
    Value init = createEmpty(rewriter, apply.getLoc(), type);
    rewriter.replaceOpWithNewOp<kernel::ElementwiseOp>(
        apply, TypeRange(type), adaptor.getInput(), epilogue->multiplier,
        epilogue->shift, ValueRange(), init, apply.getInputUnsigned(),
        rewriter.getArrayAttr(epilogue->stages));
    return success();
  }
};

//===----------------------------------------------------------------------===//
// Batch norm
//===----------------------------------------------------------------------===//

/// y = x * a + b with a = scale / sqrt(variance + epsilon), b = offset -
/// mean*a.
struct ConvertBatchNorm : OpConversionPattern<nn::BatchNormOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(nn::BatchNormOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    SmallVector<SmallVector<float>> parameters;
    for (Value value :
         {op.getScale(), op.getOffset(), op.getMean(), op.getVariance()}) {
      auto constant = value.getDefiningOp<nn::ConstantOp>();
      if (!constant)
        return op.emitOpError("needs constant parameters to become a kernel");
      auto floats = constant.getValue().tryGetValues<float>();
      if (!floats)
        return op.emitOpError("has parameters that cannot be read as floats");
      parameters.push_back(llvm::to_vector(*floats));
    }
    SmallVector<float> factor, offset;
    double epsilon = op.getEpsilon().convertToDouble();
    for (size_t c = 0; c < parameters[0].size(); ++c) {
      double a = parameters[0][c] / std::sqrt(parameters[3][c] + epsilon);
      factor.push_back(static_cast<float>(a));
      offset.push_back(
          static_cast<float>(parameters[1][c] - parameters[2][c] * a));
    }
    auto type = RankedTensorType::get({static_cast<int64_t>(factor.size())},
                                      rewriter.getF32Type());
    auto constant = [&](StringRef name, ArrayRef<float> values) {
      return createConstant(rewriter, nameTensor(op.getLoc(), name),
                            DenseElementsAttr::get(type, values));
    };
    MLIRContext *context = op.getContext();
    rewriter.replaceOp(op, createElementwise(rewriter, op.getLoc(),
                                             op.getType(), adaptor.getInput(),
                                             {constant("factor", factor),
                                              constant("offset", offset)},
                                             {kernel::MulF32Attr::get(context),
                                              kernel::AddF32Attr::get(context)},
                                             /*inputUnsigned=*/false));
    return success();
  }
};

} // namespace

void qopt::populateLinearToKernelPatterns(const TypeConverter &converter,
                                          RewritePatternSet &patterns,
                                          ConversionTarget &target) {
  // A sum with one multiplier goes away together with it.
  target.addDynamicallyLegalOp<nn::Conv2DOp, nn::DepthwiseConv2DOp,
                               nn::FullyConnectedOp>(
      [](Operation *op) { return static_cast<bool>(getOnlyMultiplier(op)); });
  patterns.add<ConvertLinear, ConvertScaledLinear, ConvertScaledAccumulator,
               ConvertBatchNorm>(converter, patterns.getContext());
}
