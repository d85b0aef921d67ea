//===- DepthwiseLayout.h - Packed depthwise weights -------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the packing of depthwise weights for the families `vpdpbusd` and `sdot`
// and the code that reads them agree on.
//
//===----------------------------------------------------------------------===//

#ifndef QOPT_DIALECT_KERNEL_IR_DEPTHWISELAYOUT_H
#define QOPT_DIALECT_KERNEL_IR_DEPTHWISELAYOUT_H

#include "qopt/Dialect/Kernel/IR/ConvolutionLayout.h"

namespace qopt::kernel {

/// The packed filter: [block][row of the tile][quad of rows][kx][part]
/// [channel of the block][row of the quad].
///
/// Blocks are channels of a pixel, or, where those would not fill registers and
/// the stride is 1, bytes of a whole row of pixels: in a row the channels
/// repeat, and so do registers after `period` bytes, of which the blocks are
/// the first.
struct DepthwiseLayout {
  llvm::SmallVector<ChannelBlock> blocks;
  /// The channel at each position of packed biases, multipliers and shifts;
  /// some stand there more than once.
  llvm::SmallVector<int64_t> order;
  /// Bytes after which blocks of rows repeat; 0 if blocks are channels.
  int64_t period;
  /// Output rows that are computed from the same registers: a window of three
  /// rows leaves one of four for the next row. Each has its own weights.
  int64_t rows;
  /// Groups of four rows in a window, and bytes that make up a weight.
  int64_t quads, parts;

  /// Bytes of weights for each packed channel.
  int64_t getWeightsOfChannel(DepthwiseConv2DOp op) const {
    return rows * quads * op.getKernel()[1] * parts * 4;
  }
};

/// Bytes after which the registers of a row repeat, if blocks of `width` bytes
/// of rows are to be computed; 0 otherwise.
int64_t getRowPeriod(DepthwiseConv2DOp op, int64_t width);

/// The layout under a schedule of one of the two families. It does not depend
/// on how many rows and images the op has.
DepthwiseLayout getDepthwiseLayout(DepthwiseConv2DOp op, ScheduleAttr schedule);

} // namespace qopt::kernel

#endif // QOPT_DIALECT_KERNEL_IR_DEPTHWISELAYOUT_H
