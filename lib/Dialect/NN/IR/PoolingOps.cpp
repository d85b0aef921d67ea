// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Verifiers of the ops that make one element of many.

#include "Verify.h"

#include "llvm/ADT/SmallBitVector.h"

using namespace mlir;
using namespace qopt;
using namespace qopt::nn;

//===----------------------------------------------------------------------===//
// AveragePool2DOp, MaxPool2DOp
//===----------------------------------------------------------------------===//

template <typename PoolOp>
static LogicalResult verifyPool(PoolOp op) {
  if (failed(verifyRank(op, "input", op.getInput().getType(), 4)) ||
      failed(verifyRank(op, "result", op.getType(), 4)) ||
      failed(verifyNumbers(op, "kernel", op.getKernel(), 2, 1)) ||
      failed(verifyNumbers(op, "strides", op.getStrides(), 2, 1)) ||
      failed(verifyNumbers(op, "padding", op.getPadding(), 4, 0)))
    return failure();
  // A window wholly inside the padding would average nothing.
  Padding padding(op.getPadding());
  if (std::max(padding.top, padding.bottom) >= op.getKernel()[0] ||
      std::max(padding.left, padding.right) >= op.getKernel()[1])
    return op.emitOpError("padding [")
           << op.getPadding() << "] reaches the kernel's extents ["
           << op.getKernel() << "], expected less";
  ArrayRef<int64_t> input = op.getInput().getType().getShape();
  const int64_t dilations[] = {1, 1};
  auto extents = inferWindowedExtents(
      op, input, {op.getKernel(), op.getStrides(), dilations, op.getPadding()});
  if (failed(extents) ||
      failed(verifyResultShape(
          op, {input[0], (*extents)[0], (*extents)[1], input[3]})))
    return failure();
  return verifySameParameters(op, "input", op.getInput().getType(), "result",
                              op.getType());
}

LogicalResult AveragePool2DOp::verify() {
  if (failed(verifyDoubleOrFloat(*this, getRounding())))
    return failure();
  return verifyPool(*this);
}
bool AveragePool2DOp::coversImage() {
  return llvm::all_of(getPadding(), [](int64_t size) { return size == 0; }) &&
         getKernel() == getInput().getType().getShape().slice(1, 2);
}

LogicalResult MaxPool2DOp::verify() { return verifyPool(*this); }

//===----------------------------------------------------------------------===//
// MeanOp, ArgMaxOp
//===----------------------------------------------------------------------===//

LogicalResult MeanOp::verify() {
  ArrayRef<int64_t> input = getInput().getType().getShape();
  llvm::SmallBitVector reduced(input.size());
  for (int64_t axis : getAxes()) {
    if (failed(verifyAxis(*this, axis, input.size())))
      return failure();
    if (reduced.test(axis))
      return emitOpError("axes name dimension ") << axis << " twice";
    reduced.set(axis);
  }
  SmallVector<int64_t> expected;
  for (auto [axis, extent] : llvm::enumerate(input)) {
    if (reduced.test(axis) && extent == 0)
      return emitOpError("averages over dimension ")
             << axis << ", which is empty";
    if (!reduced.test(axis))
      expected.push_back(extent);
    else if (getKeepDims())
      expected.push_back(1);
  }
  if (failed(verifyResultShape(*this, expected)) ||
      failed(verifySymmetricIf16Bits(*this, "input", getInput().getType())) ||
      failed(verifySymmetricIf16Bits(*this, "result", getType())))
    return failure();
  return verifySameStorage(*this, "input", getInput().getType(), "result",
                           getType());
}

LogicalResult ArgMaxOp::verify() {
  ArrayRef<int64_t> input = getInput().getType().getShape();
  int64_t axis = getAxis();
  if (failed(verifyAxis(*this, axis, input.size())))
    return failure();
  if (input[axis] == 0)
    return emitOpError("searches dimension ") << axis << ", which is empty";
  SmallVector<int64_t> expected(input);
  expected.erase(expected.begin() + axis);
  return verifyResultShape(*this, expected);
}
