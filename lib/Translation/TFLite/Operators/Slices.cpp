//===- Slices.cpp - SLICE, STRIDED_SLICE, SPLIT, SPLIT_V ------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Operators that take parts of a tensor.
//
//===----------------------------------------------------------------------===//

#include "Registry.h"
#include "SameParameters.h"
#include "StridedSlice.h"

#include "qopt/Dialect/NN/IR/NN.h"

using namespace qopt;
using namespace qopt::tflite;
using mlir::failure;
using mlir::FailureOr;
using mlir::LogicalResult;

using Numbers = llvm::SmallVector<int64_t>;

static llvm::ArrayRef<int64_t> getShape(mlir::Value value) {
  return mlir::cast<mlir::RankedTensorType>(value.getType()).getShape();
}

/// Makes output `i` of a box of the input; `extents` may have lost dimensions
/// of one element in the output.
static LogicalResult setSlice(OperatorImporter &op, mlir::Value input,
                              llvm::ArrayRef<int64_t> offsets,
                              llvm::ArrayRef<int64_t> strides,
                              llvm::ArrayRef<int64_t> extents, unsigned i = 0) {
  auto result = getMovedType(op, input, /*isReinterpreting=*/false, i);
  if (failed(result))
    return failure();
  if (result->getNumElements() != mlir::ShapedType::getNumElements(extents))
    return op.error() << "expected an output of shape [" << extents
                      << "], found " << *result;
  auto type = result->clone(extents);
  mlir::Value slice = nn::SliceOp::create(op.builder, op.getOutputLoc(i), type,
                                          input, offsets, strides);
  if (type != *result)
    slice = nn::ReshapeOp::create(op.builder, op.loc, *result, slice);
  return setMovedOutput(op, slice, i);
}

static LogicalResult importSlice(OperatorImporter &op) {
  if (failed(op.expectOperands(3, 3)))
    return failure();
  auto input = op.getInput(0, "input");
  auto begin = op.getIntegers(1, "begin"), size = op.getIntegers(2, "size");
  if (failed(input) || failed(begin) || failed(size))
    return failure();
  llvm::ArrayRef<int64_t> shape = getShape(*input);
  if (begin->size() != shape.size() || size->size() != shape.size())
    return op.error() << "expected " << shape.size()
                      << " begins and sizes, found " << begin->size() << " and "
                      << size->size();
  for (auto [d, extent] : llvm::enumerate(shape)) {
    int64_t first = (*begin)[d], &count = (*size)[d];
    if (first < 0 || first >= extent || count < -1 || count == 0 ||
        count > extent - first)
      return op.error() << "takes " << count << " elements from " << first
                        << " of dimension " << d << ", which has " << extent;
    if (count == -1)
      count = extent - first;
  }
  return setSlice(op, *input, *begin, Numbers(shape.size(), 1), *size);
}

//===----------------------------------------------------------------------===//
// Strided slice
//===----------------------------------------------------------------------===//

static LogicalResult importStridedSlice(OperatorImporter &op) {
  if (failed(op.expectOperands(4, 4)))
    return failure();
  auto options = op.getOptions<schema::StridedSliceOptions>();
  auto input = op.getInput(0, "input");
  auto begin = op.getIntegers(1, "begin"), end = op.getIntegers(2, "end"),
       strides = op.getIntegers(3, "strides");
  if (failed(options) || failed(input) || failed(begin) || failed(end) ||
      failed(strides))
    return failure();
  if (!isPlain(**options))
    return op.error() << "an ellipsis, a new axis or ends that count from the "
                         "begin are not supported, expected none";
  llvm::ArrayRef<int64_t> shape = getShape(*input);
  if (begin->size() > shape.size() || end->size() != begin->size() ||
      strides->size() != begin->size())
    return op.error() << "expected begins, ends and strides of up to "
                      << shape.size() << " dimensions, found " << begin->size()
                      << ", " << end->size() << " and " << strides->size();
  Numbers offsets(shape.size(), 0), steps(shape.size(), 1), extents(shape);
  for (size_t d = 0; d != begin->size(); ++d) {
    if ((*strides)[d] == 0 && !((*options)->shrink_axis_mask() >> d & 1))
      return op.error() << "the stride of dimension " << d
                        << " is 0, expected another number";
    auto [first, step, count] = getSlicedDimension(
        **options, d, shape[d], (*begin)[d], (*end)[d], (*strides)[d]);
    if (count == 0)
      return op.error() << "takes nothing of dimension " << d << ", which has "
                        << shape[d] << ", expected 1 or more";
    offsets[d] = first;
    steps[d] = step;
    extents[d] = count;
  }
  return setSlice(op, *input, offsets, steps, extents);
}

//===----------------------------------------------------------------------===//
// Split
//===----------------------------------------------------------------------===//

/// The outputs' shapes say where the parts end.
static LogicalResult setParts(OperatorImporter &op, mlir::Value input,
                              llvm::ArrayRef<int64_t> axes) {
  if (axes.size() != 1)
    return op.error() << "expected one axis, found " << axes.size();
  llvm::ArrayRef<int64_t> shape = getShape(input);
  auto axis = op.normalizeAxis(axes.front(), int64_t(shape.size()));
  if (failed(axis))
    return failure();
  Numbers offsets(shape.size(), 0), strides(shape.size(), 1), extents(shape);
  for (unsigned i = 0, e = op.getNumOutputs(); i != e; ++i) {
    auto result = op.getOutputType(i);
    if (failed(result))
      return failure();
    int64_t left = shape[*axis] - offsets[*axis];
    int64_t part = result->getRank() == int64_t(shape.size())
                       ? result->getDimSize(*axis)
                       : 0;
    extents[*axis] = part;
    if (part < 1 || part > left || (i + 1 == e && part != left) ||
        result->getShape() != llvm::ArrayRef<int64_t>(extents))
      return op.error() << "output " << i << " is " << *result
                        << ", expected a part of the " << left
                        << " elements that are left of dimension " << *axis
                        << " of " << input.getType();
    if (failed(setSlice(op, input, offsets, strides, extents, i)))
      return failure();
    offsets[*axis] += part;
  }
  return mlir::success();
}

static LogicalResult importSplit(OperatorImporter &op) {
  if (failed(op.expectOperands(2, 2, std::max(op.getNumOutputs(), 1u))))
    return failure();
  auto axis = op.getIntegers(0, "axis");
  auto input = op.getInput(1, "input");
  if (failed(axis) || failed(input))
    return failure();
  return setParts(op, *input, *axis);
}

static LogicalResult importSplitV(OperatorImporter &op) {
  if (failed(op.expectOperands(3, 3, std::max(op.getNumOutputs(), 1u))))
    return failure();
  auto input = op.getInput(0, "input");
  auto sizes = op.getIntegers(1, "sizes"), axis = op.getIntegers(2, "axis");
  if (failed(input) || failed(sizes) || failed(axis))
    return failure();
  if (sizes->size() != op.getNumOutputs())
    return op.error() << "expected " << op.getNumOutputs() << " sizes, found "
                      << sizes->size();
  return setParts(op, *input, *axis);
}

void tflite::populateSlices(Registry &registry) {
  registry[schema::BuiltinOperator::SLICE] = importSlice;
  registry[schema::BuiltinOperator::STRIDED_SLICE] = importStridedSlice;
  registry[schema::BuiltinOperator::SPLIT] = importSplit;
  registry[schema::BuiltinOperator::SPLIT_V] = importSplitV;
}
