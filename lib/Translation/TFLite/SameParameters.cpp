//===- SameParameters.cpp - Results with their input's scale --------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "SameParameters.h"

#include "qopt/Dialect/Quant/IR/QuantOps.h"
#include "qopt/Dialect/Quant/IR/QuantTypes.h"

#include <cmath>

using namespace qopt;
using namespace qopt::tflite;
using mlir::failure;
using mlir::FailureOr;

/// The kernels accept scales that differ by less than this.
static constexpr double scaleTolerance = 1e-6;

static bool haveSameParameters(quant::UniformQuantizedType lhs,
                               quant::UniformQuantizedType rhs) {
  return lhs.getZeroPoint() == rhs.getZeroPoint() &&
         std::abs(lhs.getScale() - rhs.getScale()) <= scaleTolerance;
}

FailureOr<mlir::RankedTensorType> tflite::getMovedType(OperatorImporter &op,
                                                       mlir::Value input,
                                                       bool isReinterpreting,
                                                       unsigned output) {
  auto result = op.getOutputType(output);
  if (failed(result))
    return failure();
  mlir::Type element = mlir::getElementTypeOrSelf(input.getType());
  mlir::Type wanted = result->getElementType();
  if (element == wanted)
    return *result;
  auto from = mlir::dyn_cast<quant::UniformQuantizedType>(element);
  auto to = mlir::dyn_cast<quant::UniformQuantizedType>(wanted);
  if (!from || !to || from.getStorageType() != to.getStorageType() ||
      from.isSigned() != to.isSigned())
    return op.error() << "expected the input's elements in the output, found "
                      << element << " and " << wanted;
  if (!isReinterpreting && !haveSameParameters(from, to))
    return op.error() << "expected the input's scale " << from.getScale()
                      << " and zero point " << from.getZeroPoint()
                      << " in the output, found " << to.getScale() << " and "
                      << to.getZeroPoint();
  return result->clone(element);
}

mlir::LogicalResult tflite::setMovedOutput(OperatorImporter &op,
                                           mlir::Value value, unsigned output) {
  auto wanted = op.getOutputType(output);
  if (failed(wanted))
    return failure();
  auto type = mlir::cast<mlir::RankedTensorType>(value.getType());
  if (type == *wanted)
    return op.setOutput(value, output);
  auto stored = type.clone(
      mlir::cast<quant::QuantizedType>(type.getElementType()).getStorageType());
  auto integers =
      quant::StorageCastOp::create(op.builder, op.loc, stored, value);
  return op.setOutput(
      quant::StorageCastOp::create(op.builder, op.loc, *wanted, integers),
      output);
}
