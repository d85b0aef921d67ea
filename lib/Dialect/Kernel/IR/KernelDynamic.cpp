// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Verifiers of the kernels that find scale and zero point at run time, and of
// the stages that use them.

#include "qopt/Dialect/Kernel/IR/Kernel.h"

using namespace mlir;
using namespace qopt::kernel;
using EmitError = llvm::function_ref<InFlightDiagnostic()>;

/// A buffer of rank 1 with `size` elements.
static bool isVector(ShapedType type, int64_t size) {
  return type.getShape() == ArrayRef<int64_t>(size);
}

LogicalResult DynamicRangeOp::verify() {
  ShapedType input = getInput().getType(), output = getInit().getType();
  if (!input.getElementType().isF32())
    return emitOpError("expected an input of f32, found ") << input;
  if (!isVector(output, 2) || !output.getElementType().isF32())
    return emitOpError("expected an output of 2xf32, found ") << output;
  return detail::verifyDestination(*this);
}

LogicalResult DynamicParameterOp::verify() {
  ShapedType range = getRange().getType(), output = getInit().getType();
  if (!isVector(range, 2) || !range.getElementType().isF32())
    return emitOpError("expected a range of 2xf32, found ") << range;
  Type element = output.getElementType();
  if (!isVector(output, 1) || (!element.isF32() && !element.isInteger(32)))
    return emitOpError("expected an output of 1xf32 (a scale) or 1xi32 (a zero "
                       "point), found ")
           << output;
  return detail::verifyDestination(*this);
}

/// Reports a running value or operands of other types.
static LogicalResult expectTypes(EmitError emitError, Attribute stage,
                                 Type value, ArrayRef<Type> operands,
                                 Type expectedValue,
                                 ArrayRef<Type> expectedOperands) {
  if (value != expectedValue)
    return emitError() << "stage " << stage
                       << " expects a running value of type " << expectedValue
                       << ", found " << value;
  for (auto [index, found, expected] :
       llvm::enumerate(operands, expectedOperands))
    if (found != expected)
      return emitError() << "stage " << stage << " expects stage operand "
                         << index << " of " << expected << ", found " << found;
  return success();
}

FailureOr<Type> DynamicQuantizeAttr::verifyStage(Type value,
                                                 ArrayRef<Type> operands,
                                                 EmitError emitError) const {
  Type f32 = Float32Type::get(getContext());
  Type i32 = IntegerType::get(getContext(), 32);
  if (failed(expectTypes(emitError, *this, value, operands, f32, {f32, i32})))
    return failure();
  return i32;
}

FailureOr<Type> SubProductAttr::verifyStage(Type value, ArrayRef<Type> operands,
                                            EmitError emitError) const {
  Type i32 = IntegerType::get(getContext(), 32);
  if (failed(expectTypes(emitError, *this, value, operands, i32, {i32, i32})))
    return failure();
  return i32;
}

std::optional<StageRange> DynamicQuantizeAttr::getValueRange() const {
  return StageRange{-128 + int64_t(getOffset()), 127 + int64_t(getOffset())};
}

StageAttrInterface
DynamicQuantizeAttr::getWithResultOffset(int32_t offset) const {
  int64_t sum = int64_t(getOffset()) + offset;
  if (!llvm::isInt<16>(sum))
    return {};
  return DynamicQuantizeAttr::get(getContext(), static_cast<int32_t>(sum));
}
