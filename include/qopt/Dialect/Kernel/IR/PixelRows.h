// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How tiles of pixels walk the rows of an output: what costs and code agree on.

#ifndef QOPT_DIALECT_KERNEL_IR_PIXELROWS_H
#define QOPT_DIALECT_KERNEL_IR_PIXELROWS_H

#include "qopt/Dialect/Kernel/IR/Kernel.h"

namespace qopt::kernel {

/// Pixels whose addresses a tile has registers for, if they are no multiples
/// of one distance.
inline constexpr int64_t kMostWrappedPixels = 8;

/// Whether one output pixel reads one input pixel, in the same order and
/// without gaps: all of them are one row.
bool isPixelwise(Conv2DOp op);

/// Whether tiles of a schedule go on from the end of a row of pixels to the
/// beginning of the next: where they do not divide a row, their last one would
/// compute some pixels twice.
bool wrapsRows(Conv2DOp op, ScheduleAttr schedule);

/// Rows of the input that the windows of a tile of `pixels` neighbours span,
/// and elements of each.
struct TileExtent {
  int64_t rows, rowElements;
};
TileExtent getTileExtent(Conv2DOp op, ScheduleAttr schedule, int64_t pixels);

/// Whether the inputs of a tile are widened once for all channels, to a buffer
/// on the stack: of bytes that are multiplied as 16 bits, where that is at most
/// twice as large as a first cache of `cacheBytes`. (A few bytes of it are read
/// in a cycle, which the second cache gives as well; but stacks are small.)
bool widensAhead(Conv2DOp op, ScheduleAttr schedule, int64_t pixels,
                 uint64_t cacheBytes);

} // namespace qopt::kernel

#endif // QOPT_DIALECT_KERNEL_IR_PIXELROWS_H
