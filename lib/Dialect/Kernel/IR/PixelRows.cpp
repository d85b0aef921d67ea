// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "qopt/Dialect/Kernel/IR/PixelRows.h"

using namespace mlir;
using namespace qopt::kernel;

static bool isPointwise(Conv2DOp op) {
  return op.getKernel()[0] == 1 && op.getKernel()[1] == 1;
}

bool qopt::kernel::isPixelwise(Conv2DOp op) {
  return isPointwise(op) && op.getStrides()[0] == 1 && op.getStrides()[1] == 1;
}

bool qopt::kernel::wrapsRows(Conv2DOp op, ScheduleAttr schedule) {
  ArrayRef<int64_t> out = op.getInit().getType().getShape();
  if (isPixelwise(op) || schedule.getAxis() != TileAxis::Width ||
      schedule.getPixels() > kMostWrappedPixels || out[1] == 1 ||
      out[2] % schedule.getPixels() == 0)
    return false;
  switch (schedule.getFamily()) {
  case InstructionFamily::TDPB:
    // The rows of a tile register are equally far apart.
    return false;
  case InstructionFamily::PMADDWD:
    // The windows of a tile are widened ahead as one rectangle.
    return isPointwise(op);
  default:
    return true;
  }
}

TileExtent qopt::kernel::getTileExtent(Conv2DOp op, ScheduleAttr schedule,
                                       int64_t pixels) {
  int64_t channels = op.getInput().getType().getDimSize(3);
  // Only pointwise convolutions wrap where this is asked.
  if (wrapsRows(op, schedule))
    return {pixels, channels};
  bool isWidth = schedule.getAxis() == TileAxis::Width;
  int64_t height = (op.getKernel()[0] - 1) * op.getDilations()[0] + 1;
  int64_t width = (op.getKernel()[1] - 1) * op.getDilations()[1] + 1;
  if (isWidth)
    width += (pixels - 1) * op.getStrides()[1];
  else
    height += (pixels - 1) * op.getStrides()[0];
  return {height, width * channels};
}

bool qopt::kernel::widensAhead(Conv2DOp op, ScheduleAttr schedule,
                               int64_t pixels, uint64_t cacheBytes) {
  TileExtent extent = getTileExtent(op, schedule, pixels);
  uint64_t bytes = 2 * static_cast<uint64_t>(extent.rows * extent.rowElements);
  return schedule.getFamily() == InstructionFamily::PMADDWD &&
         op.getInput().getType().getElementType().isInteger(8) &&
         op.getGroups() == 1 && bytes <= 2 * cacheBytes;
}
