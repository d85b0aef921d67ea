//===- FullyConnected.cpp - FULLY_CONNECTED -------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The input's elements are taken in rows as long as a filter's. With
// `keep_num_dims` the result keeps the input's leading dimensions; the file's
// result shape says so already.
//
//===----------------------------------------------------------------------===//

#include "LinearOperands.h"
#include "Registry.h"

#include "qopt/Dialect/NN/IR/NN.h"

#include <cmath>

using namespace qopt;
using namespace qopt::tflite;
using mlir::failure;
using mlir::LogicalResult;
using mlir::success;

/// The kernel adds the bias as it is, and refuses one whose scale would move
/// the result.
static LogicalResult checkBiasScale(OperatorImporter &op,
                                    const LinearOperands &operands) {
  auto getScale = [](mlir::Type type) {
    auto quantized = mlir::dyn_cast<quant::UniformQuantizedType>(
        mlir::getElementTypeOrSelf(type));
    return quantized ? quantized.getScale() : 0.0;
  };
  double input = getScale(operands.inputType);
  double filter = getScale(operands.filterType);
  double result = getScale(operands.resultType);
  double bias = operands.bias ? getScale(operands.bias.getType()) : 0;
  if (input == 0 || filter == 0 || result == 0 || bias == 0)
    return success();
  if (std::abs(input * filter - bias) / result <= 0.02)
    return success();
  return op.error() << "the bias " << op.describeInput(2) << " has scale "
                    << bias << ", expected the product " << input * filter
                    << " of the scales of input and weights";
}

static LogicalResult importFullyConnected(OperatorImporter &op) {
  auto options = op.getOptions<schema::FullyConnectedOptions>();
  if (failed(options))
    return failure();
  if ((*options)->weights_format() !=
      schema::FullyConnectedOptionsWeightsFormat::DEFAULT)
    return op.error() << "weights format " << int((*options)->weights_format())
                      << " is not supported, expected DEFAULT (0)";
  auto operands = getLinearOperands(op, LinearKind::FullyConnected,
                                    (*options)->quantized_bias_type());
  if (failed(operands))
    return failure();
  auto activation = op.getActivation((*options)->fused_activation_function());
  if (failed(activation) || failed(checkBiasScale(op, *operands)))
    return failure();
  return op.setOutput(nn::FullyConnectedOp::create(
      op.builder, op.loc, operands->resultType, operands->input,
      operands->filter, operands->bias, *activation, operands->rounding,
      operands->f32ScaleProduct));
}

void tflite::populateFullyConnected(Registry &registry) {
  registry[schema::BuiltinOperator::FULLY_CONNECTED] = importFullyConnected;
}
