// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Positions of blocks and pixels, and the packing of results to bytes.

#include "ConvolutionBlocks.h"

#include "PackBytes.h"
#include "qopt/Dialect/Kernel/IR/PixelRows.h"

using namespace mlir;
using namespace qopt;
using namespace qopt::kernel;
using emit::VectorEmitter;

PixelSpace PixelSpace::of(Conv2DOp op, ScheduleAttr schedule) {
  ArrayRef<int64_t> in = op.getInput().getType().getShape();
  ArrayRef<int64_t> out = op.getInit().getType().getShape();
  int64_t strideY = op.getStrides()[0] * in[2] * in[3];
  int64_t strideX = op.getStrides()[1] * in[3];
  PixelSpace space;
  SmallVector<int64_t> step = getElementStrides(op.getInit().getType());
  int64_t gap = step[1] - out[2] * step[2];
  // Outputs that lie on the input as on the output are one long row; so are
  // rows with gaps where tiles would not fill one.
  if (isPixelwise(op) &&
      (!hasGaps(op.getInit().getType()) ||
       (out[0] == 1 && (gap == 0 || out[2] % schedule.getPixels() != 0)))) {
    space.pixels = out[0] * out[1] * out[2];
    space.inputStride = in[3];
    space.outputStride = step[2];
    space.outputRow = out[2];
    space.gap = gap;
    return space;
  }
  if (wrapsRows(op, schedule)) {
    space.rows = {out[0]};
    space.inputRowStride = {in[1] * in[2] * in[3]};
    space.outputRowStride = {step[0]};
    space.pixels = out[1] * out[2];
    space.inputStride = strideX;
    space.outputStride = step[2];
    space.outputRow = out[2];
    space.inputGap = strideY - out[2] * strideX;
    space.gap = gap;
    return space;
  }
  bool isWidth = schedule.getAxis() == TileAxis::Width;
  space.pixels = isWidth ? out[2] : out[1];
  space.inputStride = isWidth ? strideX : strideY;
  space.outputStride = isWidth ? step[2] : step[1];
  space.rows = {out[0], isWidth ? out[1] : out[2]};
  space.inputRowStride = {in[1] * in[2] * in[3], isWidth ? strideY : strideX};
  space.outputRowStride = {step[0], isWidth ? step[1] : step[2]};
  return space;
}

/// Block number `number`, which is laid out like number `layoutBlock`.
static ChannelsOfBlock getBlock(VectorEmitter &e,
                                const ConvolutionLayout &layout, Value group,
                                Value number, int64_t layoutBlock) {
  int64_t laneWeights = layout.getStoredStepsOfWindow() * layout.dot;
  int64_t blockLanes = layout.vectors * layout.lanes;
  ChannelsOfBlock block;
  block.number = number;
  block.channel =
      e.add(e.mul(group, layout.groupOutputs), e.mul(number, blockLanes));
  Value groupLanes = e.mul(group, layout.getGroupLanes());
  block.weights = e.mul(groupLanes, laneWeights);
  if (layout.numScales)
    block.scales =
        e.mul(e.add(groupLanes, e.mul(number, blockLanes)), layout.numScales);
  block.sets = layout.getSets(layoutBlock);
  block.vectors = layout.getBlockVectors(layoutBlock);
  block.allLanes = 0;
  for (ChannelSet &set : block.sets) {
    for (int64_t v = 0; v < set.vectors; ++v)
      block.places.push_back(
          layout.getWeightPlace(set.position + v * set.lanes));
    set.start -= layoutBlock * blockLanes;
    block.lanes.append(set.vectors, set.lanes);
    block.allLanes += set.vectors * set.lanes;
  }
  if (layoutBlock >= layout.getNumRegularBlocks())
    return block;
  // Places are those of the first block; a panel holds some blocks, or a block
  // some panels.
  int64_t blocks = std::max<int64_t>(layout.panelLanes / blockLanes, 1);
  Value panel = number;
  if (blocks > 1) {
    panel = arith::DivUIOp::create(e, number, e.index(blocks));
    Value inPanel = arith::RemUIOp::create(e, number, e.index(blocks));
    block.weights =
        e.add(block.weights, e.mul(inPanel, blockLanes * layout.dot));
  }
  block.weights =
      e.add(block.weights, e.mul(panel, blocks * blockLanes * laneWeights));
  return block;
}

/// The blocks of which some channels do not exist.
static void
forEachOtherBlock(VectorEmitter &e, const ConvolutionLayout &layout,
                  Value group,
                  function_ref<void(const ChannelsOfBlock &)> body) {
  for (int64_t block = layout.getNumRegularBlocks();
       block < layout.getNumBlocks(); ++block)
    body(getBlock(e, layout, group, e.index(block), block));
}

void kernel::forEachBlock(VectorEmitter &e, const ConvolutionLayout &layout,
                          Value group,
                          function_ref<void(const ChannelsOfBlock &)> body) {
  // Blocks whose channels all exist, then what is left.
  e.loop(0, layout.getNumRegularBlocks(), 1,
         [&](Value number) { body(getBlock(e, layout, group, number, 0)); });
  forEachOtherBlock(e, layout, group, body);
}

void kernel::forEachPart(VectorEmitter &e, const ConvolutionLayout &layout,
                         Value group, int64_t bytes,
                         function_ref<void(ForEachBlock)> body) {
  using Each = function_ref<void(const ChannelsOfBlock &)>;
  int64_t blockBytes = layout.vectors * layout.lanes *
                       layout.getStoredStepsOfWindow() * layout.dot;
  int64_t regular = layout.getNumRegularBlocks();
  int64_t count =
      std::max<int64_t>(bytes / std::max<int64_t>(blockBytes, 1), 1);
  if (count >= regular)
    return body([&](Each each) { forEachBlock(e, layout, group, each); });
  e.loop(0, regular, count, [&](Value first) {
    Value last = e.min(e.add(first, count), regular);
    body([&](Each each) {
      e.loop(first, last, 1, {},
             [&](Value number, ValueRange) -> SmallVector<Value> {
               each(getBlock(e, layout, group, number, 0));
               return {};
             });
    });
  });
  if (regular < layout.getNumBlocks())
    body([&](Each each) { forEachOtherBlock(e, layout, group, each); });
}

//===----------------------------------------------------------------------===//
// Outputs
//===----------------------------------------------------------------------===//

ConvolutionStore::ConvolutionStore(VectorEmitter &e, Conv2DOp op,
                                   const ConvolutionLayout &layout,
                                   const PixelSpace &space)
    : e(e), layout(layout), space(space),
      gaps(space.outputRow, space.gap, op.getScheduleAttr().getPixels()),
      epilogue(e, op) {
  if (layout.interleaved)
    tail = epilogue.takeByteTail();
}

ConvolutionStore::Scales ConvolutionStore::prepare(const ChannelsOfBlock &block,
                                                   const ChannelSet &set) {
  // Pixels of a vector share its multipliers.
  Scales scales;
  for (int64_t v = 0; v < set.vectors; ++v)
    scales.push_back(epilogue.prepareInOrder(
        e.add(block.channel, set.start + v * set.lanes), getLanes(set)));
  return scales;
}

void RowGaps::enter(VectorEmitter &e, Value first) {
  if (isNone())
    return;
  firstPixel = first;
  Value number = arith::DivUIOp::create(e, first, e.index(row));
  gaps = e.mul(number, gap);
  nextRow = e.sub(e.mul(e.add(number, 1), row), first);
}

Value RowGaps::get(VectorEmitter &e, Value pixel) const {
  if (row < tilePixels) {
    // The tile may have any number of rows.
    Value number =
        arith::DivUIOp::create(e, e.add(firstPixel, pixel), e.index(row));
    return e.mul(number, gap);
  }
  Value isNext = e.compare(arith::CmpIPredicate::sle, nextRow, pixel);
  return e.select(isNext, e.add(gaps, gap), gaps);
}

void ConvolutionStore::enterTile(Value first) { gaps.enter(e, first); }

Value ConvolutionStore::getPosition(const ChannelSet &set, int64_t pixel,
                                    Value output) {
  Value position = e.add(output, set.start + pixel * space.outputStride);
  return gaps.isNone() ? position
                       : e.add(position, gaps.get(e, e.index(pixel)));
}

void ConvolutionStore::store(const ChannelSet &set, const Scales &scales,
                             int64_t first, int64_t pixels, Value output,
                             GetSums getSums) {
  if (layout.interleaved)
    return storePacked(set, scales, first, pixels, output, getSums);
  Value sums = getSums(first, set.vector);
  if (e.lanesOf(sums) != getLanes(set))
    sums = e.slice(sums, 0, getLanes(set));
  epilogue.finish(sums, scales.front(), getPosition(set, first, output));
}

/// Packs the vectors of as many pixels as make four, and stores each pixel.
void ConvolutionStore::storePacked(const ChannelSet &set, const Scales &scales,
                                   int64_t first, int64_t pixels, Value output,
                                   GetSums getSums) {
  int64_t together = 4 / set.vectors, width = set.vectors * set.lanes;
  std::array<Value, 4> values;
  SmallVector<Value> positions;
  for (int64_t i = 0; i < 4; ++i) {
    int64_t pixel = i / set.vectors, v = i % set.vectors;
    if (pixel >= pixels) {
      values[i] = values[i - set.vectors];
      continue;
    }
    if (v == 0)
      positions.push_back(getPosition(set, first + pixel, output));
    values[i] =
        epilogue.apply(getSums(first + pixel, set.vector + v), scales[v],
                       e.add(positions.back(), v * set.lanes));
  }
  Value bytes = packNeighbours(e, values, *tail);
  if ((space.outputStride == width && space.gap == 0) || together == 1) {
    // Neighbours in memory, too.
    if (pixels < together)
      bytes = e.slice(bytes, 0, pixels * width);
    epilogue.store(bytes, positions.front());
    return;
  }
  for (int64_t pixel = 0; pixel < pixels; ++pixel)
    epilogue.store(e.slice(bytes, pixel * width, width), positions[pixel]);
}
