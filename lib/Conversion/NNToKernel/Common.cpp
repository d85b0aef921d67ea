// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the conversions of all families share.

#include "Common.h"

#include "mlir/IR/DialectResourceBlobManager.h"

using namespace mlir;
using namespace qopt;
using namespace qopt::nn_to_kernel;

FailureOr<Storage> nn_to_kernel::getStorage(Operation *op, Type type) {
  auto quantized =
      dyn_cast<quant::UniformQuantizedType>(getElementTypeOrSelf(type));
  if (!quantized)
    return op->emitOpError(
               "needs tensors that are quantized per tensor to become a "
               "kernel, found ")
           << type;
  Storage storage;
  storage.parameters = {quantized.getScale(), quantized.getZeroPoint()};
  storage.range = {quantized.getStorageTypeMin(),
                   quantized.getStorageTypeMax()};
  storage.bits = quantized.getStorageTypeIntegralWidth();
  storage.isSigned = quantized.isSigned();
  return storage;
}

bool nn_to_kernel::isStoredUnsigned(Type type) {
  auto quantized = nn::getQuantizedElementType(type);
  return quantized && !quantized.isSigned();
}

LogicalResult nn_to_kernel::reportReason(Operation *op,
                                         const std::string &text) {
  return op->emitOpError("has no fixed-point form: ") << text;
}

IntegerType nn_to_kernel::getBufferElement(quant::QuantizedType type) {
  auto storage = cast<IntegerType>(type.getStorageType());
  return storage.getWidth() < 8 ? IntegerType::get(type.getContext(), 8)
                                : storage;
}

LogicalResult nn_to_kernel::checkBuffer(Operation *op, Type type) {
  if (kernel::isBufferType(type))
    return success();
  return op->emitOpError("has a tensor stored as ")
         << type
         << ", which no kernel can hold; elements are i8, i16, i32, "
            "i64 or f32 and shapes are static";
}

Location nn_to_kernel::nameTensor(Location loc, StringRef suffix) {
  if (auto name = dyn_cast<NameLoc>(loc))
    return NameLoc::get(
        StringAttr::get(loc.getContext(),
                        name.getName().getValue() + "/" + suffix),
        name.getChildLoc());
  return loc;
}

Value nn_to_kernel::createEmpty(OpBuilder &builder, Location loc, Type type) {
  auto tensor = cast<RankedTensorType>(type);
  return tensor::EmptyOp::create(builder, loc, tensor.getShape(),
                                 tensor.getElementType());
}

Value nn_to_kernel::createConstant(OpBuilder &builder, Location loc,
                                   TypedAttr value) {
  return arith::ConstantOp::create(builder, loc, value);
}

Value nn_to_kernel::reshape(OpBuilder &builder, Location loc, Value value,
                            ArrayRef<int64_t> shape) {
  auto type = cast<RankedTensorType>(value.getType());
  if (type.getShape() == shape)
    return value;
  auto result = type.clone(shape);
  if (auto constant = value.getDefiningOp<arith::ConstantOp>()) {
    if (auto dense = dyn_cast<DenseElementsAttr>(constant.getValue()))
      return createConstant(builder, constant.getLoc(), dense.reshape(result));
    if (auto resource =
            dyn_cast<DenseResourceElementsAttr>(constant.getValue()))
      return createConstant(
          builder, constant.getLoc(),
          DenseResourceElementsAttr::get(result, resource.getRawHandle()));
  }
  return kernel::ViewOp::create(builder, loc, result, value);
}

FloatAttr nn_to_kernel::getF32Attr(Builder &builder, double value) {
  return builder.getF32FloatAttr(static_cast<float>(value));
}

kernel::AffineAttr
nn_to_kernel::getAffine(Builder &builder, int32_t offset,
                        numerics::FixedPointMultiplier multiplier) {
  return kernel::AffineAttr::get(builder.getContext(), offset,
                                 multiplier.mantissa, multiplier.shift);
}

kernel::ClampAttr nn_to_kernel::getClamp(Builder &builder, int64_t min,
                                         int64_t max) {
  return kernel::ClampAttr::get(builder.getContext(), min, max);
}

Attribute nn_to_kernel::getFloatClamp(Builder &builder, RealInterval interval) {
  if (interval.isUnbounded())
    return {};
  return kernel::ClampF32Attr::get(builder.getContext(),
                                   getF32Attr(builder, interval.low),
                                   getF32Attr(builder, interval.high));
}

kernel::TableAttr
nn_to_kernel::makeTable(Builder &builder, const Storage &input,
                        unsigned resultBits, bool isResultUnsigned,
                        llvm::function_ref<int64_t(int32_t)> function) {
  int32_t size = 1 << input.bits;
  SmallVector<APInt> entries;
  entries.reserve(size);
  // The index is the stored value's bits: signed values wrap around.
  for (int32_t index = 0; index < size; ++index) {
    bool negative = input.isSigned && index >= size / 2;
    int64_t entry = function(negative ? index - size : index);
    entries.push_back(APInt(resultBits, static_cast<uint64_t>(entry),
                            /*isSigned=*/false, /*implicitTrunc=*/true));
  }
  auto type = RankedTensorType::get({size}, builder.getIntegerType(resultBits));
  return kernel::TableAttr::get(
      builder.getContext(),
      cast<DenseIntElementsAttr>(DenseElementsAttr::get(type, entries)),
      isResultUnsigned);
}

Value nn_to_kernel::createElementwise(OpBuilder &builder, Location loc,
                                      Type resultType, Value input,
                                      ValueRange operands,
                                      ArrayRef<Attribute> stages,
                                      bool inputUnsigned) {
  Value init = createEmpty(builder, loc, resultType);
  return kernel::ElementwiseOp::create(
             builder, loc, TypeRange(resultType), input, /*multiplier=*/Value(),
             /*shift=*/Value(), operands, init, inputUnsigned,
             builder.getArrayAttr(stages))
      .getResult(0);
}
