// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Repetition as concatenation.

#include "qopt/Dialect/NN/IR/Repetition.h"

#include "qopt/Dialect/NN/IR/NN.h"

using namespace mlir;
using namespace qopt;

Value nn::repeatTensor(OpBuilder &builder, Location loc, Value value,
                       int64_t dimension, int64_t count) {
  if (count == 1)
    return value;
  auto type = cast<RankedTensorType>(value.getType());
  SmallVector<int64_t> shape(type.getShape());
  shape[dimension] *= count;
  return ConcatOp::create(builder, loc, type.clone(shape),
                          SmallVector<Value>(count, value), dimension);
}

Value nn::repeatElements(OpBuilder &builder, Location loc, Value value,
                         int64_t dimension, int64_t count) {
  if (count == 1)
    return value;
  // Of [.., D, rest] the rows [.., D, 1, rest] side by side.
  auto type = cast<RankedTensorType>(value.getType());
  SmallVector<int64_t> shape(type.getShape());
  int64_t outer =
      ShapedType::getNumElements(type.getShape().take_front(dimension + 1));
  int64_t inner =
      ShapedType::getNumElements(type.getShape().drop_front(dimension + 1));
  Value row =
      ReshapeOp::create(builder, loc, type.clone({outer, 1, inner}), value);
  shape[dimension] *= count;
  return ReshapeOp::create(builder, loc, type.clone(shape),
                           repeatTensor(builder, loc, row, 1, count));
}
