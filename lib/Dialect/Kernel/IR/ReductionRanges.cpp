// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Along what means, arg max and transpositions can be cut: the outermost
// dimension of the output that there is more than one of. It may be an inner
// one of the input; ranges of that have gaps between their rows.

#include "OuterDimension.h"

#include "qopt/Dialect/Kernel/IR/Kernel.h"

using namespace mlir;
using namespace qopt::kernel;

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

int64_t MeanOp::getRangeExtent() { return getOuterExtent(getInit()); }

int64_t MeanOp::getRangeGranularity() { return getOuterGranularity(getInit()); }

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
             ? getOuterExtent(getInit())
             : 1;
}

SmallVector<BufferRange> ArgMaxOp::getRangeOperands(int64_t first,
                                                    int64_t units) {
  int64_t dimension = getOuterDimension(getInit());
  return {cut(getInput(), dimension, units), cut(getInit(), dimension, units)};
}

int64_t TransposeOp::getRangeExtent() { return getOuterExtent(getInit()); }

SmallVector<BufferRange> TransposeOp::getRangeOperands(int64_t first,
                                                       int64_t units) {
  int64_t dimension = getOuterDimension(getInit());
  return {cut(getInput(), getPermutation()[dimension], units),
          cut(getInit(), dimension, units)};
}
