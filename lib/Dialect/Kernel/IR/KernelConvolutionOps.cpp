// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Verifiers of the two convolutions.

#include "qopt/Dialect/Kernel/IR/Kernel.h"

using namespace mlir;
using namespace qopt::kernel;

/// Extent of the output along one spatial axis; 0 if no window fits.
static int64_t getOutputExtent(int64_t input, int64_t kernel, int64_t stride,
                               int64_t dilation) {
  int64_t window = (kernel - 1) * dilation + 1;
  return input < window ? 0 : (input - window) / stride + 1;
}

/// Operand types: i8 or i16 times i8 into i32 or i64, or f32 into f32 with a
/// filter of f32 or i8.
template <typename ConvOp>
static LogicalResult verifyElementTypes(ConvOp op) {
  Type input = op.getInput().getType().getElementType();
  Type filter = op.getFilter().getType().getElementType();
  Type bias = op.getBias().getType().getElementType();
  // Packing may widen the filter for instructions that multiply 16-bit pairs.
  bool filterFits =
      filter.isInteger(8) || (op.getPacked() && filter.isInteger(16));
  bool isInteger = (input.isInteger(8) || input.isInteger(16)) && filterFits &&
                   (bias.isInteger(32) || bias.isInteger(64));
  bool isFloat =
      input.isF32() && (filter.isF32() || filterFits) && bias.isF32();
  if (!isFloat && !isInteger)
    return op.emitOpError("expected input, filter and bias of i8 or i16, i8, "
                          "and i32 or i64, or all of f32; found ")
           << input << ", " << filter << " and " << bias;
  bool hasFilterSign = op.getFilterUnsigned() || op.getFilterZeroPoint() != 0;
  if (isFloat && (op.getInputUnsigned() || (filter.isF32() && hasFilterSign)))
    return op.emitOpError("of f32 has no signedness and no zero point");
  return success();
}

/// Everything but the filter's shape and what it says about channels.
template <typename ConvOp>
static LogicalResult verifyConvolution(ConvOp op) {
  ShapedType input = op.getInput().getType(), output = op.getInit().getType();
  if (input.getRank() != 4 || output.getRank() != 4)
    return op.emitOpError("expected input and output of rank 4, found ")
           << input << " and " << output;
  for (auto [name, values] : {std::pair("kernel", op.getKernel()),
                              std::pair("strides", op.getStrides()),
                              std::pair("dilations", op.getDilations())}) {
    if (values.size() != 2)
      return op.emitOpError("expected 2 ")
             << name << ", found " << values.size();
    for (int64_t value : values)
      if (value < 1 || value > (int64_t(1) << 31))
        return op.emitOpError("expected ")
               << name << " of at least 1, found " << value;
  }
  if (input.getDimSize(0) != output.getDimSize(0))
    return op.emitOpError("expected the output's batch to be ")
           << input.getDimSize(0) << ", found " << output.getDimSize(0);
  for (unsigned axis : {0, 1}) {
    int64_t expected =
        getOutputExtent(input.getDimSize(axis + 1), op.getKernel()[axis],
                        op.getStrides()[axis], op.getDilations()[axis]);
    if (output.getDimSize(axis + 1) != expected)
      return op.emitOpError("expected the output's dimension ")
             << axis + 1 << " to be " << expected << ", found "
             << output.getDimSize(axis + 1);
  }
  if (failed(verifyElementTypes(op)))
    return failure();

  int64_t channels = output.getDimSize(3);
  ShapedType bias = op.getBias().getType();
  bool biasFits =
      bias.getRank() == 1 && (op.getPacked() ? bias.getDimSize(0) >= channels
                                             : bias.getDimSize(0) == channels);
  if (!biasFits)
    return op.emitOpError("expected a bias with ")
           << channels << " elements, found " << bias;
  if (op.getPacked() && !op.getScheduleAttr())
    return op.emitOpError("has a packed filter, but no schedule to say how");
  return qopt::kernel::detail::verifyDestination(op);
}

static LogicalResult verifyFilterShape(Operation *op, ShapedType filter,
                                       ArrayRef<int64_t> expected) {
  if (filter.getShape() == expected)
    return success();
  InFlightDiagnostic diagnostic =
      op->emitOpError("expected a filter of shape [");
  llvm::interleaveComma(expected, diagnostic);
  return diagnostic << "], found " << filter;
}

/// How a filter of integers is stored and scaled.
static LogicalResult verifyStoredFilter(Conv2DOp op) {
  int64_t bits = op.getFilterBits(), size = op.getGroupSize();
  bool isStored = op.getInput().getType().getElementType().isF32() &&
                  !op.getFilter().getType().getElementType().isF32();
  if (bits != 8 && bits != 4)
    return op.emitOpError("expected filter_bits of 4 or 8, found ") << bits;
  if (bits == 4 && (!isStored || op.getFilterUnsigned()))
    return op.emitOpError("has filter_bits of 4, which an f32 input and a "
                          "signed filter of i8 may have");
  Value scales = op.getFilterScales();
  if ((size != 0) != static_cast<bool>(scales))
    return op.emitOpError(size ? "has a group_size, but no scales"
                               : "has scales, but no group_size");
  if (!scales)
    return success();
  int64_t inputs = op.getInput().getType().getDimSize(3) / op.getGroups();
  if (!isStored)
    return op.emitOpError("has scales of groups, which an f32 input and a "
                          "filter of i8 may have");
  if (size < 1 || inputs % size)
    return op.emitOpError("expected a group_size that divides ")
           << inputs << " input channels, found " << size;
  auto type = cast<ShapedType>(scales.getType());
  int64_t expected[] = {op.getInit().getType().getDimSize(3), inputs / size};
  bool fits = op.getPacked() ? type.getRank() == 1
                             : type.getShape() == ArrayRef<int64_t>(expected);
  if (!type.getElementType().isF32() || !fits)
    return op.emitOpError("expected scales of ")
           << expected[0] << "x" << expected[1] << "xf32, found " << type;
  return success();
}

/// The order of a packed filter's steps, which one family has.
static LogicalResult verifyFilterSteps(Conv2DOp op) {
  bool isByteSum = op.getPacked() && op.getScheduleAttr().getFamily() ==
                                         InstructionFamily::PMADDUBSW;
  Value steps = op.getFilterSteps();
  if (isByteSum != static_cast<bool>(steps))
    return op.emitOpError(isByteSum
                              ? "has a packed filter of family 'pmaddubsw', "
                                "but no order of its steps"
                              : "has an order of its filter's steps, which a "
                                "packed one of family 'pmaddubsw' has");
  if (!steps)
    return success();
  auto type = cast<ShapedType>(steps.getType());
  if (!type.getElementType().isInteger(8) || type.getRank() != 1)
    return op.emitOpError("expected an order of steps in one dimension of i8, "
                          "found ")
           << type;
  if (op.getGroups() != 1)
    return op.emitOpError("expected one group with family 'pmaddubsw', found ")
           << op.getGroups();
  return success();
}

LogicalResult Conv2DOp::verify() {
  if (failed(verifyConvolution(*this)))
    return failure();
  int64_t inputs = getInput().getType().getDimSize(3);
  int64_t outputs = getInit().getType().getDimSize(3);
  int64_t groups = getGroups();
  if (groups < 1 || inputs % groups || outputs % groups)
    return emitOpError("expected groups to divide ")
           << inputs << " input and " << outputs << " output channels, found "
           << groups;
  if (failed(verifyStoredFilter(*this)) || failed(verifyFilterSteps(*this)))
    return failure();
  if (getPacked())
    return success();
  return verifyFilterShape(
      *this, getFilter().getType(),
      {outputs, getKernel()[0], getKernel()[1], inputs / groups});
}

LogicalResult DepthwiseConv2DOp::verify() {
  if (failed(verifyConvolution(*this)))
    return failure();
  int64_t inputs = getInput().getType().getDimSize(3);
  int64_t outputs = getInit().getType().getDimSize(3);
  if (inputs == 0 || outputs % inputs)
    return emitOpError("expected output channels to be a multiple of ")
           << inputs << " input channels, found " << outputs;
  if (getPacked())
    return success();
  return verifyFilterShape(*this, getFilter().getType(),
                           {getKernel()[0], getKernel()[1], outputs});
}
