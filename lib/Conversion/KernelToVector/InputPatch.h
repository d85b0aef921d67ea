//===- InputPatch.h - The inputs of a tile, widened ahead -------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// pmaddwd multiplies 16 bits. Widening an input byte when it is loaded into all
// lanes takes as long as the products of a vector, and is done again for every
// block of channels and every window that the byte lies in. So the inputs that
// a tile of pixels reads, a patch of rows, are widened into a buffer on the
// stack first, and all blocks of channels read that. Where weights are packed
// in fours, inputs (0, 1, 2, 3) stand there as (0, 2, 1, 3): a pair of products
// is 32 neighbouring bits. And if the filter has a zero point, the inputs of
// each pixel's window are summed up there, once for all channels.
//
//===----------------------------------------------------------------------===//

#ifndef QOPT_LIB_CONVERSION_KERNELTOVECTOR_INPUTPATCH_H
#define QOPT_LIB_CONVERSION_KERNELTOVECTOR_INPUTPATCH_H

#include "ConvolutionBlocks.h"

namespace qopt::kernel {

/// Where a tile's inputs lie: what the offset grows by from a pixel to its
/// neighbour, and from a tap of the window to the one beside and below it.
struct InputStrides {
  int64_t pixel, tapX, tapY;
};

class InputPatch {
public:
  /// The patch of tiles of `pixels` neighbours under a schedule; nothing where
  /// the inputs are multiplied as they are, or the patch is too large.
  static std::optional<InputPatch> of(Conv2DOp op, ScheduleAttr schedule,
                                      int64_t pixels, const PixelSpace &space,
                                      const cpu::TargetFacts &facts);

  const InputStrides &getStrides() const { return strides; }

  /// Makes the buffer; before any loop.
  void allocate(emit::VectorEmitter &e);
  /// Fills it with what begins at `offset` of the flat input, fours in the
  /// order above if they are used `byParts`. `gaps` are those before pixels.
  void fill(emit::VectorEmitter &e, mlir::Value input, mlir::Value offset,
            const RowGaps &gaps, const ConvolutionLayout &layout, bool byParts);
  mlir::Value getBuffer() const { return buffer; }
  /// The zero point times the sum of a pixel's inputs, in all lanes.
  mlir::Value loadSum(emit::VectorEmitter &e, int64_t pixel,
                      int64_t lanes) const;

private:
  void sumUp(emit::VectorEmitter &e, const ConvolutionLayout &layout);

  int64_t pixels;
  /// Rows of neighbours, and how far apart they begin in the input.
  int64_t rows, rowElements, inputRowStride;
  InputStrides strides;
  bool isUnsigned;
  mlir::Value buffer, sums;
};

} // namespace qopt::kernel

#endif // QOPT_LIB_CONVERSION_KERNELTOVECTOR_INPUTPATCH_H
