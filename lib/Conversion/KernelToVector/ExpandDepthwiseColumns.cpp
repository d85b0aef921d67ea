//===- ExpandDepthwiseColumns.cpp - Depthwise by columns of taps ----------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// kernel.depthwise_conv_2d with vpdpbusd or sdot, which add up four products of
// neighbouring bytes: the bytes of four rows of one input column are
// interleaved, so that a 32-bit lane holds four vertical taps of one channel.
// A window three rows high uses three of four, at three instructions for nine
// taps of sixteen channels; interleaving is shared by all columns of the window
// and by all pixels that the column is a tap of.
//
// Where the channels of a pixel would not fill registers, those of neighbouring
// pixels do: a row of the output is a run of bytes, each with a tap as many
// channels further on in the input for every column of the window. There,
// interleaving is shared by two rows of the output, the fourth of the four
// input rows being the last of the second window.
//
// Interleaving works in units of 128 bits (punpckl/punpckh, zip1/zip2), which
// permutes the channels where registers are wider: `width` bytes become four
// vectors, see getInterleavedChannel. Weights, biases and multipliers are
// packed in that order, and packing the results to bytes (packssdw, packsswb)
// undoes it for nothing.
//
//===----------------------------------------------------------------------===//

#include "ConvolutionEpilogue.h"
#include "PackBytes.h"
#include "qopt/Conversion/KernelToVector/DotInstructions.h"
#include "qopt/Conversion/KernelToVector/ExpandConvolutions.h"
#include "qopt/Dialect/Kernel/IR/DepthwiseLayout.h"

#include <map>

using namespace mlir;
using namespace qopt;
using namespace qopt::kernel;
using emit::VectorEmitter;

namespace {
/// Four vectors that together hold the channels of a block.
using Quad = std::array<Value, 4>;

class ColumnsExpansion {
public:
  ColumnsExpansion(VectorEmitter &e, DepthwiseConv2DOp op,
                   ScheduleAttr schedule)
      : e(e), op(op), schedule(schedule), epilogue(e, op),
        in(op.getInput().getType().getShape()),
        out(op.getInit().getType().getShape()),
        step(getElementStrides(op.getInit().getType())),
        tail(epilogue.takeByteTail()), layout(getDepthwiseLayout(op, schedule)),
        types{op.getInput().getType().getElementType(),
              op.getFilter().getType().getElementType(),
              op.getBias().getType().getElementType(), op.getInputUnsigned()} {}

  void expand();

private:
  struct Block {
    /// First channel, or byte of a row; position in the packed biases and
    /// multipliers.
    Value channel, packed;
    int64_t width;
  };

  void emitBlock(Block block, Value batch, Value row);
  void emitTile(const Block &block, Value input, Value output);
  Value loadRow(const Block &block, Value offset);
  Quad loadColumn(const Block &block, Value offset, int64_t quad,
                  int64_t height);
  Value getWeights(const Block &block) const;
  Quad loadBias(const Block &block);
  void addProducts(const Block &block, Value weights, const Quad &rows,
                   int64_t tap, Quad &sums);
  void emitRows(const Block &block, Value input, Value output, int64_t rows);
  void finish(const Block &block, ArrayRef<Quad> sums, Value output,
              int64_t distance);
  void expandRows();
  Value interleave(Value a, Value b, bool high);
  Value packBytes(const Quad &values);

  VectorEmitter &e;
  DepthwiseConv2DOp op;
  ScheduleAttr schedule;
  ConvolutionEpilogue epilogue;
  ArrayRef<int64_t> in, out;
  /// Strides of the output.
  SmallVector<int64_t> step;
  /// What is left to packing.
  std::optional<emit::ByteTail> tail;
  DepthwiseLayout layout;
  DotTypes types;
  int64_t pixels = 1;
  Value input, filter;
};
} // namespace

//===----------------------------------------------------------------------===//
// Shuffles
//===----------------------------------------------------------------------===//

/// The lower (upper) halves of all 128-bit units of a and b, element by element
/// in turn: punpckl (punpckh).
Value ColumnsExpansion::interleave(Value a, Value b, bool high) {
  auto type = cast<VectorType>(a.getType());
  int64_t size = type.getNumElements();
  int64_t unit = 128 / type.getElementTypeBitWidth();
  SmallVector<int64_t> mask;
  for (int64_t i = 0; i < size; ++i) {
    int64_t source = i / unit * unit + i % unit / 2 + (high ? unit / 2 : 0);
    mask.push_back(i % 2 ? size + source : source);
  }
  return vector::ShuffleOp::create(e, a, b, mask);
}

/// `width` bytes with their signs as the family wants them.
Value ColumnsExpansion::loadRow(const Block &block, Value offset) {
  Value row = e.load(input, offset, block.width);
  if (getInputFlip(schedule.getFamily(), types.input, types.inputUnsigned) != 0)
    row =
        arith::XOrIOp::create(e, row, e.constant(row.getType(), int64_t(0x80)));
  return row;
}

/// The rows 4 * quad … of the column at `offset`, interleaved. From the row
/// `height` on, the last row is repeated; its weights are zero.
Quad ColumnsExpansion::loadColumn(const Block &block, Value offset,
                                  int64_t quad, int64_t height) {
  int64_t rowStride = op.getDilations()[0] * in[2] * in[3];
  Quad rows;
  for (int64_t i = 0; i < 4; ++i) {
    int64_t ky = 4 * quad + i;
    rows[i] = ky < height ? loadRow(block, e.add(offset, ky * rowStride))
                          : rows[i - 1];
  }
  Type i16 = e.getI16Type(), i8 = e.getI8Type();
  auto pairs = [&](Value a, Value b, bool high) -> Value {
    return vector::BitCastOp::create(e, e.vector(block.width / 2, i16),
                                     interleave(a, b, high));
  };
  Quad column;
  for (bool high : {false, true}) {
    Value a = pairs(rows[0], rows[1], high), b = pairs(rows[2], rows[3], high);
    for (bool upper : {false, true})
      column[2 * high + upper] = vector::BitCastOp::create(
          e, e.vector(block.width, i8), interleave(a, b, upper));
  }
  return column;
}

/// Results of a block as bytes in the order of channels.
Value ColumnsExpansion::packBytes(const Quad &values) {
  int64_t lanes = e.lanesOf(values[0]);
  if (tail)
    return kernel::packBytes(e, values, *tail);
  SmallVector<Value> bytes;
  for (Value value : values)
    bytes.push_back(e.toInteger(value, e.getI8Type()));
  SmallVector<int64_t> all = llvm::to_vector(llvm::seq<int64_t>(0, 2 * lanes));
  SmallVector<int64_t> mask(4 * lanes);
  Value lower = vector::ShuffleOp::create(e, bytes[0], bytes[1], all);
  Value upper = vector::ShuffleOp::create(e, bytes[2], bytes[3], all);
  for (int64_t vector = 0; vector < 4; ++vector)
    for (int64_t lane = 0; lane < lanes; ++lane)
      mask[getInterleavedChannel(vector, lane)] = vector * lanes + lane;
  return vector::ShuffleOp::create(e, lower, upper, mask);
}

//===----------------------------------------------------------------------===//
// Loops
//===----------------------------------------------------------------------===//

Value ColumnsExpansion::getWeights(const Block &block) const {
  return e.mul(block.packed, layout.getWeightsOfChannel(op));
}

Quad ColumnsExpansion::loadBias(const Block &block) {
  int64_t lanes = block.width / 4;
  Quad bias;
  for (int64_t v = 0; v < 4; ++v)
    bias[v] = e.load(op.getBias(), e.add(block.packed, v * lanes), lanes);
  return bias;
}

/// Adds the products of a column with tap number `tap` of the block's weights.
void ColumnsExpansion::addProducts(const Block &block, Value weights,
                                   const Quad &rows, int64_t tap, Quad &sums) {
  DotInstructions dots(e, schedule.getFamily(), block.width / 4, types);
  for (int64_t i = 0; i < layout.parts * 4; ++i) {
    int64_t offset = (tap * layout.parts * 4 + i) * block.width;
    Value w = dots.loadWeights(filter, e.add(weights, offset));
    sums[i % 4] = dots.dot(sums[i % 4], rows[i % 4], w);
  }
}

/// Stores results that lie `distance` apart.
void ColumnsExpansion::finish(const Block &block, ArrayRef<Quad> sums,
                              Value output, int64_t distance) {
  int64_t lanes = block.width / 4;
  SmallVector<ConvolutionEpilogue::Channels> scales;
  for (int64_t v = 0; v < 4; ++v)
    scales.push_back(epilogue.prepare(e.add(block.packed, v * lanes), lanes));
  for (auto [i, sum] : llvm::enumerate(sums)) {
    Value position = e.add(output, i * distance);
    Quad results;
    for (int64_t v = 0; v < 4; ++v)
      results[v] = epilogue.apply(sum[v], scales[v], position);
    epilogue.store(packBytes(results), position);
  }
}

void ColumnsExpansion::emitTile(const Block &block, Value inputOffset,
                                Value output) {
  int64_t kernelWidth = op.getKernel()[1];
  SmallVector<Quad> sums(pixels, loadBias(block));
  Value weights = getWeights(block);
  for (int64_t quad = 0; quad < layout.quads; ++quad) {
    int64_t columns = (pixels - 1) * op.getStrides()[1] +
                      (kernelWidth - 1) * op.getDilations()[1] + 1;
    // Column by column: only one is live, beside the accumulators.
    for (int64_t column = 0; column < columns; ++column) {
      Quad rows;
      for (int64_t kx = 0; kx < kernelWidth; ++kx) {
        int64_t shift = column - kx * op.getDilations()[1];
        if (shift < 0 || shift % op.getStrides()[1])
          continue;
        int64_t pixel = shift / op.getStrides()[1];
        if (pixel >= pixels)
          continue;
        if (!rows[0])
          rows = loadColumn(block, e.add(inputOffset, column * in[3]), quad,
                            op.getKernel()[0]);
        addProducts(block, weights, rows, quad * kernelWidth + kx, sums[pixel]);
      }
    }
  }
  finish(block, sums, output, step[2]);
}

/// A block of as many output rows.
void ColumnsExpansion::emitRows(const Block &block, Value inputOffset,
                                Value output, int64_t rows) {
  int64_t kernelWidth = op.getKernel()[1];
  SmallVector<Quad> sums(rows, loadBias(block));
  Value weights = getWeights(block);
  for (int64_t quad = 0; quad < layout.quads; ++quad)
    for (int64_t kx = 0; kx < kernelWidth; ++kx) {
      Quad column = loadColumn(
          block, e.add(inputOffset, kx * op.getDilations()[1] * in[3]), quad,
          op.getKernel()[0] + rows - 1);
      for (auto [row, sum] : llvm::enumerate(sums))
        addProducts(block, weights, column,
                    (row * layout.quads + quad) * kernelWidth + kx, sum);
    }
  finish(block, sums, output, step[1]);
}

/// Blocks of whole rows.
void ColumnsExpansion::expandRows() {
  int64_t rows = std::min(layout.rows, out[1]);
  int64_t tiles = (out[1] + rows - 1) / rows, rowBytes = out[2] * out[3];
  e.nest({out[0], tiles}, [&](ValueRange at) {
    Value row = e.min(e.mul(at[1], rows), out[1] - rows);
    Value inputRow = e.add(e.mul(at[0], in[1]), e.mul(row, op.getStrides()[0]));
    Value inputStart = e.mul(inputRow, in[2] * in[3]);
    Value outputStart = e.add(e.mul(at[0], step[0]), e.mul(row, step[1]));
    for (ChannelBlock block : layout.blocks) {
      // Where bytes are left, all blocks are equal, and the last one is moved
      // back.
      int64_t last = rowBytes - block.width;
      bool isMoved = layout.blocks.size() == 1 && last % block.width;
      if (block.start > last)
        continue;
      int64_t turns = (last - block.start) / layout.period + 1 + isMoved;
      e.loop(0, turns, 1, [&](Value turn) {
        Value first = e.add(e.mul(turn, layout.period), block.start);
        if (isMoved)
          first = e.min(first, last);
        emitRows({first, e.index(block.start), block.width},
                 e.add(inputStart, first), e.add(outputStart, first), rows);
      });
    }
  });
}

void ColumnsExpansion::emitBlock(Block block, Value batch, Value row) {
  Value inputRow = e.add(e.mul(batch, in[1]), e.mul(row, op.getStrides()[0]));
  Value inputStart = e.add(e.mul(inputRow, in[2] * in[3]), block.channel);
  Value outputRow = e.add(e.mul(batch, step[0]), e.mul(row, step[1]));
  Value outputStart = e.add(outputRow, block.channel);
  int64_t tiles = (out[2] + pixels - 1) / pixels;
  e.loop(0, tiles, 1, [&](Value index) {
    Value first = e.mul(index, pixels);
    if (out[2] % pixels)
      first = e.min(first, out[2] - pixels);
    emitTile(block, e.add(inputStart, e.mul(first, op.getStrides()[1] * in[3])),
             e.add(outputStart, e.mul(first, step[2])));
  });
}

void ColumnsExpansion::expand() {
  input = flatten(e, op.getInput());
  filter = flatten(e, op.getFilter());
  if (layout.period)
    return expandRows();
  pixels = std::min<int64_t>(schedule.getPixels(), out[2]);
  int64_t lanes = 4 * schedule.getLanes();
  int64_t regular = out[3] / lanes;
  e.nest({out[0], out[1]}, [&](ValueRange at) {
    e.loop(0, regular, 1, [&](Value i) {
      Value channel = e.mul(i, lanes);
      emitBlock({channel, channel, lanes}, at[0], at[1]);
    });
    int64_t packed = regular * lanes;
    for (ChannelBlock block : ArrayRef(layout.blocks).drop_front(regular)) {
      emitBlock({e.index(block.start), e.index(packed), block.width}, at[0],
                at[1]);
      packed += block.width;
    }
  });
}

LogicalResult kernel::expandDepthwiseColumns(VectorEmitter &e,
                                             DepthwiseConv2DOp op,
                                             ScheduleAttr schedule) {
  DotTypes types{op.getInput().getType().getElementType(),
                 op.getFilter().getType().getElementType(),
                 op.getBias().getType().getElementType(),
                 op.getInputUnsigned()};
  if (failed(verifyFamily(e.facts, schedule.getFamily(), schedule.getLanes(),
                          types, [&] { return op.emitOpError(); })))
    return failure();
  ArrayRef<int64_t> in = op.getInput().getType().getShape();
  ArrayRef<int64_t> out = op.getInit().getType().getShape();
  DepthwiseLayout layout = getDepthwiseLayout(op, schedule);
  if (layout.parts == 0 || in[3] != out[3] ||
      (out[3] < 16 && layout.period == 0) || !op.getResiduals().empty() ||
      !op.getInit().getType().getElementType().isInteger(8))
    return op.emitOpError("schedule family '")
           << stringifyInstructionFamily(schedule.getFamily())
           << "' needs at least 16 channels or rows that fill registers, a "
              "channel multiplier of 1, an 8-bit output, no residual, and "
              "weights minus the zero point of at most 254";
  int64_t packed = static_cast<int64_t>(layout.order.size());
  int64_t taps = layout.getWeightsOfChannel(op);
  if (op.getBias().getType().getNumElements() != packed ||
      op.getFilter().getType().getNumElements() != packed * taps)
    return op.emitOpError("expected a packed filter of ")
           << packed * taps << " and a bias of " << packed
           << " elements, found " << op.getFilter().getType() << " and "
           << op.getBias().getType();
  ColumnsExpansion(e, op, schedule).expand();
  return success();
}
