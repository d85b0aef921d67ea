//===- MovementOps.cpp - Constants and moves ----------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Verifiers, folds and interface methods of the ops that move elements.
//
//===----------------------------------------------------------------------===//

#include "Verify.h"

#include "llvm/Support/MathExtras.h"

#include <cmath>

using namespace mlir;
using namespace qopt;
using namespace qopt::nn;

//===----------------------------------------------------------------------===//
// ConstantOp
//===----------------------------------------------------------------------===//

LogicalResult ConstantOp::verify() {
  ShapedType value = getValue().getShapedType();
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
  return success();
}

OpFoldResult ConstantOp::fold(FoldAdaptor) { return getValue(); }

//===----------------------------------------------------------------------===//
// ReshapeOp
//===----------------------------------------------------------------------===//

LogicalResult ReshapeOp::verify() {
  auto input = cast<RankedTensorType>(getInput().getType());
  auto result = cast<RankedTensorType>(getType());
  std::optional<int64_t> inputs = countElements(input.getShape());
  std::optional<int64_t> results = countElements(result.getShape());
  if (!inputs || inputs != results)
    return emitOpError("result has shape ")
           << spell(result.getShape()) << ", expected the "
           << "number of elements of " << spell(input.getShape());
  return verifySameParameters(*this, "input", input, "result", result);
}

OpFoldResult ReshapeOp::fold(FoldAdaptor) { return {}; }

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
  return verifySameParameters(*this, "input", getInput().getType(), "result",
                              getType());
}

OpFoldResult PadOp::fold(FoldAdaptor) { return {}; }

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

OpFoldResult ConcatOp::fold(FoldAdaptor) { return {}; }

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
