//===- Casts.cpp - Cast, QuantizeLinear, DequantizeLinear -----------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Between reals and quantized values. The standard rounds x / scale to the
// nearest even integer: rounding `float`.
//
//===----------------------------------------------------------------------===//

#include "Registry.h"

#include "qopt/Dialect/Quant/IR/QuantOps.h"

#include <cmath>

using namespace qopt;
using namespace qopt::onnx_import;
using mlir::DenseElementsAttr;
using mlir::failure;
using mlir::FailureOr;
using mlir::LogicalResult;

/// Only what changes nothing.
static LogicalResult importCast(NodeImporter &op) {
  if (failed(op.expectInputs(1, 1)) || failed(op.expectOneOutput()))
    return failure();
  auto input = op.getInput(0, "input");
  auto to = op.getInt("to", 0);
  op.ignoreAttributes({"saturate", "round_mode"});
  if (failed(input) || failed(to))
    return failure();
  mlir::Type element = getElementType(op.builder.getContext(), int32_t(*to));
  if (getType(*input).getElementType() != element)
    return op.error() << "casts " << input->getType() << " to "
                      << typeName(int32_t(*to))
                      << ", expected the type that it has already; casts of "
                         "computed tensors are not supported";
  return op.setOutput(*input);
}

namespace {
/// Scales and zero points of the operands 1 and 2.
struct Parameters {
  llvm::SmallVector<double> scales;
  llvm::SmallVector<int64_t> zeroPoints;
  /// The dimension that they count; -1 for one scale.
  int64_t axis = -1;
};
} // namespace

static FailureOr<Parameters> getParameters(NodeImporter &op,
                                           llvm::ArrayRef<int64_t> shape) {
  auto scales = op.getConstant(1, "scale");
  auto number = op.getInt("axis", 1);
  auto block = op.getInt("block_size", 0);
  if (failed(scales) || failed(number) || failed(block))
    return failure();
  if (*block != 0)
    return op.error() << "attribute 'block_size' is " << *block
                      << ", expected 0: scales per tensor or per channel";
  if (!scales->getElementType().isF32() || scales->getType().getRank() > 1 ||
      scales->getNumElements() == 0)
    return op.error() << "expected one scale or a list of them in f32, found "
                      << scales->getType();
  Parameters parameters;
  parameters.scales = getReals(*scales);
  for (double scale : parameters.scales)
    if (!std::isfinite(scale) || scale <= 0)
      return op.error() << "a scale is " << std::to_string(scale)
                        << ", expected a positive finite number";
  parameters.zeroPoints.assign(parameters.scales.size(), 0);
  if (op.hasInput(2)) {
    auto zeroPoints = op.getConstant(2, "zero point");
    if (failed(zeroPoints))
      return failure();
    if (!mlir::isa<mlir::IntegerType>(zeroPoints->getElementType()) ||
        zeroPoints->getNumElements() != scales->getNumElements())
      return op.error() << "expected as many integer zero points as scales, "
                        << parameters.scales.size() << ", found "
                        << zeroPoints->getType();
    parameters.zeroPoints = getIntegers(*zeroPoints);
  }
  if (parameters.scales.size() == 1)
    return parameters;
  auto axis = op.normalizeAxis(*number, int64_t(shape.size()));
  if (failed(axis))
    return failure();
  if (shape[*axis] != int64_t(parameters.scales.size()))
    return op.error() << "has " << parameters.scales.size()
                      << " scales for dimension " << *axis << " of "
                      << shape[*axis];
  parameters.axis = *axis;
  return parameters;
}

/// The quantized type with this storage; `storage` is unsigned or signless.
static FailureOr<mlir::Type> getQuantizedType(NodeImporter &op,
                                              const Parameters &parameters,
                                              mlir::IntegerType storage) {
  unsigned bits = storage.getWidth();
  if (bits > 32 || bits == 1)
    return op.error() << "quantized elements of " << bits
                      << " bits are not supported, expected 4, 8, 16 or 32";
  bool isSigned = !storage.isUnsigned();
  int64_t min = isSigned ? -(int64_t(1) << (bits - 1)) : 0;
  int64_t max = min + (int64_t(1) << bits) - 1;
  auto plain = op.builder.getIntegerType(bits);
  auto expressed = op.builder.getF32Type();
  auto error = [&] { return op.error(); };
  unsigned flags = isSigned ? quant::QuantizationFlags::Signed : 0;
  mlir::Type type;
  if (parameters.axis < 0)
    type = quant::UniformQuantizedType::getChecked(
        error, flags, plain, expressed, parameters.scales.front(),
        parameters.zeroPoints.front(), min, max);
  else
    type = quant::UniformQuantizedPerAxisType::getChecked(
        error, flags, plain, expressed, parameters.scales,
        parameters.zeroPoints, int32_t(parameters.axis), min, max);
  if (!type)
    return failure();
  return type;
}

static LogicalResult importQuantizeLinear(NodeImporter &op) {
  if (failed(op.expectInputs(2, 3)) || failed(op.expectOneOutput()))
    return failure();
  auto input = op.getInput(0, "input");
  auto target = op.getInt("output_dtype", 0);
  op.ignoreAttributes({"saturate", "precision"});
  if (failed(input) || failed(target))
    return failure();
  auto parameters = getParameters(op, getType(*input).getShape());
  if (failed(parameters))
    return failure();
  // The zero point has the type of the result; without one it is uint8.
  mlir::Type storage = op.builder.getIntegerType(8, /*isSigned=*/false);
  if (op.hasInput(2))
    storage = op.getConstantOrNull(2).getElementType();
  else if (*target != 0)
    storage = getElementType(op.builder.getContext(), int32_t(*target));
  auto integer = mlir::dyn_cast_or_null<mlir::IntegerType>(storage);
  if (!integer)
    return op.error() << "attribute 'output_dtype' is "
                      << typeName(int32_t(*target)) << ", expected integers";
  auto type = getQuantizedType(op, *parameters, integer);
  if (failed(type))
    return failure();
  return op.setOutput(quant::QuantizeCastOp::create(
      op.builder, op.loc, getType(*input).clone(*type), *input,
      quant::RoundingModeAttr::get(op.builder.getContext(),
                                   quant::RoundingMode::Float)));
}

/// Stored integers without their sign, which the quantized type has.
static DenseElementsAttr getStored(mlir::OpBuilder &builder,
                                   DenseElementsAttr constant) {
  unsigned bits = constant.getElementType().getIntOrFloatBitWidth();
  return constant.mapValues(builder.getIntegerType(bits),
                            [](const llvm::APInt &value) { return value; });
}

static LogicalResult importDequantizeLinear(NodeImporter &op) {
  if (failed(op.expectInputs(2, 3)) || failed(op.expectOneOutput()))
    return failure();
  auto shape = op.getShape(0);
  DenseElementsAttr constant = op.getConstantOrNull(0);
  mlir::Value value;
  if (!constant) {
    auto input = op.getInput(0, "input");
    if (failed(input))
      return failure();
    value = *input;
    shape = llvm::to_vector(getType(value).getShape());
  }
  auto parameters = getParameters(op, *shape);
  if (failed(parameters))
    return failure();
  mlir::IntegerType storage;
  if (constant) {
    storage = mlir::dyn_cast<mlir::IntegerType>(constant.getElementType());
  } else if (auto quantized = nn::getQuantizedElementType(value.getType())) {
    storage = op.builder.getIntegerType(quantized.getStorageTypeIntegralWidth(),
                                        quantized.isSigned());
    if (quantized.isSigned())
      storage = op.builder.getIntegerType(storage.getWidth());
  } else {
    storage =
        mlir::dyn_cast<mlir::IntegerType>(getType(value).getElementType());
  }
  if (!storage)
    return op.error() << "expected an input of integers";
  auto type = getQuantizedType(op, *parameters, storage);
  if (failed(type))
    return failure();
  auto quantizedType = mlir::RankedTensorType::get(*shape, *type);
  if (constant)
    value = nn::ConstantOp::create(op.builder, op.loc, quantizedType,
                                   getStored(op.builder, constant));
  else if (!nn::getQuantizedElementType(value.getType()))
    value =
        quant::StorageCastOp::create(op.builder, op.loc, quantizedType, value);
  else if (value.getType() != quantizedType)
    return op.error() << "the input is " << value.getType()
                      << ", but scale and zero point say " << quantizedType;
  return op.setOutput(quant::DequantizeCastOp::create(
      op.builder, op.loc,
      mlir::RankedTensorType::get(*shape, op.builder.getF32Type()), value));
}

void onnx_import::populateCasts(Registry &registry) {
  registry["Cast"] = importCast;
  registry["QuantizeLinear"] = importQuantizeLinear;
  registry["DequantizeLinear"] = importDequantizeLinear;
}
