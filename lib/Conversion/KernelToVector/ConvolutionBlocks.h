//===- ConvolutionBlocks.h - What tilings of a conv_2d share ----*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A convolution with packed weights is written as loops over blocks of output
// channels and tiles of neighbouring pixels, whatever sums the products up: the
// registers of vectors, or those of tiles. Here is where blocks and pixels lie,
// and how finished sums become outputs.
//
//===----------------------------------------------------------------------===//

#ifndef QOPT_LIB_CONVERSION_KERNELTOVECTOR_CONVOLUTIONBLOCKS_H
#define QOPT_LIB_CONVERSION_KERNELTOVECTOR_CONVOLUTIONBLOCKS_H

#include "ConvolutionEpilogue.h"

namespace qopt::kernel {

/// The pixels of the output as rows of neighbours, seen from the input.
struct PixelSpace {
  /// Extents of the loops around a row, and what one turn adds to the offsets
  /// of input and output.
  llvm::SmallVector<int64_t, 2> rows, inputRowStride, outputRowStride;
  /// The row itself.
  int64_t pixels, inputStride, outputStride;
  /// Where the row is several of the output: pixels of each, and what lies
  /// between them in the input and in the output.
  int64_t outputRow = 0, inputGap = 0, gap = 0;

  static PixelSpace of(Conv2DOp op, ScheduleAttr schedule);
};

/// What lies between rows before the pixels of a tile.
class RowGaps {
public:
  /// A tile has at most `tilePixels`, rows have `row` of them and are `gap`
  /// elements apart.
  RowGaps(int64_t row, int64_t gap, int64_t tilePixels)
      : row(row), gap(gap), tilePixels(tilePixels) {}

  bool isNone() const { return gap == 0; }
  /// Begins a tile with this pixel of the row of rows.
  void enter(emit::VectorEmitter &e, mlir::Value firstPixel);
  /// All gaps before a pixel of the tile.
  mlir::Value get(emit::VectorEmitter &e, mlir::Value pixel) const;

private:
  int64_t row, gap, tilePixels;
  /// The tile's first pixel, what lies in gaps before it, and which of its
  /// pixels is the first on the next row.
  mlir::Value firstPixel, gaps, nextRow;
};

/// Where the inputs of a tile's pixels begin: what one is farther than its
/// neighbour, and what lies in gaps before each, if there are any.
struct TileInputs {
  int64_t stride;
  llvm::ArrayRef<mlir::Value> gaps;

  /// `start` elements behind what the pixel reads where the first one reads
  /// `offset`.
  mlir::Value get(emit::VectorEmitter &e, mlir::Value offset, int64_t pixel,
                  int64_t start) const {
    if (!gaps.empty())
      offset = e.add(offset, gaps[pixel]);
    return e.add(offset, start + pixel * stride);
  }
};

/// Output channels that are computed together.
struct ChannelsOfBlock {
  int64_t vectors;
  /// The block's vectors; they start at channels of the block.
  llvm::SmallVector<ChannelSet> sets;
  /// Lanes of each vector, and of all.
  llvm::SmallVector<int64_t> lanes;
  int64_t allLanes;
  /// Where the weights of each vector are, from `weights` on.
  llvm::SmallVector<WeightPlace> places;
  /// Offsets of the first channel in the output (as in biases, multipliers and
  /// shifts), of the packed weights, and of the scales of their groups.
  mlir::Value channel, weights, scales;
  /// Which block of its group it is.
  mlir::Value number;
};

/// Loops over the blocks of a group.
void forEachBlock(emit::VectorEmitter &e, const ConvolutionLayout &layout,
                  mlir::Value group,
                  llvm::function_ref<void(const ChannelsOfBlock &)> body);

/// Calls what it is given for each block of a part.
using ForEachBlock =
    llvm::function_ref<void(llvm::function_ref<void(const ChannelsOfBlock &)>)>;

/// The blocks of a group in parts whose weights take about as many bytes, or
/// one block each.
void forEachPart(emit::VectorEmitter &e, const ConvolutionLayout &layout,
                 mlir::Value group, int64_t bytes,
                 llvm::function_ref<void(ForEachBlock)> body);

/// From sums to outputs.
class ConvolutionStore {
public:
  using Scales = llvm::SmallVector<ConvolutionEpilogue::Channels>;
  /// The finished sums of a pixel of the tile and a vector of the block, with
  /// all lanes of the layout.
  using GetSums = llvm::function_ref<mlir::Value(int64_t, int64_t)>;

  ConvolutionStore(emit::VectorEmitter &e, Conv2DOp op,
                   const ConvolutionLayout &layout, const PixelSpace &space);

  /// Has the following pixels stored as those of a tile that begins with this
  /// pixel of the row; positions do not count gaps.
  void enterTile(mlir::Value firstPixel);
  /// Channels in a vector of the set.
  int64_t getLanes(const ChannelSet &set) const {
    return std::min(set.lanes, layout.groupOutputs);
  }
  /// Loads what belongs to the channels of the set.
  Scales prepare(const ChannelsOfBlock &block, const ChannelSet &set);
  /// How many pixels are stored together.
  int64_t getPixels(const ChannelSet &set) const {
    return layout.interleaved ? 4 / set.vectors : 1;
  }
  /// Stores pixels [first, first + pixels) of a tile, no more than are stored
  /// together. `output` is the position of the tile's first pixel and the
  /// block's first channel.
  void store(const ChannelSet &set, const Scales &scales, int64_t first,
             int64_t pixels, mlir::Value output, GetSums getSums);

private:
  void storePacked(const ChannelSet &set, const Scales &scales, int64_t first,
                   int64_t pixels, mlir::Value output, GetSums getSums);
  mlir::Value getPosition(const ChannelSet &set, int64_t pixel,
                          mlir::Value output);

  emit::VectorEmitter &e;
  const ConvolutionLayout &layout;
  const PixelSpace &space;
  RowGaps gaps;
  ConvolutionEpilogue epilogue;
  /// What is left to packing in interleaved schedules.
  std::optional<emit::ByteTail> tail;
};

} // namespace qopt::kernel

#endif // QOPT_LIB_CONVERSION_KERNELTOVECTOR_CONVOLUTIONBLOCKS_H
