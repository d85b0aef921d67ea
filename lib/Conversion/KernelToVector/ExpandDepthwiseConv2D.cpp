//===- ExpandDepthwiseConv2D.cpp - Depthwise by vectors of channels -------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// kernel.depthwise_conv_2d with vectors over channels:
//
//   for batch, row, block of channels
//     w[tap] = filter
//     for tile of `pixels` columns
//       acc[pixel] = bias + sum over taps of x[tap, pixel] * w[tap]
//       output = stages(acc)
//
// A loaded and widened input column serves all pixels of the tile that it is a
// tap of. In the family `tap_pairs` products have 16 bits and two of them are
// added before they are widened: |x| <= 128 and |w| <= 127 give at most 32512,
// so weights of -128 are excluded (kernel-choose-schedules sees to it).
//
// Channel multipliers: if the multiplier divides the width of blocks, a vector
// of inputs is spread over the outputs; otherwise the vectors run over the
// outputs of one input channel, which is broadcast.
//
//===----------------------------------------------------------------------===//

#include "ConvolutionEpilogue.h"
#include "qopt/Conversion/KernelToVector/DotInstructions.h"
#include "qopt/Conversion/KernelToVector/ExpandConvolutions.h"

#include <map>

using namespace mlir;
using namespace qopt;
using namespace qopt::kernel;
using emit::VectorEmitter;

/// Products written out without a loop over rows of the window.
static constexpr int64_t kUnrolledProducts = 96;

namespace {
class DepthwiseExpansion {
public:
  DepthwiseExpansion(VectorEmitter &e, DepthwiseConv2DOp op,
                     ScheduleAttr schedule)
      : e(e), op(op), schedule(schedule), epilogue(e, op),
        in(op.getInput().getType().getShape()),
        out(op.getInit().getType().getShape()),
        step(getElementStrides(op.getInit().getType())),
        multiplier(out[3] / in[3]),
        accumulator(op.getBias().getType().getElementType()),
        isFloat(isa<FloatType>(accumulator)),
        isPairs(schedule.getFamily() == InstructionFamily::TapPairs) {}

  void expand();

private:
  /// A block of output channels at a certain row.
  struct Block {
    Value inputChannel, channel;
    int64_t width;
    /// Weights of all taps if they were loaded ahead of the loop over pixels.
    SmallVector<Value> weights;
  };

  /// Running sums of a tile: accumulators, and in pairs a product that waits
  /// for its partner.
  struct Sums {
    SmallVector<Value> accumulators, pending;
  };

  bool spreads(int64_t width) const {
    return multiplier > 1 && width % multiplier == 0;
  }
  void emitRow(Value batch, Value row);
  void emitBlock(Block block, Value batch, Value row);
  void emitTile(Block &block, Value input, Value output);
  void emitWindowRow(Block &block, Value input, Value ky, int64_t constantKy,
                     Sums &sums);
  void emitTaps(Block &block, Value input, Sums &sums);
  void flush(Sums &sums);
  Value loadInput(const Block &block, Value offset);
  Value loadWeight(const Block &block, Value tap);
  Value multiplyAdd(Value sum, Value x, Value w);

  VectorEmitter &e;
  DepthwiseConv2DOp op;
  ScheduleAttr schedule;
  ConvolutionEpilogue epilogue;
  ArrayRef<int64_t> in, out;
  /// Strides of the output.
  SmallVector<int64_t> step;
  int64_t multiplier;
  Type accumulator;
  bool isFloat, isPairs;
  int64_t pixels = 1;
  Value input, filter;
};
} // namespace

//===----------------------------------------------------------------------===//
// Loads and products
//===----------------------------------------------------------------------===//

Value DepthwiseExpansion::loadInput(const Block &block, Value offset) {
  Type type = isFloat   ? accumulator
              : isPairs ? Type(e.getI16Type())
                        : Type(e.getI32Type());
  auto widen = [&](Value x) {
    return isFloat ? x : e.toInteger(x, type, op.getInputUnsigned());
  };
  if (multiplier == 1)
    return widen(e.load(input, offset, block.width));
  if (!spreads(block.width))
    return e.broadcast(widen(e.load(input, offset, 0)), block.width);
  Value x = e.load(input, offset, block.width / multiplier);
  SmallVector<int64_t> mask;
  for (int64_t lane = 0; lane < block.width; ++lane)
    mask.push_back(lane / multiplier);
  return widen(vector::ShuffleOp::create(e, x, x, mask));
}

Value DepthwiseExpansion::loadWeight(const Block &block, Value tap) {
  Value offset = e.add(e.mul(tap, out[3]), block.channel);
  Value w = e.load(filter, offset, block.width);
  if (isa<FloatType>(op.getFilter().getType().getElementType()))
    return w;
  Type type = isPairs ? e.getI16Type() : e.getI32Type();
  w = e.sub(e.toInteger(w, type, op.getFilterUnsigned()),
            op.getFilterZeroPoint());
  return isFloat ? e.toFloat(w) : w;
}

Value DepthwiseExpansion::multiplyAdd(Value sum, Value x, Value w) {
  if (!isFloat)
    return e.add(sum, e.toInteger(e.mul(x, w), accumulator));
  if (e.facts.fma)
    return e.fusedMultiplyAdd(x, w, sum);
  return e.add(sum, e.mul(x, w));
}

//===----------------------------------------------------------------------===//
// One tile of pixels
//===----------------------------------------------------------------------===//

/// Row `ky` of the window for all pixels of the tile; `constantKy` is its
/// number, or -1 in a loop. `input` is the position of the row's first tap.
void DepthwiseExpansion::emitWindowRow(Block &block, Value input, Value ky,
                                       int64_t constantKy, Sums &sums) {
  int64_t kernelWidth = op.getKernel()[1];
  // Columns in the order in which pixels need them; each is loaded once.
  std::map<int64_t, Value> columns;
  for (int64_t kx = 0; kx < kernelWidth; ++kx) {
    Value w;
    if (!block.weights.empty() && constantKy >= 0)
      w = block.weights[constantKy * kernelWidth + kx];
    else
      w = loadWeight(block, e.add(e.mul(ky, kernelWidth), kx));
    for (int64_t pixel = 0; pixel < pixels; ++pixel) {
      int64_t column = pixel * op.getStrides()[1] + kx * op.getDilations()[1];
      Value &x = columns[column];
      if (!x)
        x = loadInput(block, e.add(input, column * in[3]));
      Value &sum = sums.accumulators[pixel];
      if (!isPairs) {
        sum = multiplyAdd(sum, x, w);
        continue;
      }
      Value product = e.mul(x, w);
      Value &pending = sums.pending[pixel];
      if (!pending) {
        pending = product;
        continue;
      }
      sum = e.add(sum, e.toInteger(e.add(pending, product), accumulator));
      pending = {};
    }
  }
}

/// Adds products that found no partner.
void DepthwiseExpansion::flush(Sums &sums) {
  for (auto [sum, pending] : llvm::zip(sums.accumulators, sums.pending)) {
    if (pending)
      sum = e.add(sum, e.toInteger(pending, accumulator));
    pending = {};
  }
}

/// A window too wide to be written out: loops over rows and taps.
void DepthwiseExpansion::emitTaps(Block &block, Value input, Sums &sums) {
  int64_t kernelWidth = op.getKernel()[1];
  int64_t rowStride = op.getDilations()[0] * in[2] * in[3];
  auto emitTap = [&](Value ky, Value kx, ValueRange carried) {
    Value w = loadWeight(block, e.add(e.mul(ky, kernelWidth), kx));
    Value first = e.add(e.add(input, e.mul(ky, rowStride)),
                        e.mul(kx, op.getDilations()[1] * in[3]));
    SmallVector<Value> next;
    for (auto [pixel, sum] : llvm::enumerate(carried)) {
      int64_t column = static_cast<int64_t>(pixel) * op.getStrides()[1];
      Value x = loadInput(block, e.add(first, column * in[3]));
      next.push_back(multiplyAdd(sum, x, w));
    }
    return next;
  };
  sums.accumulators =
      e.loop(e.index(0), e.index(op.getKernel()[0]), 1, sums.accumulators,
             [&](Value ky, ValueRange rows) {
               return e.loop(e.index(0), e.index(kernelWidth), 1, rows,
                             [&](Value kx, ValueRange carried) {
                               return emitTap(ky, kx, carried);
                             });
             });
}

void DepthwiseExpansion::emitTile(Block &block, Value inputOffset,
                                  Value output) {
  int64_t kernelHeight = op.getKernel()[0];
  int64_t rowStride = op.getDilations()[0] * in[2] * in[3];
  Value bias = e.load(op.getBias(), block.channel, block.width);
  Sums sums;
  sums.accumulators.assign(pixels, bias);
  sums.pending.resize(pixels);
  if (kernelHeight * op.getKernel()[1] * pixels <= kUnrolledProducts) {
    for (int64_t ky = 0; ky < kernelHeight; ++ky)
      emitWindowRow(block, e.add(inputOffset, ky * rowStride), e.index(ky), ky,
                    sums);
    flush(sums);
  } else if (op.getKernel()[1] * pixels > kUnrolledProducts) {
    emitTaps(block, inputOffset, sums);
  } else {
    sums.accumulators =
        e.loop(e.index(0), e.index(kernelHeight), 1, sums.accumulators,
               [&](Value ky, ValueRange carried) {
                 Sums inner{llvm::to_vector(carried), sums.pending};
                 emitWindowRow(block, e.add(inputOffset, e.mul(ky, rowStride)),
                               ky, -1, inner);
                 flush(inner);
                 return inner.accumulators;
               });
  }
  ConvolutionEpilogue::Channels scale =
      epilogue.prepareInOrder(block.channel, block.width);
  for (auto [pixel, sum] : llvm::enumerate(sums.accumulators))
    epilogue.finish(sum, scale,
                    e.add(output, static_cast<int64_t>(pixel) * step[2]));
}

//===----------------------------------------------------------------------===//
// Loops
//===----------------------------------------------------------------------===//

void DepthwiseExpansion::emitBlock(Block block, Value batch, Value row) {
  int64_t taps = op.getKernel()[0] * op.getKernel()[1];
  if (taps * pixels <= kUnrolledProducts)
    for (int64_t tap = 0; tap < taps; ++tap)
      block.weights.push_back(loadWeight(block, e.index(tap)));

  Value inputRow = e.add(e.mul(batch, in[1]), e.mul(row, op.getStrides()[0]));
  Value inputStart = e.add(e.mul(inputRow, in[2] * in[3]), block.inputChannel);
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

void DepthwiseExpansion::emitRow(Value batch, Value row) {
  int64_t lanes = schedule.getLanes();
  int64_t minimum = std::min<int64_t>(4, lanes);
  // The vectors run over all channels, or over the outputs of one.
  bool perChannel = multiplier > 1 && (in[3] == 1 || out[3] < minimum ||
                                       minimum % multiplier != 0);
  int64_t channels = perChannel ? multiplier : out[3];
  e.loop(0, perChannel ? in[3] : 1, 1, [&](Value inputChannel) {
    auto emitAt = [&](Value start, int64_t width) {
      Value channel = e.add(e.mul(inputChannel, multiplier), start);
      Block block{perChannel        ? inputChannel
                  : multiplier == 1 ? channel
                                    : Value(arith::DivUIOp::create(
                                          e, channel, e.index(multiplier))),
                  channel,
                  width,
                  {}};
      emitBlock(block, batch, row);
    };
    // Blocks of full width are a loop; the few smaller ones are not.
    SmallVector<ChannelBlock> blocks =
        getChannelBlocks(channels, lanes, minimum);
    int64_t regular = channels / lanes;
    e.loop(0, regular, 1, [&](Value i) { emitAt(e.mul(i, lanes), lanes); });
    for (ChannelBlock block : ArrayRef(blocks).drop_front(regular))
      emitAt(e.index(block.start), block.width);
  });
}

void DepthwiseExpansion::expand() {
  input = flatten(e, op.getInput());
  filter = flatten(e, op.getFilter());
  pixels = std::min<int64_t>(schedule.getPixels(), out[2]);
  e.nest({out[0], out[1]}, [&](ValueRange at) { emitRow(at[0], at[1]); });
}

LogicalResult kernel::expandDepthwiseConv2D(VectorEmitter &e,
                                            DepthwiseConv2DOp op) {
  ScheduleAttr schedule = op.getScheduleAttr();
  if (!schedule)
    schedule = ScheduleAttr::get(op.getContext(), InstructionFamily::Plain,
                                 e.facts.vectorBytes / 4, 1, 1, TileAxis::Width,
                                 /*interleaved=*/false, /*steps=*/1);
  DotTypes types{op.getInput().getType().getElementType(),
                 op.getFilter().getType().getElementType(),
                 op.getBias().getType().getElementType(),
                 op.getInputUnsigned()};
  if ((schedule.getFamily() == InstructionFamily::VPDPBUSD ||
       schedule.getFamily() == InstructionFamily::SDOT) &&
      op.getPacked())
    return expandDepthwiseColumns(e, op, schedule);
  if (schedule.getFamily() != InstructionFamily::Plain &&
      schedule.getFamily() != InstructionFamily::TapPairs)
    return op.emitOpError("schedule family '")
           << stringifyInstructionFamily(schedule.getFamily())
           << "' is not one of depthwise convolution with "
           << (op.getPacked() ? "packed" : "plain") << " weights";
  if (op.getPacked())
    return op.emitOpError("schedule family '")
           << stringifyInstructionFamily(schedule.getFamily())
           << "' wants plain weights, found packed ones";
  if (failed(verifyFamily(e.facts, schedule.getFamily(), schedule.getLanes(),
                          types, [&] { return op.emitOpError(); })))
    return failure();
  DepthwiseExpansion(e, op, schedule).expand();
  return success();
}
