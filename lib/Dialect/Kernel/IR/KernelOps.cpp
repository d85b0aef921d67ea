// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Verifiers of the other kernels, side effects, and the fold of views.

#include "qopt/Dialect/Kernel/IR/Kernel.h"

#include "mlir/Dialect/Utils/IndexingUtils.h"
#include "llvm/ADT/Sequence.h"

using namespace mlir;
using namespace qopt::kernel;

//===----------------------------------------------------------------------===//
// Destination style
//===----------------------------------------------------------------------===//

/// Tensors throughout and one result like the destination, or memrefs
/// throughout and no result.
LogicalResult qopt::kernel::detail::verifyDestination(Operation *op) {
  bool isMemRef = isa<MemRefType>(
      cast<DestinationStyleOpInterface>(op).getDpsInits()[0].getType());
  for (Type type : op->getOperandTypes())
    if (isa<MemRefType>(type) != isMemRef)
      return op->emitOpError("mixes tensors and memrefs");
  unsigned expected = isMemRef ? 0 : 1;
  if (op->getNumResults() != expected)
    return op->emitOpError("expected ")
           << expected << " results, found " << op->getNumResults();
  return success();
}

/// Kernels on memrefs read their inputs and write their destination; kernels
/// on tensors have no effects.
void qopt::kernel::detail::getKernelEffects(
    Operation *op,
    SmallVectorImpl<SideEffects::EffectInstance<MemoryEffects::Effect>>
        &effects) {
  for (OpOperand &operand : op->getOpOperands()) {
    if (!isa<MemRefType>(operand.get().getType()))
      continue;
    bool isInit = operand.getOperandNumber() + 1 == op->getNumOperands();
    if (isInit)
      effects.emplace_back(MemoryEffects::Write::get(), &operand);
    else
      effects.emplace_back(MemoryEffects::Read::get(), &operand);
  }
}

//===----------------------------------------------------------------------===//
// Element-wise
//===----------------------------------------------------------------------===//

Type ElementwiseOp::getInitialValueType() {
  return getLoadedType(getInput().getType().getElementType());
}

LogicalResult ElementwiseOp::verify() {
  ShapedType input = getInput().getType(), output = getInit().getType();
  if (!isBroadcastable(input.getShape(), output.getShape()))
    return emitOpError("has an input of type ")
           << input << ", which does not broadcast to the output " << output;
  return detail::verifyDestination(*this);
}

//===----------------------------------------------------------------------===//
// Reductions
//===----------------------------------------------------------------------===//

Type Pool2DOp::getInitialValueType() {
  return getLoadedType(getInput().getType().getElementType());
}

LogicalResult Pool2DOp::verify() {
  ShapedType input = getInput().getType(), output = getInit().getType();
  if (input.getRank() != 4 || output.getRank() != 4)
    return emitOpError("expected input and output of rank 4, found ")
           << input << " and " << output;
  if (input.getDimSize(0) != output.getDimSize(0) ||
      input.getDimSize(3) != output.getDimSize(3))
    return emitOpError("expected equal batch and channels, found ")
           << input << " and " << output;
  Type element = input.getElementType();
  if (element.isInteger(32) || element.isInteger(64))
    return emitOpError("expected elements of i8, i16 or f32, found ")
           << element;
  if (getKernel().size() != 2 || getStrides().size() != 2 ||
      getPadding().size() != 4)
    return emitOpError("expected 2 kernel sizes, 2 strides and 4 paddings, "
                       "found ")
           << getKernel().size() << ", " << getStrides().size() << " and "
           << getPadding().size();
  for (unsigned axis : {0, 1}) {
    int64_t kernel = getKernel()[axis], stride = getStrides()[axis];
    int64_t low = getPadding()[2 * axis], high = getPadding()[2 * axis + 1];
    if (kernel < 1 || stride < 1)
      return emitOpError("expected kernel and strides of at least 1, found ")
             << kernel << " and " << stride;
    if (low < 0 || high < 0 || low >= kernel || high >= kernel)
      return emitOpError("expected paddings in 0...")
             << kernel - 1 << ", found " << low << " and " << high;
    int64_t padded = input.getDimSize(axis + 1) + low + high;
    int64_t expected = padded < kernel ? 0 : (padded - kernel) / stride + 1;
    if (output.getDimSize(axis + 1) != expected)
      return emitOpError("expected the output's dimension ")
             << axis + 1 << " to be " << expected << ", found "
             << output.getDimSize(axis + 1);
  }
  return detail::verifyDestination(*this);
}

Type MeanOp::getInitialValueType() {
  Type element = getInput().getType().getElementType();
  if (getWide() && element.isInteger())
    return IntegerType::get(getContext(), 64);
  return getLoadedType(element);
}

LogicalResult MeanOp::verify() {
  ShapedType input = getInput().getType(), output = getInit().getType();
  int64_t previous = -1;
  for (int64_t axis : getAxes()) {
    if (axis <= previous || axis >= input.getRank())
      return emitOpError("expected ascending axes below the rank ")
             << input.getRank() << ", found " << axis << " after " << previous;
    previous = axis;
  }
  SmallVector<int64_t> kept, dropped;
  for (int64_t axis = 0; axis < input.getRank(); ++axis) {
    bool reduced = llvm::is_contained(getAxes(), axis);
    kept.push_back(reduced ? 1 : input.getDimSize(axis));
    if (!reduced)
      dropped.push_back(input.getDimSize(axis));
  }
  if (output.getShape() != ArrayRef(kept) &&
      output.getShape() != ArrayRef(dropped))
    return emitOpError("has an output of type ")
           << output << ", which is not " << input << " without the axes";
  return detail::verifyDestination(*this);
}

LogicalResult ArgMaxOp::verify() {
  ShapedType input = getInput().getType(), output = getInit().getType();
  int64_t axis = getAxis();
  if (axis < 0 || axis >= input.getRank())
    return emitOpError("expected an axis below the rank ")
           << input.getRank() << ", found " << axis;
  SmallVector<int64_t> expected(input.getShape());
  expected.erase(expected.begin() + axis);
  if (output.getShape() != ArrayRef(expected))
    return emitOpError("has an output of type ")
           << output << ", which is not " << input << " without axis " << axis;
  Type element = output.getElementType();
  if (!element.isInteger(32) && !element.isInteger(64))
    return emitOpError("expected an output of i32 or i64, found ") << element;
  return detail::verifyDestination(*this);
}

LogicalResult SoftmaxOp::verify() {
  ShapedType input = getInput().getType(), output = getInit().getType();
  if (input != output || input.getRank() == 0)
    return emitOpError("expected input and output of one type with an axis, "
                       "found ")
           << input << " and " << output;
  Type element = input.getElementType();
  if (element.isInteger(32) || element.isInteger(64))
    return emitOpError("expected elements of i8, i16 or f32, found ")
           << element;
  unsigned count = getTables() ? getTables()->size() : 0;
  unsigned expected = element.isF32() ? 0 : element.isInteger(8) ? 1 : 2;
  if (count != expected)
    return emitOpError("of ")
           << element << " expected " << expected << " tables, found " << count;
  for (unsigned i = 0; i < count; ++i) {
    auto type = cast<ElementsAttr>((*getTables())[i]).getShapedType();
    unsigned bits = expected == 1 ? 32 : 16;
    int64_t size = expected == 1 ? 256 : 513;
    bool isKnown = type.getElementType().isInteger(bits) ||
                   (expected == 1 && type.getElementType().isF32());
    if (!isKnown || type.getNumElements() != size)
      return emitOpError("expected tables of ")
             << size << " i" << bits << ", found " << type;
  }
  return detail::verifyDestination(*this);
}

//===----------------------------------------------------------------------===//
// Movement
//===----------------------------------------------------------------------===//

LogicalResult PadOp::verify() {
  ShapedType input = getInput().getType(), output = getInit().getType();
  size_t rank = input.getRank();
  if (getLow().size() != rank || getHigh().size() != rank ||
      size_t(output.getRank()) != rank)
    return emitOpError("expected low, high and output of rank ")
           << rank << ", found " << getLow().size() << ", " << getHigh().size()
           << " and " << output.getRank();
  for (size_t axis = 0; axis < rank; ++axis) {
    int64_t low = getLow()[axis], high = getHigh()[axis];
    if (low < 0 || high < 0)
      return emitOpError("expected paddings of at least 0, found ")
             << low << " and " << high;
    int64_t expected = input.getDimSize(axis) + low + high;
    if (output.getDimSize(axis) != expected)
      return emitOpError("expected the output's dimension ")
             << axis << " to be " << expected << ", found "
             << output.getDimSize(axis);
  }
  Type element = input.getElementType();
  if (output.getElementType() != element || getValue().getType() != element)
    return emitOpError("expected output and value of ")
           << element << ", found " << output.getElementType() << " and "
           << getValue().getType();
  if (getFlip() && !element.isInteger(8))
    return emitOpError("flips elements of i8, found ") << element;
  if (hasGaps(input) &&
      (getFlip() || getElementStrides(input) != getElementStrides(output)))
    return emitOpError("expected an input with gaps to be the interior of the "
                       "output, found ")
           << input << " and " << output << (getFlip() ? " to flip" : "");
  return detail::verifyDestination(*this);
}

LogicalResult StridedSliceOp::verify() {
  ShapedType input = getInput().getType(), output = getInit().getType();
  size_t rank = input.getRank();
  if (getOffsets().size() != rank || getStrides().size() != rank ||
      size_t(output.getRank()) != rank)
    return emitOpError("expected offsets, strides and output of rank ")
           << rank << ", found " << getOffsets().size() << ", "
           << getStrides().size() << " and " << output.getRank();
  if (input.getElementType() != output.getElementType())
    return emitOpError("expected an output of ")
           << input.getElementType() << ", found " << output.getElementType();
  for (size_t d = 0; d < rank; ++d) {
    int64_t first = getOffsets()[d], stride = getStrides()[d], last;
    int64_t extent = input.getDimSize(d), count = output.getDimSize(d);
    if (count > 0 &&
        (stride == 0 || llvm::MulOverflow(count - 1, stride, last) ||
         llvm::AddOverflow(first, last, last) || first < 0 || first >= extent ||
         last < 0 || last >= extent))
      return emitOpError("takes ")
             << count << " elements from " << first << " by " << stride
             << " of dimension " << d << ", which has " << extent;
  }
  return detail::verifyDestination(*this);
}

LogicalResult ConcatOp::verify() {
  ShapedType output = getInit().getType();
  int64_t axis = getAxis(), sum = 0;
  if (axis < 0 || axis >= output.getRank())
    return emitOpError("expected an axis below the rank ")
           << output.getRank() << ", found " << axis;
  if (getInputs().empty())
    return emitOpError("expected at least one input");
  for (Value operand : getInputs()) {
    auto input = cast<ShapedType>(operand.getType());
    bool fits = input.getRank() == output.getRank() &&
                input.getElementType() == output.getElementType();
    for (int64_t i = 0; fits && i < output.getRank(); ++i)
      fits = i == axis || input.getDimSize(i) == output.getDimSize(i);
    if (!fits)
      return emitOpError("has an input of type ")
             << input << ", which is no part of the output " << output
             << " along axis " << axis;
    sum += input.getDimSize(axis);
  }
  if (sum != output.getDimSize(axis))
    return emitOpError("expected the output's dimension ")
           << axis << " to be " << sum << ", found " << output.getDimSize(axis);
  return detail::verifyDestination(*this);
}

LogicalResult TransposeOp::verify() {
  ShapedType input = getInput().getType(), output = getInit().getType();
  ArrayRef<int64_t> permutation = getPermutation();
  auto sorted = llvm::to_vector(permutation);
  llvm::sort(sorted);
  if (!llvm::equal(sorted, llvm::seq<int64_t>(0, input.getRank())))
    return emitOpError("expected a permutation of the input's ")
           << input.getRank() << " dimensions, found [" << permutation << "]";
  if (applyPermutation(input.getShape(), permutation) !=
          llvm::to_vector(output.getShape()) ||
      input.getElementType() != output.getElementType())
    return emitOpError("expected the input's elements in permuted order, found "
                       "an output of ")
           << output;
  return detail::verifyDestination(*this);
}

LogicalResult ResizeBilinearOp::verify() {
  ShapedType input = getInput().getType(), output = getInit().getType();
  if (input.getRank() != 4 || output.getRank() != 4 ||
      input.getElementType() != output.getElementType() ||
      input.getDimSize(0) != output.getDimSize(0) ||
      input.getDimSize(3) != output.getDimSize(3))
    return emitOpError("expected images with equal batch, channels and element "
                       "type, found ")
           << input << " and " << output;
  if (getAlignCorners() && getHalfPixelCenters())
    return emitOpError("cannot have both align_corners and half_pixel_centers");
  return detail::verifyDestination(*this);
}

LogicalResult ViewOp::verify() {
  ShapedType source = getSource().getType(), result = getResult().getType();
  if (isa<MemRefType>(source) != isa<MemRefType>(result))
    return emitOpError("mixes tensors and memrefs");
  if (source.getElementType() != result.getElementType() ||
      source.getNumElements() != result.getNumElements())
    return emitOpError("expected as many elements of one type, found ")
           << source << " and " << result;
  return success();
}

// Pattern: view(x : T to T) -> x, view(view(x)) -> view(x)
OpFoldResult ViewOp::fold(FoldAdaptor adaptor) {
  if (getSource().getType() == getType())
    return getSource();
  if (auto inner = getSource().getDefiningOp<ViewOp>()) {
    getSourceMutable().assign(inner.getSource());
    return getResult();
  }
  return {};
}
