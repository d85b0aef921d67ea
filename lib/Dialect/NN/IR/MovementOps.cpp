// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Verifiers, folds and interface methods of the ops that move elements.

#include "Verify.h"

#include "qopt/Dialect/NN/IR/StoredValues.h"

#include "mlir/IR/DialectResourceBlobManager.h"
#include "llvm/Support/MathExtras.h"

#include <cmath>

using namespace mlir;
using namespace qopt;
using namespace qopt::nn;

//===----------------------------------------------------------------------===//
// ConstantOp
//===----------------------------------------------------------------------===//

/// Every stored integer lies inside the type's storage range, where that is
/// narrower than the storage type. A resource that is not at hand is no error:
/// printing may have left it out.
static LogicalResult verifyStorageRange(ConstantOp op,
                                        quant::QuantizedType type) {
  if (!type.hasStorageTypeBounds())
    return success();
  std::optional<StoredValues> values =
      StoredValues::get(op.getValue(), op.getType());
  for (int64_t i = 0, e = values ? values->getNumDistinct() : 0; i != e; ++i)
    if ((*values)[i] < type.getStorageTypeMin() ||
        (*values)[i] > type.getStorageTypeMax())
      return op.emitOpError("value holds ")
             << (*values)[i] << " at index " << i
             << ", outside of the storage range [" << type.getStorageTypeMin()
             << ", " << type.getStorageTypeMax() << "]";
  return success();
}

LogicalResult ConstantOp::verify() {
  ShapedType value = getValue().getShapedType();
  if (!isa<RankedTensorType>(value))
    return emitOpError("value is a ") << value << ", expected a tensor";
  auto result = cast<RankedTensorType>(getType());
  if (value.getShape() != result.getShape())
    return emitOpError("value has shape ")
           << spell(value.getShape()) << ", expected the result's "
           << spell(result.getShape());
  Type expected = result.getElementType();
  quant::QuantizedType quantized = getQuantizedElementType(result);
  if (quantized)
    expected = quantized.getStorageType();
  if (value.getElementType() != expected)
    return emitOpError("value has elements of ")
           << value.getElementType() << ", expected " << expected;
  return quantized ? verifyStorageRange(*this, quantized) : success();
}

OpFoldResult ConstantOp::fold(FoldAdaptor) { return getValue(); }

//===----------------------------------------------------------------------===//
// ReshapeOp
//===----------------------------------------------------------------------===//

/// Elements of a channel stay in that channel: the dimension of the channels
/// keeps its extent, and as many elements lie outside of it as before.
static LogicalResult
verifyChannelsKept(ReshapeOp op, quant::UniformQuantizedPerAxisType input,
                   quant::UniformQuantizedPerAxisType result) {
  ArrayRef<int64_t> from = cast<ShapedType>(op.getInput().getType()).getShape();
  ArrayRef<int64_t> to = cast<ShapedType>(op.getType()).getShape();
  int32_t a = input.getQuantizedDimension(), b = result.getQuantizedDimension();
  if (input.getScales() == result.getScales() &&
      input.getZeroPoints() == result.getZeroPoints() &&
      ShapedType::getNumElements(from.take_front(a)) ==
          ShapedType::getNumElements(to.take_front(b)))
    return success();
  return op.emitOpError("moves elements between channels: from dimension ")
         << a << " of " << spell(from) << " to dimension " << b << " of "
         << spell(to) << ", or with other scales";
}

LogicalResult ReshapeOp::verify() {
  auto input = cast<RankedTensorType>(getInput().getType());
  auto result = cast<RankedTensorType>(getType());
  if (input.getNumElements() != result.getNumElements())
    return emitOpError("result has shape ")
           << spell(result.getShape()) << ", expected as many elements as "
           << spell(input.getShape());
  auto from =
      dyn_cast<quant::UniformQuantizedPerAxisType>(input.getElementType());
  auto to =
      dyn_cast<quant::UniformQuantizedPerAxisType>(result.getElementType());
  if (from && to)
    return failed(verifySameStorage(*this, "input", input, "result", result))
               ? failure()
               : verifyChannelsKept(*this, from, to);
  return verifySameParameters(*this, "input", input, "result", result);
}

/// The same data under another shape.
static ElementsAttr reshapeConstant(Attribute value, ArrayRef<int64_t> shape) {
  if (auto dense = dyn_cast_or_null<DenseElementsAttr>(value))
    return dense.reshape(dense.getType().clone(shape));
  if (auto resource = dyn_cast_or_null<DenseResourceElementsAttr>(value))
    return DenseResourceElementsAttr::get(resource.getType().clone(shape),
                                          resource.getRawHandle());
  return {};
}

OpFoldResult ReshapeOp::fold(FoldAdaptor adaptor) {
  if (getInput().getType() == getType())
    return getInput();
  if (ElementsAttr value = reshapeConstant(
          adaptor.getInput(), cast<ShapedType>(getType()).getShape()))
    return value;
  // reshape(reshape(x)) -> reshape(x)
  if (auto producer = getInput().getDefiningOp<ReshapeOp>()) {
    getInputMutable().assign(producer.getInput());
    return getResult();
  }
  return {};
}

//===----------------------------------------------------------------------===//
// PadOp
//===----------------------------------------------------------------------===//

LogicalResult PadOp::verify() {
  ArrayRef<int64_t> input = cast<ShapedType>(getInput().getType()).getShape();
  if (failed(verifyNumbers(*this, "low", getLow(), input.size(), 0)) ||
      failed(verifyNumbers(*this, "high", getHigh(), input.size(), 0)))
    return failure();
  SmallVector<int64_t> expected(input);
  for (auto [extent, low, high] :
       llvm::zip_equal(expected, getLow(), getHigh()))
    if (llvm::AddOverflow(extent, low, extent) ||
        llvm::AddOverflow(extent, high, extent))
      return emitOpError("padded extent overflows 64 bits");
  if (failed(verifyResultShape(*this, expected)))
    return failure();
  double value = getValue().convertToDouble();
  Type element = getElementTypeOrSelf(getType());
  if (!isa<FloatType>(element) && !std::isfinite(value))
    return emitOpError("pads elements of ")
           << element << " with " << value << ", expected a finite value";
  if (isa<IntegerType>(element) && value != std::trunc(value))
    return emitOpError("pads elements of ")
           << element << " with " << value << ", expected an integer";
  return verifySameParameters(*this, "input", getInput().getType(), "result",
                              getType());
}

OpFoldResult PadOp::fold(FoldAdaptor) {
  auto isZero = [](int64_t extent) { return extent == 0; };
  if (getInput().getType() == getType() && llvm::all_of(getLow(), isZero) &&
      llvm::all_of(getHigh(), isZero))
    return getInput();
  return {};
}

//===----------------------------------------------------------------------===//
// SliceOp
//===----------------------------------------------------------------------===//

LogicalResult SliceOp::verify() {
  ArrayRef<int64_t> input = cast<ShapedType>(getInput().getType()).getShape();
  ArrayRef<int64_t> result = cast<ShapedType>(getType()).getShape();
  if (failed(verifyRank(*this, "result", getType(), input.size())) ||
      failed(verifyNumbers(*this, "offsets", getOffsets(), input.size(), 0)) ||
      failed(verifyNumbers(*this, "strides", getStrides(), input.size(),
                           std::numeric_limits<int64_t>::min())))
    return failure();
  for (auto [d, extent] : llvm::enumerate(input)) {
    int64_t first = getOffsets()[d], stride = getStrides()[d], last;
    if (stride == 0)
      return emitOpError("stride of dimension ")
             << d << " is 0, expected another number";
    if (result[d] == 0)
      continue;
    if (llvm::MulOverflow(result[d] - 1, stride, last) ||
        llvm::AddOverflow(first, last, last) || first >= extent || last < 0 ||
        last >= extent)
      return emitOpError("takes ")
             << result[d] << " elements from " << first << " by " << stride
             << " of dimension " << d << ", which has " << extent;
  }
  return verifySameParameters(*this, "input", getInput().getType(), "result",
                              getType());
}

OpFoldResult SliceOp::fold(FoldAdaptor) {
  // Inside of the input and as large as it: all of it, unless backwards.
  auto isForward = [](int64_t stride) { return stride > 0; };
  if (getInput().getType() == getType() &&
      llvm::all_of(getStrides(), isForward))
    return getInput();
  return {};
}

//===----------------------------------------------------------------------===//
// ConcatOp
//===----------------------------------------------------------------------===//

SmallVector<OpOperand *> ConcatOp::getSharedOperands() {
  return llvm::map_to_vector(getInputsMutable(),
                             [](OpOperand &operand) { return &operand; });
}

LogicalResult ConcatOp::verify() {
  if (getInputs().empty())
    return emitOpError("has no inputs, expected 1 or more");
  auto result = cast<RankedTensorType>(getType());
  int64_t axis = getAxis();
  if (failed(verifyAxis(*this, axis, result.getRank())))
    return failure();
  SmallVector<int64_t> expected;
  for (Value input : getInputs()) {
    auto type = cast<RankedTensorType>(input.getType());
    if (failed(verifyRank(*this, "input", type, result.getRank())))
      return failure();
    if (expected.empty()) {
      expected.assign(type.getShape().begin(), type.getShape().end());
      continue;
    }
    SmallVector<int64_t> extents(type.getShape());
    if (llvm::AddOverflow(expected[axis], extents[axis], expected[axis]))
      return emitOpError("concatenated extent overflows 64 bits");
    extents[axis] = expected[axis];
    if (extents != expected)
      return emitOpError("input has shape ")
             << spell(type.getShape())
             << ", which differs from the first input "
             << "outside dimension " << axis;
  }
  if (failed(verifyResultShape(*this, expected)))
    return failure();
  quant::QuantizedType quantized = getQuantizedElementType(result);
  bool rescales = quantized && !quantized.isSigned() &&
                  quantized.getStorageTypeIntegralWidth() == 8;
  for (Value input : getInputs())
    if (failed(rescales ? verifySameStorage(*this, "input", input.getType(),
                                            "result", result)
                        : verifySameParameters(*this, "input", input.getType(),
                                               "result", result)))
      return failure();
  return success();
}

OpFoldResult ConcatOp::fold(FoldAdaptor) {
  if (getInputs().size() == 1 && getInputs().front().getType() == getType() &&
      getActivation() == Activation::None)
    return getInputs().front();
  return {};
}

//===----------------------------------------------------------------------===//
// ResizeBilinearOp
//===----------------------------------------------------------------------===//

LogicalResult ResizeBilinearOp::verify() {
  if (failed(verifyRank(*this, "input", getInput().getType(), 4)) ||
      failed(verifyRank(*this, "result", getType(), 4)))
    return failure();
  if (getAlignCorners() && getHalfPixelCenters())
    return emitOpError("sets both align_corners and half_pixel_centers, "
                       "expected at most one");
  ArrayRef<int64_t> input = getInput().getType().getShape();
  ArrayRef<int64_t> result = getType().getShape();
  if (failed(
          verifyResultShape(*this, {input[0], result[1], result[2], input[3]})))
    return failure();
  if (input[1] == 0 || input[2] == 0)
    return emitOpError("input is an empty image: ") << spell(input);
  return verifySameParameters(*this, "input", getInput().getType(), "result",
                              getType());
}
