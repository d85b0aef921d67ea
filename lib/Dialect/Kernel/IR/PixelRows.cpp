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
