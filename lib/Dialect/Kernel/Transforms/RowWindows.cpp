// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// See RowWindows.h. Rows of a picture are contiguous, but for gaps.

#include "RowWindows.h"

#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace qopt::kernel;

static ArrayRef<int64_t> getShape(Value value) {
  return cast<ShapedType>(value.getType()).getShape();
}

unsigned qopt::kernel::getRowAxis(ShapedType picture) {
  return picture.getRank() == 4 && picture.getDimSize(1) == 1 ? 2 : 1;
}

/// The axis of a picture of several rows; nothing for anything else.
static std::optional<unsigned> getAxis(Value value) {
  auto type = cast<ShapedType>(value.getType());
  unsigned axis = getRowAxis(type);
  if (type.getRank() != 4 || type.getDimSize(0) != 1 ||
      type.getDimSize(axis) <= 1)
    return std::nullopt;
  return axis;
}

static const RowWindow kWhole = {1, 1, 0, /*isWhole=*/true};

/// The rows of something that broadcasts to the output; nothing where it
/// neither has a row for each of the output's nor one for all.
static std::optional<RowWindow> getBroadcastRows(Value value, Value init,
                                                 unsigned axis) {
  ArrayRef<int64_t> shape = getShape(value), out = getShape(init);
  if (shape.size() == 4 && getAxis(value) == axis && shape[axis] == out[axis])
    return RowWindow();
  size_t behind = 4 - axis;
  if (shape.size() < behind || shape[shape.size() - behind] == 1)
    return kWhole;
  return std::nullopt;
}

using Windows = std::optional<SmallVector<RowWindow>>;

template <typename ConvOp>
static Windows getConvolutionRows(ConvOp op, unsigned axis) {
  // Columns of one row of output may have several rows of input.
  if (getRowAxis(cast<ShapedType>(op.getInput().getType())) != axis)
    return std::nullopt;
  SmallVector<RowWindow> windows(op->getNumOperands(), kWhole);
  windows[op.getInputMutable().getOperandNumber()] = {
      op.getStrides()[axis - 1],
      (op.getKernel()[axis - 1] - 1) * op.getDilations()[axis - 1] + 1, 0};
  for (OpOperand &residual : op.getResidualsMutable()) {
    std::optional<RowWindow> rows =
        getBroadcastRows(residual.get(), op.getInit(), axis);
    if (!rows)
      return std::nullopt;
    windows[residual.getOperandNumber()] = *rows;
  }
  windows.back() = RowWindow();
  return windows;
}

static Windows getElementwiseRows(Operation *op, unsigned axis) {
  SmallVector<RowWindow> windows;
  Value init = op->getOperands().back();
  for (Value operand : op->getOperands()) {
    std::optional<RowWindow> rows = getBroadcastRows(operand, init, axis);
    if (!rows)
      return std::nullopt;
    windows.push_back(*rows);
  }
  return windows;
}

static Windows getPoolRows(Pool2DOp op, unsigned axis) {
  if (getRowAxis(cast<ShapedType>(op.getInput().getType())) != axis)
    return std::nullopt;
  return SmallVector<RowWindow>{{op.getStrides()[axis - 1],
                                 op.getKernel()[axis - 1],
                                 op.getPadding()[2 * (axis - 1)]},
                                {}};
}

static Windows getPadRows(PadOp op, unsigned axis) {
  // In place there is nothing to move.
  if (hasGaps(op.getInput().getType()) || op.getLow()[0] != 0 ||
      op.getHigh()[0] != 0 ||
      getRowAxis(cast<ShapedType>(op.getInput().getType())) != axis)
    return std::nullopt;
  return SmallVector<RowWindow>{{1, 1, op.getLow()[axis]}, {}};
}

std::optional<SmallVector<RowWindow>>
qopt::kernel::getRowWindows(Operation *op) {
  if (!isa<DestinationStyleOpInterface>(op) || op->getNumOperands() == 0)
    return std::nullopt;
  std::optional<unsigned> axis = getAxis(op->getOperands().back());
  if (!axis)
    return std::nullopt;
  return llvm::TypeSwitch<Operation *, Windows>(op)
      .Case<Conv2DOp, DepthwiseConv2DOp>(
          [&](auto conv) { return getConvolutionRows(conv, *axis); })
      .Case<ElementwiseOp, SoftmaxOp>(
          [&](Operation *each) { return getElementwiseRows(each, *axis); })
      .Case<ConcatOp>([&](ConcatOp concat) -> Windows {
        if (concat.getAxis() <= *axis)
          return std::nullopt;
        return SmallVector<RowWindow>(concat->getNumOperands(), RowWindow());
      })
      .Case<Pool2DOp>([&](Pool2DOp pool) { return getPoolRows(pool, *axis); })
      .Case<PadOp>([&](PadOp pad) { return getPadRows(pad, *axis); })
      .Default([](Operation *) { return std::nullopt; });
}

bool qopt::kernel::canWriteRows(Operation *op) {
  if (auto conv = dyn_cast<Conv2DOp>(op))
    return conv.getPacked() && conv.getResiduals().empty();
  if (auto conv = dyn_cast<DepthwiseConv2DOp>(op))
    return conv.getResiduals().empty();
  // Tables are looked up over all elements as one row.
  auto elementwise = dyn_cast<ElementwiseOp>(op);
  return elementwise &&
         llvm::none_of(elementwise.getStageList(), llvm::IsaPred<TableAttr>);
}

Operation *qopt::kernel::cloneRows(OpBuilder &builder, Operation *op,
                                   ValueRange operands, int64_t above,
                                   int64_t below) {
  unsigned axis =
      getRowAxis(cast<ShapedType>(op->getOperands().back().getType()));
  Operation *clone = builder.clone(*op);
  clone->setOperands(operands);
  if (auto pool = dyn_cast<Pool2DOp>(clone)) {
    SmallVector<int64_t> padding(pool.getPadding());
    padding[2 * (axis - 1)] = above;
    padding[2 * (axis - 1) + 1] = below;
    pool.setPadding(padding);
  } else if (auto pad = dyn_cast<PadOp>(clone)) {
    SmallVector<int64_t> low(pad.getLow()), high(pad.getHigh());
    low[axis] = above;
    high[axis] = below;
    pad.setLow(low);
    pad.setHigh(high);
  }
  return clone;
}
