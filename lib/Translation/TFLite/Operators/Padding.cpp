//===- Padding.cpp - PAD, PADV2 -------------------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Constant borders. PADV2 brings its own value; on quantized tensors the kernel
// uses the stored integer, which the op gets as the real that it stands for in
// the output.
//
//===----------------------------------------------------------------------===//

#include "Registry.h"
#include "SameParameters.h"

#include "qopt/Dialect/NN/IR/NN.h"
#include "qopt/Dialect/Quant/IR/QuantTypes.h"

using namespace qopt;
using namespace qopt::tflite;
using mlir::failure;
using mlir::LogicalResult;

/// The value of the border as a real number.
static mlir::FailureOr<double> getValue(OperatorImporter &op,
                                        mlir::RankedTensorType result) {
  if (!op.hasInput(2))
    return 0.0;
  auto constant = op.getConstant(2, "border value");
  if (failed(constant))
    return failure();
  if (constant->getNumElements() != 1)
    return op.error() << "expected one border value, found "
                      << constant->getNumElements();
  if (mlir::isa<mlir::FloatType>(constant->getElementType()))
    return (*constant->value_begin<llvm::APFloat>()).convertToDouble();
  llvm::APInt stored = *constant->value_begin<llvm::APInt>();
  auto quantized =
      mlir::dyn_cast<quant::UniformQuantizedType>(result.getElementType());
  if (!quantized)
    return double(stored.getSExtValue());
  int64_t value =
      quantized.isSigned() ? stored.getSExtValue() : stored.getZExtValue();
  return quantized.getScale() * double(value - quantized.getZeroPoint());
}

static LogicalResult importPad(OperatorImporter &op) {
  bool hasValue = op.getCode() == schema::BuiltinOperator::PADV2;
  if (failed(op.expectOperands(hasValue ? 3 : 2, hasValue ? 3 : 2)))
    return failure();
  auto input = op.getInput(0, "input");
  if (failed(input))
    return failure();
  auto numbers = op.getIntegers(1, "paddings");
  auto result = getMovedType(op, *input);
  if (failed(numbers) || failed(result))
    return failure();
  int64_t rank = mlir::cast<mlir::RankedTensorType>(input->getType()).getRank();
  if (int64_t(numbers->size()) != 2 * rank)
    return op.error() << "expected " << 2 * rank
                      << " paddings for an input of rank " << rank << ", found "
                      << numbers->size();
  auto value = getValue(op, *result);
  if (failed(value))
    return failure();
  llvm::SmallVector<int64_t> low, high;
  for (int64_t i = 0; i != rank; ++i) {
    low.push_back((*numbers)[2 * i]);
    high.push_back((*numbers)[2 * i + 1]);
    if (low.back() < 0 || high.back() < 0)
      return op.error() << "the paddings of dimension " << i << " are "
                        << low.back() << ", " << high.back()
                        << ", expected none to be negative";
  }
  return setMovedOutput(op,
                        nn::PadOp::create(op.builder, op.loc, *result, *input,
                                          low, high, llvm::APFloat(*value)));
}

void tflite::populatePadding(Registry &registry) {
  registry[schema::BuiltinOperator::PAD] = importPad;
  registry[schema::BuiltinOperator::PADV2] = importPad;
}
