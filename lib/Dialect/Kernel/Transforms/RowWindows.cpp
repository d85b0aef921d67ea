// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// See RowWindows.h. Buffers are pictures [1, rows, columns, channels]; rows of
// one are contiguous, but for gaps.

#include "RowWindows.h"

#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace qopt::kernel;

static ArrayRef<int64_t> getShape(Value value) {
  return cast<ShapedType>(value.getType()).getShape();
}

/// A picture of several rows.
static bool isPicture(Value value) {
  ArrayRef<int64_t> shape = getShape(value);
  return shape.size() == 4 && shape[0] == 1 && shape[1] > 1;
}

static const RowWindow kWhole = {1, 1, 0, /*isWhole=*/true};

/// The rows of something that broadcasts to the output; nothing where it
/// neither has a row for each of the output's nor one for all.
static std::optional<RowWindow> getBroadcastRows(Value value, Value init) {
  ArrayRef<int64_t> shape = getShape(value), out = getShape(init);
  if (shape.size() == 4 && shape[0] == 1 && shape[1] == out[1])
    return RowWindow();
  if (shape.size() < 3 || shape[shape.size() - 3] == 1)
    return kWhole;
  return std::nullopt;
}

template <typename ConvOp>
static std::optional<SmallVector<RowWindow>> getConvolutionRows(ConvOp op) {
  SmallVector<RowWindow> windows(op->getNumOperands(), kWhole);
  windows[op.getInputMutable().getOperandNumber()] = {
      op.getStrides()[0], (op.getKernel()[0] - 1) * op.getDilations()[0] + 1,
      0};
  for (OpOperand &residual : op.getResidualsMutable()) {
    std::optional<RowWindow> rows =
        getBroadcastRows(residual.get(), op.getInit());
    if (!rows)
      return std::nullopt;
    windows[residual.getOperandNumber()] = *rows;
  }
  windows.back() = RowWindow();
  return windows;
}

static std::optional<SmallVector<RowWindow>> getElementwiseRows(Operation *op) {
  SmallVector<RowWindow> windows;
  Value init = op->getOperands().back();
  for (Value operand : op->getOperands()) {
    std::optional<RowWindow> rows = getBroadcastRows(operand, init);
    if (!rows)
      return std::nullopt;
    windows.push_back(*rows);
  }
  return windows;
}

std::optional<SmallVector<RowWindow>>
qopt::kernel::getRowWindows(Operation *op) {
  using Windows = std::optional<SmallVector<RowWindow>>;
  if (!isa<DestinationStyleOpInterface>(op) || op->getNumOperands() == 0 ||
      !isPicture(op->getOperands().back()))
    return std::nullopt;
  return llvm::TypeSwitch<Operation *, Windows>(op)
      .Case<Conv2DOp, DepthwiseConv2DOp>(
          [](auto conv) { return getConvolutionRows(conv); })
      .Case<ElementwiseOp>([](ElementwiseOp elementwise) -> Windows {
        return getElementwiseRows(elementwise);
      })
      .Case<SoftmaxOp>([](SoftmaxOp softmax) -> Windows {
        return getElementwiseRows(softmax);
      })
      .Case<ConcatOp>([](ConcatOp concat) -> Windows {
        if (concat.getAxis() < 2)
          return std::nullopt;
        return SmallVector<RowWindow>(concat->getNumOperands(), RowWindow());
      })
      .Case<Pool2DOp>([](Pool2DOp pool) -> Windows {
        return SmallVector<RowWindow>{
            {pool.getStrides()[0], pool.getKernel()[0], pool.getPadding()[0]},
            {}};
      })
      .Case<PadOp>([](PadOp pad) -> Windows {
        // In place there is nothing to move.
        if (hasGaps(pad.getInput().getType()) || pad.getLow()[0] != 0 ||
            pad.getHigh()[0] != 0)
          return std::nullopt;
        return SmallVector<RowWindow>{{1, 1, pad.getLow()[1]}, {}};
      })
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
  Operation *clone = builder.clone(*op);
  clone->setOperands(operands);
  if (auto pool = dyn_cast<Pool2DOp>(clone)) {
    SmallVector<int64_t> padding(pool.getPadding());
    padding[0] = above;
    padding[1] = below;
    pool.setPadding(padding);
  } else if (auto pad = dyn_cast<PadOp>(clone)) {
    SmallVector<int64_t> low(pad.getLow()), high(pad.getHigh());
    low[1] = above;
    high[1] = below;
    pad.setLow(low);
    pad.setHigh(high);
  }
  return clone;
}
