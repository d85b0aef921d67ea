// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Along what means, arg max and transpositions can be cut: the outermost
// dimension of the output that there is more than one of. It may be an inner
// one of the input; ranges of that have gaps between their rows.

#include "qopt/Dialect/Kernel/IR/Kernel.h"

using namespace mlir;
using namespace qopt::kernel;

static ArrayRef<int64_t> getShape(Value value) {
  return cast<ShapedType>(value.getType()).getShape();
}

/// The outermost dimension with more than one index; the rank if there is none.
static int64_t getOuterDimension(Value value) {
  ArrayRef<int64_t> shape = getShape(value);
  return llvm::find_if(shape, [](int64_t size) { return size != 1; }) -
         shape.begin();
}

static int64_t getExtent(Value output) {
  ArrayRef<int64_t> shape = getShape(output);
  int64_t dimension = getOuterDimension(output);
  return dimension == static_cast<int64_t>(shape.size()) ? 1 : shape[dimension];
}

/// `units` indices of a dimension, with the strides of the whole buffer.
static BufferRange cut(Value value, int64_t dimension, int64_t units) {
  auto type = cast<ShapedType>(value.getType());
  SmallVector<int64_t> shape(type.getShape());
  shape[dimension] = units;
  SmallVector<int64_t> strides = getElementStrides(type);
  int64_t step = strides[dimension];
  ShapedType part = type.clone(shape);
  // What lies around it is left out.
  bool isOuter = llvm::all_of(ArrayRef(type.getShape()).take_front(dimension),
                              [](int64_t size) { return size == 1; });
  if (auto memref = dyn_cast<MemRefType>(type); memref && !isOuter)
    part = MemRefType::get(
        shape, memref.getElementType(),
        StridedLayoutAttr::get(memref.getContext(), /*offset=*/0, strides));
  return {part, step};
}

//===----------------------------------------------------------------------===//
// Means
//===----------------------------------------------------------------------===//

/// The dimension of the input that a dimension of the output is.
static int64_t getInputDimension(MeanOp op, int64_t dimension) {
  if (getShape(op.getInit()).size() == getShape(op.getInput()).size())
    return dimension;
  // Axes are sorted.
  for (int64_t axis : op.getAxes())
    if (axis <= dimension)
      ++dimension;
  return dimension;
}

int64_t MeanOp::getRangeExtent() { return getExtent(getInit()); }

/// Where elements are units, whole cache lines are written by one thread.
int64_t MeanOp::getRangeGranularity() {
  int64_t inner = static_cast<int64_t>(getShape(getInit()).size()) - 1;
  return getOuterDimension(getInit()) == inner ? 64 : 1;
}

SmallVector<BufferRange> MeanOp::getRangeOperands(int64_t first,
                                                  int64_t units) {
  int64_t dimension = getOuterDimension(getInit());
  return {cut(getInput(), getInputDimension(*this, dimension), units),
          cut(getInit(), dimension, units)};
}

//===----------------------------------------------------------------------===//
// Arg max and transpositions
//===----------------------------------------------------------------------===//

/// Rows; where the axis comes before the output's dimensions, there is little.
int64_t ArgMaxOp::getRangeExtent() {
  return getOuterDimension(getInit()) < static_cast<int64_t>(getAxis())
             ? getExtent(getInit())
             : 1;
}

SmallVector<BufferRange> ArgMaxOp::getRangeOperands(int64_t first,
                                                    int64_t units) {
  int64_t dimension = getOuterDimension(getInit());
  return {cut(getInput(), dimension, units), cut(getInit(), dimension, units)};
}

int64_t TransposeOp::getRangeExtent() { return getExtent(getInit()); }

SmallVector<BufferRange> TransposeOp::getRangeOperands(int64_t first,
                                                       int64_t units) {
  int64_t dimension = getOuterDimension(getInit());
  return {cut(getInput(), getPermutation()[dimension], units),
          cut(getInit(), dimension, units)};
}
