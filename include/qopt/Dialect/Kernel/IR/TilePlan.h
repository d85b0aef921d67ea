//===- TilePlan.h - A convolution cut into AMX tiles ------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// How the eight tile registers of AMX are used by a convolution of the family
// `tdpb`; the cost model and the expansion share it.
//
// A tile of inputs has a row for each of up to 16 neighbouring pixels and up to
// 64 bytes of a run in it, read where they lie. A tile of weights has a row for
// each four of these bytes and 16 columns of four: that is the layout of packed
// weights for a dot width of 4 (see ConvolutionLayout.h), so the packing of
// `vpdpbusd` serves. A tile of accumulators has the rows of the one and the
// columns of the other.
//
// Where the length of a run is no multiple of 64, it is cut into equal parts if
// it can be, and else has a shorter last one, which takes two more registers.
// The last bytes of a run whose length is no multiple of four are a part of
// their own, which begins before the end of the one before it. Where pixels lie
// close together, as in the first layer of a network, that would double the
// products: there the last part is read up to three bytes beyond the run, where
// the next pixel lies, and the weights are 0. Only of the last pixel that would
// be outside of the tensor, so the last block of pixels has a copy of its last
// run.
//
//===----------------------------------------------------------------------===//

#ifndef QOPT_DIALECT_KERNEL_IR_TILEPLAN_H
#define QOPT_DIALECT_KERNEL_IR_TILEPLAN_H

#include "qopt/Dialect/Kernel/IR/ConvolutionLayout.h"

#include <array>

namespace qopt::kernel {

/// Rows of a tile register, and bytes of a row.
inline constexpr int64_t kTileRows = 16, kTileRowBytes = 64;

/// A part of a run: `quads` times four elements from `start` on, and as many
/// steps of the packed weights from `step` on. The first `repeated` elements
/// were in the part before.
struct TileStep {
  int64_t start, step, quads, repeated;
  /// How many of the last four elements belong to the run.
  int64_t lastElements;
  /// Index into the plan's kinds.
  unsigned kind;
};

struct TilePlan {
  /// Rows of a tile of pixels, and how many such tiles a block has.
  int64_t rows, pixelTiles;
  /// Columns of accumulators: the vectors of a block and, where the zero point
  /// of weights asks for sums of inputs, one more.
  int64_t columns;
  std::vector<TileStep> steps;
  /// Quads of the parts, each number once; a kind has registers of its own.
  std::vector<int64_t> kinds;

  int64_t getPixels() const { return rows * pixelTiles; }
  int64_t getNumAccumulators() const { return pixelTiles * columns; }

  /// Numbers of tile registers. Inputs of different pixel tiles, and weights of
  /// neighbouring columns, have different ones if there are enough.
  unsigned getAccumulator(int64_t pixelTile, int64_t column) const {
    return pixelTile * columns + column;
  }
  unsigned getInput(unsigned kind, int64_t pixelTile) const;
  unsigned getWeights(unsigned kind, int64_t column) const;
  /// Whether the inputs of all tiles of pixels stay while the columns pass; if
  /// not, weights are loaded again for each, since their rows are whole lines.
  bool keepsInputs(unsigned kind) const {
    return getNumInputs(kind) == pixelTiles;
  }

  /// What LDTILECFG reads.
  std::array<uint8_t, 64> getConfiguration() const;

private:
  int64_t getNumInputs(unsigned kind) const;
  int64_t getNumSpare() const;
};

/// The plan for blocks of at most `pixels` of the row of `rowPixels`
/// neighbours; nothing if it takes more registers than there are, or a run is
/// shorter than four bytes.
std::optional<TilePlan> getTilePlan(const ConvolutionLayout &layout,
                                    int64_t pixels, int64_t rowPixels);

} // namespace qopt::kernel

#endif // QOPT_DIALECT_KERNEL_IR_TILEPLAN_H
