//===- Pooling.cpp - AVERAGE_POOL_2D, MAX_POOL_2D -------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Pooling with explicit padding.
//
//===----------------------------------------------------------------------===//

#include "Padding.h"
#include "Registry.h"
#include "SameParameters.h"

#include "qopt/Dialect/NN/IR/NN.h"

using namespace qopt;
using namespace qopt::tflite;
using mlir::failure;
using mlir::LogicalResult;

template <typename Op>
static LogicalResult importPool(OperatorImporter &op) {
  if (failed(op.expectOperands(1, 1)))
    return failure();
  auto options = op.getOptions<schema::Pool2DOptions>();
  if (failed(options))
    return failure();
  auto input = op.getInput(0, "input");
  if (failed(input))
    return failure();
  auto result = getMovedType(op, *input);
  auto activation = op.getActivation((*options)->fused_activation_function());
  if (failed(result) || failed(activation))
    return failure();
  auto window =
      getWindow(op, mlir::cast<mlir::RankedTensorType>(input->getType()),
                (*options)->padding(),
                {(*options)->filter_height(), (*options)->filter_width()},
                {(*options)->stride_h(), (*options)->stride_w()});
  if (failed(window))
    return failure();
  return setMovedOutput(op, Op::create(op.builder, op.loc, *result, *input,
                                       window->kernel, window->strides,
                                       window->padding, *activation));
}

void tflite::populatePooling(Registry &registry) {
  registry[schema::BuiltinOperator::AVERAGE_POOL_2D] =
      importPool<nn::AveragePool2DOp>;
  registry[schema::BuiltinOperator::MAX_POOL_2D] = importPool<nn::MaxPool2DOp>;
}
