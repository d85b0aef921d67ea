//===- Reinterpretation.cpp - Other parameters, same integers -------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Reinterpretation.h"

#include "qopt/Dialect/NN/IR/NN.h"
#include "qopt/Dialect/Quant/IR/QuantOps.h"

using namespace qopt;

mlir::Value tflite::getReinterpreted(mlir::Value value) {
  if (!value.getDefiningOp<nn::ReshapeOp>() || !value.hasOneUse())
    return value;
  auto toIntegers = mlir::dyn_cast<quant::StorageCastOp>(*value.user_begin());
  if (!toIntegers || !toIntegers->hasOneUse())
    return value;
  auto toQuantized = mlir::dyn_cast<quant::StorageCastOp>(
      *toIntegers.getResult().user_begin());
  // Signedness is the tensor's type in the file, which RESHAPE keeps.
  if (!toQuantized || toIntegers.getQuantizedType().isSigned() !=
                          toQuantized.getQuantizedType().isSigned())
    return value;
  return toQuantized.getResult();
}
