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
// computes some pixels twice, as the last vectors of a group do with channels
// (see ConvolutionLayout.h). That is why the output may not overlap an input or
// a residual. Where tiles do not divide a row (wrapsRows), all rows of an image
// are one, and each pixel of a tile has its own address.
//
// Where inputs are widened ahead (InputPatch.h), tiles are the outer loop and
// blocks of channels the inner one, of as many blocks as leave their weights in
// the second cache.
//
// With weights of zero point Z that stay 8 bits wide, Z * sum(x) is taken off
// at the end; the sum is one more dot product per pixel, with ones. Where
// inputs are widened ahead, they are summed up there, and sums begin without
// that.
//
// An interleaved schedule stores sets of vectors: four vectors of one pixel,
// two of two or one of four are packed to bytes and shuffled apart.
//
//===----------------------------------------------------------------------===//

#include "ByteSumProducts.h"
#include "ConvolutionBlocks.h"
#include "ExpandConv2DTiles.h"
#include "InputPatch.h"
#include "NeonProducts.h"
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
class Conv2DExpansion {
public:
  Conv2DExpansion(VectorEmitter &e, Conv2DOp op, ScheduleAttr schedule)
      : e(e), op(op), schedule(schedule),
        layout(getConvolutionLayout(op, schedule)),
        space(PixelSpace::of(op, schedule)),
        pixels(std::min<int64_t>(schedule.getPixels(), space.pixels)),
        patch(InputPatch::of(op, schedule, pixels, space, e.facts)),
        inputGaps(space.outputRow, space.inputGap, pixels),
        strides(getStrides()), types(getTypes()),
        dots(e, schedule.getFamily(), schedule.getLanes(), types, layout.dot),
        lastDots(e, schedule.getFamily(), layout.getLastLanes(), types,
                 layout.dot),
        neon(e, schedule.getFamily(), types),
        byteSums(e, op, layout, dots, lastDots), outputs(e, op, layout, space) {
  }

  void expand();

private:
  /// A tile: `pixels` neighbours times `vectors` vectors.
  struct Tile : ChannelsOfBlock {
    int64_t pixels;
    /// Offset of the first pixel's window; position of the first pixel.
    Value input, output;
    /// What lies in gaps before each pixel's window, if there are any.
    SmallVector<Value> gaps;
  };

  InputStrides getStrides();
  DotTypes getTypes();
  /// Sums that are carried along; a patch has its own.
  bool sumsInputs() const { return layout.zeroPoint != 0 && !patch; }
  /// A single pixel has two accumulators a vector, which are added in the end.
  bool usesPairs() const {
    return dots.getNumParts() == 2 && pixels == 1 && !sumsInputs();
  }
  bool usesNeon() const { return NeonProducts::serves(schedule.getFamily()); }
  TileInputs getInputs(const Tile &tile) const {
    return {strides.pixel, tile.gaps};
  }
  NeonTile getNeonTile(const Tile &tile) const {
    return {tile.pixels, tile.vectors, getInputs(tile), sumsInputs()};
  }

  void forEachTile(Value group, function_ref<void(Value, Value)> emit);
  void emitTile(const ChannelsOfBlock &block, Value tileInput,
                Value tileOutput);
  Value getAccumulator(Tile &tile, ArrayRef<Value> state, int64_t pixel,
                       int64_t vector);
  SmallVector<Value> accumulate(Tile &tile, SmallVector<Value> state);
  SmallVector<Value> emitRun(Tile &tile, Value input, Value stored,
                             SmallVector<Value> state);
  SmallVector<Value> emitGroups(Tile &tile, Value input, Value stored,
                                SmallVector<Value> state);
  SmallVector<Value> emitLength(Tile &tile, Value input, Value stored,
                                int64_t length, ArrayRef<Value> scales,
                                SmallVector<Value> state);
  Value keepWhole(Value x);
  void emitSteps(Tile &tile, Value input, Value stored, int64_t first,
                 ArrayRef<Stretch> stretches, ArrayRef<Value> scales,
                 MutableArrayRef<Value> state);
  Value loadWeights(Tile &tile, ArrayRef<Value> weights, int64_t step,
                    int64_t vector, int64_t part);
  void emitPairs(Tile &tile, Value input, ArrayRef<Value> weights, int64_t step,
                 Stretch stretch, MutableArrayRef<Value> state);
  void emitStep(Tile &tile, Value input, ArrayRef<Value> weights, int64_t step,
                Stretch stretch, int64_t part, ArrayRef<Value> scales,
                MutableArrayRef<Value> state);

  VectorEmitter &e;
  Conv2DOp op;
  ScheduleAttr schedule;
  ConvolutionLayout layout;
  PixelSpace space;
  /// Pixels of a tile.
  int64_t pixels;
  std::optional<InputPatch> patch;
  RowGaps inputGaps;
  InputStrides strides;
  DotTypes types;
  DotInstructions dots, lastDots;
  NeonProducts neon;
  ByteSumProducts byteSums;
  ConvolutionStore outputs;
  Value input, filter, bias, filterScales;
};
} // namespace

//===----------------------------------------------------------------------===//
// Blocks of channels, rows and tiles of pixels
//===----------------------------------------------------------------------===//

InputStrides Conv2DExpansion::getStrides() {
  if (patch)
    return patch->getStrides();
  ArrayRef<int64_t> in = op.getInput().getType().getShape();
  return {space.inputStride, op.getDilations()[1] * in[3],
          op.getDilations()[0] * in[2] * in[3]};
}

/// The types that are multiplied.
DotTypes Conv2DExpansion::getTypes() {
  DotTypes types{op.getInput().getType().getElementType(),
                 op.getFilter().getType().getElementType(),
                 op.getBias().getType().getElementType(),
                 op.getInputUnsigned()};
  if (patch) {
    types.input = e.getI16Type();
    types.inputUnsigned = false;
  }
  return types;
}

void Conv2DExpansion::expand() {
  input = flatten(e, op.getInput());
  filter = flatten(e, op.getFilter());
  bias = op.getBias();
  filterScales = op.getFilterScales();
  if (patch) {
    // One group.
    patch->allocate(e);
    Value group = e.index(0), source = std::exchange(input, patch->getBuffer());
    // Weights are read again for every tile: from the second cache.
    int64_t bytes = static_cast<int64_t>(e.facts.l2Bytes / 2);
    return forEachPart(e, layout, group, bytes, [&](ForEachBlock forEachBlock) {
      forEachTile(group, [&](Value tileInput, Value tileOutput) {
        patch->fill(e, source, tileInput, inputGaps, layout,
                    /*byParts=*/!usesPairs());
        forEachBlock([&](const ChannelsOfBlock &block) {
          emitTile(block, e.index(0), tileOutput);
        });
      });
    });
  }
  e.loop(0, layout.groups, 1, [&](Value group) {
    forEachBlock(e, layout, group, [&](const ChannelsOfBlock &block) {
      forEachTile(group, [&](Value tileInput, Value tileOutput) {
        emitTile(block, tileInput, tileOutput);
      });
    });
  });
}

/// Calls `emit` with the offsets of a tile's first window and first pixel.
void Conv2DExpansion::forEachTile(Value group,
                                  function_ref<void(Value, Value)> emit) {
  int64_t tiles = (space.pixels + pixels - 1) / pixels;
  e.nest(space.rows, [&](ValueRange row) {
    Value rowInput = e.mul(group, layout.groupInputs);
    Value rowOutput = e.index(0);
    for (auto [i, position] : llvm::enumerate(row)) {
      rowInput = e.add(rowInput, e.mul(position, space.inputRowStride[i]));
      rowOutput = e.add(rowOutput, e.mul(position, space.outputRowStride[i]));
    }
    e.loop(0, tiles, 1, [&](Value index) {
      Value first = e.mul(index, pixels);
      if (space.pixels % pixels)
        first = e.min(first, space.pixels - pixels);
      inputGaps.enter(e, first);
      outputs.enterTile(first);
      emit(e.add(rowInput, e.mul(first, space.inputStride)),
           e.add(rowOutput, e.mul(first, space.outputStride)));
    });
  });
}

void Conv2DExpansion::emitTile(const ChannelsOfBlock &block, Value tileInput,
                               Value tileOutput) {
  Tile tile{block, pixels, tileInput, e.add(tileOutput, block.channel), {}};
  if (!inputGaps.isNone() && !patch)
    for (int64_t pixel = 0; pixel < pixels; ++pixel)
      tile.gaps.push_back(inputGaps.get(e, e.index(pixel)));
  SmallVector<Value> initial;
  for (const ChannelSet &set : tile.sets)
    for (int64_t v = 0; v < set.vectors; ++v) {
      int64_t lanes = outputs.getLanes(set);
      Value start =
          e.load(bias, e.add(tile.channel, set.start + v * set.lanes), lanes);
      initial.push_back(lanes == set.lanes ? start
                                           : e.slice(start, 0, set.lanes));
    }
  SmallVector<Value> state;
  for (int64_t pixel = 0; pixel < tile.pixels; ++pixel)
    for (Value start : initial)
      state.push_back(
          patch && layout.zeroPoint != 0
              ? e.sub(start, patch->loadSum(e, pixel, e.lanesOf(start)))
              : start);
  SmallVector<Value> starts;
  if (usesPairs()) {
    starts = std::exchange(state, {});
    for (Value start : starts)
      state.append(2, e.constant(start.getType(), int64_t(0)));
  }
  if (sumsInputs())
    state.append(tile.pixels, e.constant(e.vector(layout.lanes, e.getI32Type()),
                                         int64_t(0)));
  if (usesNeon())
    state = neon.enter(getNeonTile(tile), state);
  state = accumulate(tile, std::move(state));
  if (usesPairs()) {
    for (auto [vector, start] : llvm::enumerate(starts)) {
      DotInstructions &own =
          tile.lanes[vector] == layout.lanes ? dots : lastDots;
      starts[vector] =
          e.add(start, own.addPairs(state[2 * vector], state[2 * vector + 1]));
    }
    state = starts;
  }
  if (usesNeon())
    state = neon.leave(getNeonTile(tile), state);
  for (const ChannelSet &set : tile.sets) {
    ConvolutionStore::Scales scales = outputs.prepare(tile, set);
    int64_t together = outputs.getPixels(set);
    for (int64_t first = 0; first < tile.pixels; first += together)
      outputs.store(set, scales, first, std::min(together, tile.pixels - first),
                    tile.output, [&](int64_t pixel, int64_t vector) {
                      return getAccumulator(tile, state, pixel, vector);
                    });
  }
}

/// The sum of products of a pixel and a vector, without the zero point's part.
Value Conv2DExpansion::getAccumulator(Tile &tile, ArrayRef<Value> state,
                                      int64_t pixel, int64_t vector) {
  Value acc = state[pixel * tile.vectors + vector];
  if (!sumsInputs())
    return acc;
  Value sum = state[tile.pixels * tile.vectors + pixel];
  if (tile.lanes[vector] != layout.lanes)
    sum = e.slice(sum, 0, tile.lanes[vector]);
  return e.sub(acc, e.mul(sum, layout.zeroPoint));
}

//===----------------------------------------------------------------------===//
// The sum of products
//===----------------------------------------------------------------------===//

/// Keeps LLVM from seeing that all lanes are equal: it would make the narrower
/// vector from the scalar as well, and load that into a general register
/// instead of into the lanes.
Value Conv2DExpansion::keepWhole(Value x) {
  auto type = cast<VectorType>(x.getType());
  int64_t bits = type.getNumElements() * type.getElementTypeBitWidth();
  Type floats = e.vector(bits / 32, e.getF32Type());
  Value opaque = vector::BitCastOp::create(e, floats, x);
  opaque = e.intrinsic("llvm.arithmetic.fence", floats, opaque);
  return vector::BitCastOp::create(e, type, opaque);
}

/// The weights of a vector in a step, counted from an even one at `weights`.
Value Conv2DExpansion::loadWeights(Tile &tile, ArrayRef<Value> weights,
                                   int64_t step, int64_t vector, int64_t part) {
  int64_t stored = layout.halfBytes ? step / 2 : step;
  Value offset = e.add(weights[vector], stored * tile.places[vector].stride);
  DotInstructions &loads = tile.lanes[vector] == layout.lanes ? dots : lastDots;
  return layout.halfBytes ? loads.loadHalfWeights(filter, offset, step % 2)
                          : loads.loadWeights(filter, offset, part);
}

/// The same step of a single pixel, whole.
void Conv2DExpansion::emitPairs(Tile &tile, Value inputOffset,
                                ArrayRef<Value> weightOffsets, int64_t step,
                                Stretch stretch, MutableArrayRef<Value> state) {
  Value x = dots.loadInputPairs(input, e.add(inputOffset, stretch.start));
  for (int64_t vector = 0; vector < tile.vectors; ++vector) {
    bool isLast = tile.lanes[vector] != layout.lanes;
    DotInstructions &own = isLast ? lastDots : dots;
    Value some =
        isLast ? e.slice(x, 0, e.lanesOf(x) / layout.lanes * tile.lanes[vector])
               : x;
    Value offset =
        e.add(weightOffsets[vector], step * tile.places[vector].stride);
    for (int64_t part = 0; part < 2; ++part) {
      Value &acc = state[2 * vector + part];
      acc = own.dot(acc, some, own.loadWeightPairs(filter, offset, part));
    }
  }
}

/// Step number `step` behind the offsets of the vectors' weights, or one of the
/// parts that it has.
void Conv2DExpansion::emitStep(Tile &tile, Value inputOffset,
                               ArrayRef<Value> weightOffsets, int64_t step,
                               Stretch stretch, int64_t part,
                               ArrayRef<Value> scales,
                               MutableArrayRef<Value> state) {
  int64_t numAccumulators = tile.pixels * tile.vectors;
  SmallVector<Value> weights;
  for (int64_t vector = 0; vector < tile.vectors; ++vector) {
    Value w = loadWeights(tile, weightOffsets, step, vector, part);
    weights.push_back(scales.empty() ? w : e.mul(w, scales[vector]));
  }
  int64_t lastLanes = layout.getLastLanes();
  for (int64_t pixel = 0; pixel < tile.pixels; ++pixel) {
    Value x = dots.loadInput(
        input, getInputs(tile).get(e, inputOffset, pixel, stretch.start),
        stretch.size, part);
    if (lastLanes != layout.lanes && llvm::is_contained(tile.lanes, lastLanes))
      x = keepWhole(x);
    for (int64_t vector = 0; vector < tile.vectors; ++vector) {
      Value &acc = state[pixel * tile.vectors + vector];
      if (tile.lanes[vector] == layout.lanes) {
        acc = dots.dot(acc, x, weights[vector]);
        continue;
      }
      int64_t elements = e.lanesOf(x) / layout.lanes * lastLanes;
      acc = lastDots.dot(acc, e.slice(x, 0, elements), weights[vector]);
    }
    if (sumsInputs()) {
      Value &sum = state[numAccumulators + pixel];
      sum =
          dots.dot(sum, x, dots.makeOnes(stretch.repeated, stretch.size, part));
    }
  }
}

/// Steps that follow each other, from number `first` behind the `stored`-th of
/// the window on.
void Conv2DExpansion::emitSteps(Tile &tile, Value inputOffset, Value stored,
                                int64_t first, ArrayRef<Stretch> stretches,
                                ArrayRef<Value> scales,
                                MutableArrayRef<Value> state) {
  SmallVector<Value> weights;
  for (const WeightPlace &place : tile.places)
    weights.push_back(
        e.add(e.add(tile.weights, e.mul(stored, place.stride)), place.offset));
  for (size_t done = 0, count; done < stretches.size(); done += count) {
    int64_t step = first + static_cast<int64_t>(done);
    ArrayRef<Stretch> rest = stretches.drop_front(done);
    // The vectors of a block lie together there.
    count = usesNeon()
                ? neon.add(getNeonTile(tile), input, inputOffset, filter,
                           e.add(weights[0], step * tile.places[0].stride),
                           rest, state)
                : 0;
    if (count)
      continue;
    count = 1;
    if (usesPairs()) {
      emitPairs(tile, inputOffset, weights, step, rest.front(), state);
      continue;
    }
    for (int64_t part = 0; part < dots.getNumParts(); ++part)
      emitStep(tile, inputOffset, weights, step, rest.front(), part, scales,
               state);
  }
}

/// All steps of one run: its offset, and how many stored steps of the window
/// come before it.
SmallVector<Value> Conv2DExpansion::emitRun(Tile &tile, Value inputOffset,
                                            Value stored,
                                            SmallVector<Value> state) {
  if (layout.groupSize)
    return emitGroups(tile, inputOffset, stored, std::move(state));
  return emitLength(tile, inputOffset, stored, layout.runLength, {},
                    std::move(state));
}

/// The steps of one run, group by group of input channels: each loads its
/// scales once.
SmallVector<Value> Conv2DExpansion::emitGroups(Tile &tile, Value inputOffset,
                                               Value stored,
                                               SmallVector<Value> state) {
  int64_t size = layout.groupSize, count = layout.runLength / size;
  int64_t storedSize = layout.halfBytes ? size / 2 : size;
  auto emitGroup = [&](Value group, SmallVector<Value> state) {
    // A run of several pixels goes through the groups as often.
    Value index = group;
    if (count != layout.numScales)
      index = arith::RemUIOp::create(e, group, e.index(layout.numScales));
    Value first = e.add(tile.scales, e.mul(index, tile.allLanes));
    SmallVector<Value> scales;
    for (int64_t vector = 0; vector < tile.vectors; ++vector)
      scales.push_back(e.load(filterScales,
                              ValueRange(e.add(first, vector * layout.lanes)),
                              tile.lanes[vector]));
    return emitLength(tile, e.add(inputOffset, e.mul(group, size)),
                      e.add(stored, e.mul(group, storedSize)), size, scales,
                      std::move(state));
  };
  if (count * size * tile.pixels * tile.vectors <= kUnrolledDots) {
    for (int64_t group = 0; group < count; ++group)
      state = emitGroup(e.index(group), std::move(state));
    return state;
  }
  return e.loop(e.index(0), e.index(count), 1, state,
                [&](Value group, ValueRange carried) {
                  return emitGroup(group, llvm::to_vector(carried));
                });
}

/// The steps of `length` elements from the offsets on.
SmallVector<Value> Conv2DExpansion::emitLength(Tile &tile, Value inputOffset,
                                               Value stored, int64_t length,
                                               ArrayRef<Value> scales,
                                               SmallVector<Value> state) {
  int64_t dotsOfStep = tile.pixels * tile.vectors;
  int64_t steps = llvm::divideCeil(length, layout.dot);
  auto emitFrom = [&](int64_t first) {
    SmallVector<Stretch> stretches;
    for (int64_t step = first; step < steps; ++step)
      stretches.push_back(getStretch(length, layout.dot, step));
    emitSteps(tile, inputOffset, stored, first, stretches, scales, state);
  };
  if (steps * dotsOfStep <= kUnrolledDots) {
    emitFrom(0);
    return state;
  }
  // A loop over full steps, a few in a turn; then what is left. Steps that
  // share bytes stay together.
  int64_t full = length / layout.dot;
  int64_t turn = std::clamp<int64_t>(32 / dotsOfStep, 1, full);
  if (usesNeon() && full >= 16 / layout.dot)
    turn =
        std::min(llvm::alignTo(turn, (e.facts.inOrder ? 64 : 16) / layout.dot),
                 llvm::alignDown(full, 16 / layout.dot));
  if (layout.halfBytes)
    turn = std::max<int64_t>(turn / 2 * 2, 2);
  int64_t looped = full - full % turn;
  state = e.loop(e.index(0), e.index(looped), turn, state,
                 [&](Value step, ValueRange carried) {
                   SmallVector<Value> inner = llvm::to_vector(carried);
                   Value x = e.add(inputOffset, e.mul(step, layout.dot));
                   Value at = step;
                   if (layout.halfBytes)
                     at = arith::DivUIOp::create(e, step, e.index(2));
                   SmallVector<Stretch> stretches;
                   for (int64_t i = 0; i < turn; ++i)
                     stretches.push_back({i * layout.dot, layout.dot, 0});
                   emitSteps(tile, x, e.add(stored, at), 0, stretches, scales,
                             inner);
                   return inner;
                 });
  emitFrom(looped);
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
  if (schedule.getFamily() == InstructionFamily::PMADDUBSW)
    return byteSums.add(tile, tile.pixels, getInputs(tile), input, tile.input,
                        state);
  int64_t strideX = strides.tapX, strideY = strides.tapY;
  int64_t runSteps = layout.getStoredSteps();
  int64_t windowDots = layout.getStepsOfWindow() * tile.pixels * tile.vectors;
  if (windowDots <= 2 * kUnrolledDots) {
    for (int64_t y = 0; y < layout.runsY; ++y)
      for (int64_t x = 0; x < layout.runsX; ++x)
        state = emitRun(tile, e.add(tile.input, y * strideY + x * strideX),
                        e.index((y * layout.runsX + x) * runSteps),
                        std::move(state));
    return state;
  }
  return loopOrOnce(e, layout.runsY, std::move(state),
                    [&](Value y, SmallVector<Value> state) {
                      Value rowInput = e.add(tile.input, e.mul(y, strideY));
                      Value rowSteps = e.mul(y, layout.runsX * runSteps);
                      return loopOrOnce(
                          e, layout.runsX, std::move(state),
                          [&](Value x, SmallVector<Value> state) {
                            return emitRun(tile,
                                           e.add(rowInput, e.mul(x, strideX)),
                                           e.add(rowSteps, e.mul(x, runSteps)),
                                           std::move(state));
                          });
                    });
}

/// What packing to bytes needs, which only an edited schedule can lack.
static LogicalResult verifyInterleaved(VectorEmitter &e, Conv2DOp op,
                                       const ConvolutionLayout &layout) {
  if (!layout.interleaved)
    return success();
  bool isX86 = e.facts.architecture == cpu::Architecture::X86;
  bool packs = (layout.lanes == 4 && (isX86 || e.facts.neon)) ||
               (layout.lanes == 8 && e.facts.avx2) ||
               (layout.lanes == 16 && e.facts.avx512);
  if (!packs)
    return op.emitOpError("interleaved schedule needs a target with "
                          "instructions that pack ")
           << layout.lanes << " lanes";
  if (!op.getInit().getType().getElementType().isInteger(8) ||
      !op.getBias().getType().getElementType().isInteger(32) ||
      !emit::ByteTail::of(op))
    return op.emitOpError("interleaved schedule needs an 8-bit output, a bias "
                          "of i32, and a last stage that clamps to bytes");
  if (layout.groupOutputs < layout.lanes)
    return op.emitOpError("interleaved schedule needs at least ")
           << layout.lanes << " output channels a group, found "
           << layout.groupOutputs;
  return success();
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
  // Narrower vectors exist wherever wider ones do.
  if (failed(verifyFamily(e.facts, schedule.getFamily(), schedule.getLanes(),
                          types, [&] { return op.emitOpError(); })))
    return failure();
  ConvolutionLayout layout = getConvolutionLayout(op, schedule);
  bool isByteSum = schedule.getFamily() == InstructionFamily::PMADDUBSW;
  if (isByteSum && failed(ByteSumProducts::verify(op, layout)))
    return failure();
  if (!isByteSum &&
      op.getFilter().getType().getNumElements() != layout.getNumElements())
    return op.emitOpError("expected a packed filter of ")
           << layout.getNumElements() << " elements, found "
           << op.getFilter().getType();
  if (op.getFilterScales() &&
      cast<ShapedType>(op.getFilterScales().getType()).getNumElements() !=
          layout.getNumScaleElements())
    return op.emitOpError("expected ")
           << layout.getNumScaleElements() << " packed scales, found "
           << op.getFilterScales().getType();
  int64_t outputs = layout.groups * layout.groupOutputs;
  if (op.getBias().getType().getNumElements() != outputs)
    return op.emitOpError("expected a bias of ")
           << outputs << " elements, found " << op.getBias().getType();
  if (failed(verifyInterleaved(e, op, layout)))
    return failure();
  if (schedule.getFamily() == InstructionFamily::TDPB)
    return expandConv2DTiles(e, op, layout);
  Conv2DExpansion(e, op, schedule).expand();
  return success();
}
