// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Blocks of channels, or of bytes of rows.

#include "qopt/Dialect/Kernel/IR/DepthwiseLayout.h"

#include <numeric>

namespace qopt::kernel {

/// Copies of weights that blocks of rows may cost.
static constexpr int64_t kMostBlocks = 4;

int64_t getRowPeriod(DepthwiseConv2DOp op, int64_t width) {
  llvm::ArrayRef<int64_t> out = op.getInit().getType().getShape();
  int64_t channels = out[3], row = out[2] * channels;
  if (op.getInput().getType().getDimSize(3) != channels || channels == 0 ||
      channels % width == 0 || op.getStrides()[1] != 1 || row < width)
    return 0;
  int64_t period = std::lcm(width, channels);
  // The last block of a row may be moved back if all blocks are equal.
  bool covers = row % width == 0 || period == width;
  return covers && period <= kMostBlocks * width ? period : 0;
}

DepthwiseLayout getDepthwiseLayout(DepthwiseConv2DOp op,
                                   ScheduleAttr schedule) {
  int64_t channels = op.getInit().getType().getShape().back();
  int64_t height = op.getKernel()[0], width = 4 * schedule.getLanes();
  DepthwiseLayout layout;
  layout.period = getRowPeriod(op, width);
  layout.quads = (height + 3) / 4;
  layout.parts = getDepthwiseWeightParts(op);
  layout.rows = 1;
  if (layout.period == 0) {
    layout.blocks = getChannelBlocks(channels, width,
                                     getMinimumBlock(schedule.getFamily()));
    layout.order = getPackedChannels(channels, schedule);
    return layout;
  }
  if (op.getStrides()[0] == 1 && op.getDilations()[0] == 1)
    layout.rows = std::min<int64_t>(4 * layout.quads - height + 1, 2);
  for (int64_t start = 0; start < layout.period; start += width) {
    layout.blocks.push_back({start, width});
    for (int64_t vector = 0; vector < 4; ++vector)
      for (int64_t lane = 0; lane < width / 4; ++lane)
        layout.order.push_back((start + getInterleavedChannel(vector, lane)) %
                               channels);
  }
  return layout;
}

} // namespace qopt::kernel
