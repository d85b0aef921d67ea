//===- ExpandConv2D.cpp - Register-tiled convolutions ---------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// kernel.conv_2d with packed weights as loops around one register tile:
//
//   for group, block of `vectors` x `lanes` output channels
//     for row of pixels, tile of `pixels` on the row
//       acc[pixel][vector] = bias
//       for run of the window, step of the run
//         w[vector] = packed weights
//         x = input step of the pixel in all lanes
//         acc[pixel][vector] = dot(acc[pixel][vector], x, w[vector])
//       output = stages(acc)
//
// Remainders are exact without masks: the last tile of a row is moved back and
// computes some pixels twice, as the last vector of a group does with channels
// (see ConvolutionLayout.h). That is why the output may not overlap an input or
// a residual.
//
// With weights of zero point Z that stay 8 bits wide, Z * sum(x) is taken off
// at the end; the sum is one more dot product per pixel, with ones.
//
//===----------------------------------------------------------------------===//

#include "ConvolutionEpilogue.h"
#include "qopt/Conversion/KernelToVector/DotInstructions.h"
#include "qopt/Conversion/KernelToVector/ExpandConvolutions.h"

using namespace mlir;
using namespace qopt;
using namespace qopt::kernel;
using emit::VectorEmitter;

/// Dot products written out without a loop: enough to hide the loop's own
/// instructions, few enough to keep code small.
static constexpr int64_t kUnrolledDots = 128;

namespace {
/// The pixels of the output as rows of neighbours, seen from the input.
struct PixelSpace {
  /// Extents of the loops around a row, and what one turn adds to the offsets
  /// of input and output.
  SmallVector<int64_t, 2> rows, inputRowStride, outputRowStride;
  /// The row itself.
  int64_t pixels, inputStride, outputStride;
};

class Conv2DExpansion {
public:
  Conv2DExpansion(VectorEmitter &e, Conv2DOp op, ScheduleAttr schedule)
      : e(e), op(op), schedule(schedule),
        layout(getConvolutionLayout(op, schedule)),
        space(getPixelSpace(op, schedule)),
        types{op.getInput().getType().getElementType(),
              op.getFilter().getType().getElementType(),
              op.getBias().getType().getElementType(), op.getInputUnsigned()},
        dots(e, schedule.getFamily(), schedule.getLanes(), types),
        epilogue(e, op) {}

  void expand();

private:
  /// A tile: `pixels` neighbours times `vectors` vectors.
  struct Tile {
    int64_t pixels, vectors;
    /// Offset of the first pixel's window; position of the first pixel.
    Value input, output;
    /// First output channel of the block, and of each vector behind it.
    Value channel;
    SmallVector<int64_t> vectorChannels;
    /// Offset of the block's packed weights.
    Value weights;
  };

  static PixelSpace getPixelSpace(Conv2DOp op, ScheduleAttr schedule);
  bool sumsInputs() const { return layout.zeroPoint != 0; }

  void emitBlock(Value group, Value block, int64_t vectors,
                 ArrayRef<int64_t> vectorChannels);
  void emitTile(Tile &tile);
  SmallVector<Value> accumulate(Tile &tile, SmallVector<Value> state);
  SmallVector<Value> emitRun(Tile &tile, Value input, Value weights,
                             SmallVector<Value> state);
  void emitStep(Tile &tile, Value input, Value weights, Stretch stretch,
                MutableArrayRef<Value> state);

  VectorEmitter &e;
  Conv2DOp op;
  ScheduleAttr schedule;
  ConvolutionLayout layout;
  PixelSpace space;
  DotTypes types;
  DotInstructions dots;
  ConvolutionEpilogue epilogue;
  Value input, filter, bias;
};
} // namespace

PixelSpace Conv2DExpansion::getPixelSpace(Conv2DOp op, ScheduleAttr schedule) {
  ArrayRef<int64_t> in = op.getInput().getType().getShape();
  ArrayRef<int64_t> out = op.getInit().getType().getShape();
  int64_t strideY = op.getStrides()[0] * in[2] * in[3];
  int64_t strideX = op.getStrides()[1] * in[3];
  PixelSpace space;
  // Outputs that lie on the input as on the output are one long row.
  if (op.getKernel()[0] == 1 && op.getKernel()[1] == 1 &&
      op.getStrides()[0] == 1 && op.getStrides()[1] == 1) {
    space.pixels = out[0] * out[1] * out[2];
    space.inputStride = in[3];
    space.outputStride = out[3];
    return space;
  }
  bool isWidth = schedule.getAxis() == TileAxis::Width;
  space.pixels = isWidth ? out[2] : out[1];
  space.inputStride = isWidth ? strideX : strideY;
  space.outputStride = isWidth ? out[3] : out[2] * out[3];
  space.rows = {out[0], isWidth ? out[1] : out[2]};
  space.inputRowStride = {in[1] * in[2] * in[3], isWidth ? strideY : strideX};
  space.outputRowStride = {out[1] * out[2] * out[3],
                           isWidth ? out[2] * out[3] : out[3]};
  return space;
}

//===----------------------------------------------------------------------===//
// Blocks of channels, rows and tiles of pixels
//===----------------------------------------------------------------------===//

void Conv2DExpansion::expand() {
  input = flatten(e, op.getInput());
  filter = flatten(e, op.getFilter());
  bias = op.getBias();
  int64_t blockChannels = layout.lanes * layout.vectors;
  // Blocks whose channels all exist, and at most one with what is left.
  int64_t regular = layout.groupOutputs / blockChannels;
  int64_t rest = layout.getNumVectors() - regular * layout.vectors;

  e.loop(0, layout.groups, 1, [&](Value group) {
    SmallVector<int64_t> channels;
    for (int64_t v = 0; v < layout.vectors; ++v)
      channels.push_back(v * layout.lanes);
    e.loop(0, regular, 1, [&](Value block) {
      emitBlock(group, block, layout.vectors, channels);
    });
    if (rest == 0)
      return;
    channels.clear();
    for (int64_t v = 0; v < rest; ++v) {
      int64_t vector = regular * layout.vectors + v;
      Stretch stretch = getStretch(layout.groupOutputs, layout.lanes, vector);
      channels.push_back(stretch.start - regular * blockChannels);
    }
    emitBlock(group, e.index(regular), rest, channels);
  });
}

void Conv2DExpansion::emitBlock(Value group, Value block, int64_t vectors,
                                ArrayRef<int64_t> vectorChannels) {
  int64_t stepElements = layout.getStepsOfWindow() * layout.lanes * layout.dot;
  Value groupWeights = e.mul(group, layout.getNumVectors() * stepElements);
  Value weights =
      e.add(groupWeights, e.mul(block, layout.vectors * stepElements));
  Value channel = e.add(e.mul(group, layout.groupOutputs),
                        e.mul(block, layout.vectors * layout.lanes));

  int64_t pixels = std::min<int64_t>(schedule.getPixels(), space.pixels);
  int64_t tiles = (space.pixels + pixels - 1) / pixels;
  e.nest(space.rows, [&](ValueRange row) {
    Value rowInput = e.mul(group, layout.groupInputs);
    Value rowOutput = channel;
    for (auto [i, position] : llvm::enumerate(row)) {
      rowInput = e.add(rowInput, e.mul(position, space.inputRowStride[i]));
      rowOutput = e.add(rowOutput, e.mul(position, space.outputRowStride[i]));
    }
    e.loop(0, tiles, 1, [&](Value index) {
      Value first = e.mul(index, pixels);
      if (space.pixels % pixels)
        first = e.min(first, space.pixels - pixels);
      Tile tile{pixels,
                vectors,
                e.add(rowInput, e.mul(first, space.inputStride)),
                e.add(rowOutput, e.mul(first, space.outputStride)),
                channel,
                llvm::to_vector(vectorChannels),
                weights};
      emitTile(tile);
    });
  });
}

void Conv2DExpansion::emitTile(Tile &tile) {
  // Lanes that are channels: all but where a group has fewer than one vector.
  int64_t used = std::min(layout.lanes, layout.groupOutputs);
  SmallVector<Value> channels, initial;
  for (int64_t offset : tile.vectorChannels) {
    channels.push_back(e.add(tile.channel, offset));
    Value start = e.load(bias, channels.back(), used);
    initial.push_back(used == layout.lanes ? start
                                           : e.slice(start, 0, layout.lanes));
  }
  SmallVector<Value> state;
  for (int64_t pixel = 0; pixel < tile.pixels; ++pixel)
    state.append(initial);
  if (sumsInputs())
    state.append(tile.pixels, e.constant(initial[0].getType(), int64_t(0)));
  state = accumulate(tile, std::move(state));

  // Stages of all vectors of a channel share its multipliers.
  int64_t numAccumulators = tile.pixels * tile.vectors;
  for (int64_t vector = 0; vector < tile.vectors; ++vector) {
    ConvolutionEpilogue::Channels scale =
        epilogue.prepare(channels[vector], used);
    for (int64_t pixel = 0; pixel < tile.pixels; ++pixel) {
      Value acc = state[pixel * tile.vectors + vector];
      if (sumsInputs()) {
        Value sum = state[numAccumulators + pixel];
        acc = e.sub(acc, e.mul(sum, layout.zeroPoint));
      }
      if (used != layout.lanes)
        acc = e.slice(acc, 0, used);
      Value position = e.add(tile.output, tile.vectorChannels[vector] +
                                              pixel * space.outputStride);
      epilogue.finish(acc, scale, position);
    }
  }
}

//===----------------------------------------------------------------------===//
// The sum of products
//===----------------------------------------------------------------------===//

void Conv2DExpansion::emitStep(Tile &tile, Value inputOffset,
                               Value weightOffset, Stretch stretch,
                               MutableArrayRef<Value> state) {
  int64_t numAccumulators = tile.pixels * tile.vectors;
  SmallVector<Value> weights;
  for (int64_t vector = 0; vector < tile.vectors; ++vector)
    weights.push_back(dots.loadWeights(
        filter, e.add(weightOffset, vector * layout.lanes * layout.dot)));
  for (int64_t pixel = 0; pixel < tile.pixels; ++pixel) {
    Value x = dots.loadInput(
        input, e.add(inputOffset, stretch.start + pixel * space.inputStride),
        stretch.size);
    for (int64_t vector = 0; vector < tile.vectors; ++vector) {
      Value &acc = state[pixel * tile.vectors + vector];
      acc = dots.dot(acc, x, weights[vector]);
    }
    if (sumsInputs()) {
      Value &sum = state[numAccumulators + pixel];
      sum = dots.dot(sum, x, dots.makeOnes(stretch.repeated, stretch.size));
    }
  }
}

/// All steps of one run; offsets are those of the run.
SmallVector<Value> Conv2DExpansion::emitRun(Tile &tile, Value inputOffset,
                                            Value weightOffset,
                                            SmallVector<Value> state) {
  int64_t stepWeights = tile.vectors * layout.lanes * layout.dot;
  int64_t dotsOfStep = tile.pixels * tile.vectors;
  auto emitSteps = [&](int64_t first, int64_t last) {
    for (int64_t step = first; step < last; ++step)
      emitStep(tile, inputOffset, e.add(weightOffset, step * stepWeights),
               getStretch(layout.runLength, layout.dot, step), state);
  };
  if (layout.steps * dotsOfStep <= kUnrolledDots) {
    emitSteps(0, layout.steps);
    return state;
  }
  // A loop over full steps, a few in a turn; then what is left.
  int64_t full = layout.runLength / layout.dot;
  int64_t turn = std::clamp<int64_t>(32 / dotsOfStep, 1, full);
  int64_t looped = full - full % turn;
  state = e.loop(e.index(0), e.index(looped), turn, state,
                 [&](Value step, ValueRange carried) {
                   SmallVector<Value> inner = llvm::to_vector(carried);
                   Value x = e.add(inputOffset, e.mul(step, layout.dot));
                   Value w = e.add(weightOffset, e.mul(step, stepWeights));
                   for (int64_t i = 0; i < turn; ++i)
                     emitStep(tile, x, e.add(w, i * stepWeights),
                              {i * layout.dot, layout.dot, 0}, inner);
                   return inner;
                 });
  emitSteps(looped, layout.steps);
  return state;
}

/// A loop with carried values that is straight code if it would run once.
static SmallVector<Value>
loopOrOnce(VectorEmitter &e, int64_t size, SmallVector<Value> state,
           function_ref<SmallVector<Value>(Value, SmallVector<Value>)> body) {
  if (size == 1)
    return body(e.index(0), std::move(state));
  return e.loop(e.index(0), e.index(size), 1, state,
                [&](Value i, ValueRange carried) {
                  return body(i, llvm::to_vector(carried));
                });
}

SmallVector<Value> Conv2DExpansion::accumulate(Tile &tile,
                                               SmallVector<Value> state) {
  ArrayRef<int64_t> in = op.getInput().getType().getShape();
  int64_t strideX = op.getDilations()[1] * in[3];
  int64_t strideY = op.getDilations()[0] * in[2] * in[3];
  int64_t runWeights = layout.steps * tile.vectors * layout.lanes * layout.dot;
  int64_t windowDots = layout.getStepsOfWindow() * tile.pixels * tile.vectors;
  if (windowDots <= 2 * kUnrolledDots) {
    for (int64_t y = 0; y < layout.runsY; ++y)
      for (int64_t x = 0; x < layout.runsX; ++x)
        state =
            emitRun(tile, e.add(tile.input, y * strideY + x * strideX),
                    e.add(tile.weights, (y * layout.runsX + x) * runWeights),
                    std::move(state));
    return state;
  }
  return loopOrOnce(
      e, layout.runsY, std::move(state),
      [&](Value y, SmallVector<Value> state) {
        Value rowInput = e.add(tile.input, e.mul(y, strideY));
        Value rowWeights =
            e.add(tile.weights, e.mul(y, layout.runsX * runWeights));
        return loopOrOnce(e, layout.runsX, std::move(state),
                          [&](Value x, SmallVector<Value> state) {
                            return emitRun(
                                tile, e.add(rowInput, e.mul(x, strideX)),
                                e.add(rowWeights, e.mul(x, runWeights)),
                                std::move(state));
                          });
      });
}

LogicalResult kernel::expandConv2D(VectorEmitter &e, Conv2DOp op) {
  // A packed op has a schedule, its verifier says.
  if (!op.getPacked())
    return expandPlainConvolution(e, op);
  ScheduleAttr schedule = op.getScheduleAttr();
  DotTypes types{op.getInput().getType().getElementType(),
                 op.getFilter().getType().getElementType(),
                 op.getBias().getType().getElementType(),
                 op.getInputUnsigned()};
  if (failed(verifyFamily(e.facts, schedule.getFamily(), schedule.getLanes(),
                          types, [&] { return op.emitOpError(); })))
    return failure();
  ConvolutionLayout layout = getConvolutionLayout(op, schedule);
  if (op.getFilter().getType().getNumElements() != layout.getNumElements())
    return op.emitOpError("expected a packed filter of ")
           << layout.getNumElements() << " elements, found "
           << op.getFilter().getType();
  Conv2DExpansion(e, op, schedule).expand();
  return success();
}
