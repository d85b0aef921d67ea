//===- ExpandConv2DTiles.cpp - Convolutions in AMX tiles ------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// kernel.conv_2d of the family `tdpb`, without im2col: a tile of inputs is read
// from up to 16 neighbouring pixels of the input (see TilePlan.h).
//
//   configure the registers
//   for group, block of output channels
//     for block of pixels
//       C[pixel tile][vector] = bias
//       for run of the window, part of the run
//         A = inputs, B = packed weights, C += A * B
//           (in between: outputs of the block of pixels before)
//       scratch = C
//     outputs of the last block of pixels
//   release the registers
//
// What multiplies tiles and what requantizes vectors are different units of a
// core, which is why outputs are a turn late: a block's sums lie in a scratch
// buffer on the stack (at most 6 KB) until the products of the next one are
// under way. Instructions on tiles keep their order in LLVM, and so do loads
// and stores around them, so they are written here as they are to be executed.
//
// As elsewhere the last block of pixels of a row is moved back.
//
//===----------------------------------------------------------------------===//

#include "ExpandConv2DTiles.h"

#include "ConvolutionBlocks.h"
#include "TileInstructions.h"

#include "mlir/Interfaces/FunctionInterfaces.h"

using namespace mlir;
using namespace qopt;
using namespace qopt::kernel;
using emit::VectorEmitter;

/// Products that are written out; behind as many, loops begin.
static constexpr int64_t kUnrolledProducts = 192;

namespace {
using Steps = SmallVector<std::function<void()>>;

class TileExpansion {
public:
  TileExpansion(VectorEmitter &e, Conv2DOp op, const ConvolutionLayout &layout,
                const PixelSpace &space, const TilePlan &plan)
      : e(e), op(op), layout(layout), space(space), plan(plan), tiles(e),
        outputs(e, op, layout, space) {}

  void expand();

private:
  /// Where a block of pixels begins in the input and in the output.
  struct Place {
    Value input, output;
  };

  bool sumsInputs() const { return layout.zeroPoint != 0; }
  /// Whether rows of accumulators begin with the bias; else it is added later.
  bool startsWithBias() const { return layout.groupOutputs >= layout.lanes; }
  int64_t countPlaces() const;
  Place getPlace(const ChannelsOfBlock &block, Value number);

  Value makeScratch();
  Value makeOnes(int64_t repeated);
  void emitBlock(const ChannelsOfBlock &block);
  void start(const ChannelsOfBlock &block);
  void keep(const ChannelsOfBlock &block);
  void multiply(const ChannelsOfBlock &block, Value input, Steps others);
  void addProducts(const ChannelsOfBlock &block, Value input, Value weights,
                   const TileStep &step, Steps &steps);
  void emitRun(const ChannelsOfBlock &block, Value input, Value weights);
  Value getRunInput(Value input, Value run);
  Steps listOutputs(const ChannelsOfBlock &block, Value output);
  Value getSums(const ChannelsOfBlock &block, int64_t pixel, int64_t vector);

  VectorEmitter &e;
  Conv2DOp op;
  const ConvolutionLayout &layout;
  const PixelSpace &space;
  const TilePlan &plan;
  TileInstructions tiles;
  ConvolutionStore outputs;
  Value scratch;
  /// Offset of the group's first input channel.
  Value groupInput;
  /// Addresses.
  Value input, filter, bias, kept;
  /// Constants of the block at hand, set by set, and biases to be added.
  SmallVector<ConvolutionStore::Scales> scales;
  Value lateBias;
};
} // namespace

/// All steps, each as early as its share of the whole list allows.
static void interleave(ArrayRef<std::function<void()>> steps,
                       ArrayRef<std::function<void()>> others) {
  size_t done = 0;
  for (auto [index, step] : llvm::enumerate(steps)) {
    step();
    for (size_t due = (index + 1) * others.size() / steps.size(); done < due;)
      others[done++]();
  }
  for (; done < others.size();)
    others[done++]();
}

//===----------------------------------------------------------------------===//
// Blocks of channels and of pixels
//===----------------------------------------------------------------------===//

/// One tile of accumulators behind the other, in the function's frame.
Value TileExpansion::makeScratch() {
  OpBuilder::InsertionGuard guard(e);
  auto function = op->getParentOfType<FunctionOpInterface>();
  e.setInsertionPointToStart(&function.getFunctionBody().front());
  int64_t size = plan.getNumAccumulators() * plan.rows * layout.lanes;
  return memref::AllocaOp::create(e, MemRefType::get({size}, e.getI32Type()),
                                  e.getI64IntegerAttr(kTileRowBytes));
}

void TileExpansion::expand() {
  scratch = makeScratch();
  kept = tiles.getAddress(scratch);
  input = tiles.getAddress(op.getInput());
  filter = tiles.getAddress(op.getFilter());
  bias = tiles.getAddress(op.getBias());
  tiles.configure(plan);
  e.loop(0, layout.groups, 1, [&](Value group) {
    groupInput = e.mul(group, layout.groupInputs);
    forEachBlock(e, layout, group,
                 [&](const ChannelsOfBlock &block) { emitBlock(block); });
  });
  tiles.release();
}

int64_t TileExpansion::countPlaces() const {
  int64_t count = llvm::divideCeil(space.pixels, plan.getPixels());
  for (int64_t rows : space.rows)
    count *= rows;
  return count;
}

TileExpansion::Place TileExpansion::getPlace(const ChannelsOfBlock &block,
                                             Value number) {
  int64_t inRow = llvm::divideCeil(space.pixels, plan.getPixels());
  Value row = number, inputOffset = groupInput, outputOffset = block.channel;
  auto split = [&](int64_t extent) -> Value {
    Value rest = arith::RemUIOp::create(e, row, e.index(extent));
    row = arith::DivUIOp::create(e, row, e.index(extent));
    return rest;
  };
  auto advance = [&](Value count, int64_t inputStride, int64_t outputStride) {
    inputOffset = e.add(inputOffset, e.mul(count, inputStride));
    outputOffset = e.add(outputOffset, e.mul(count, outputStride));
  };
  Value first = space.rows.empty() ? row : split(inRow);
  first = e.mul(first, plan.getPixels());
  if (space.pixels % plan.getPixels())
    first = e.min(first, space.pixels - plan.getPixels());
  advance(first, space.inputStride, space.outputStride);
  for (size_t i = space.rows.size(); i-- > 0;)
    advance(i == 0 ? row : split(space.rows[i]), space.inputRowStride[i],
            space.outputRowStride[i]);
  return {inputOffset, outputOffset};
}

void TileExpansion::emitBlock(const ChannelsOfBlock &block) {
  scales.clear();
  for (const ChannelSet &set : block.sets)
    scales.push_back(outputs.prepare(block, set));
  if (!startsWithBias())
    lateBias = e.load(op.getBias(), block.constants, layout.groupOutputs);
  // Outputs are made a turn later, so the first turn and the last outputs stand
  // alone.
  Place first = getPlace(block, e.index(0));
  start(block);
  multiply(block, first.input, {});
  keep(block);
  Value last = first.output;
  if (int64_t count = countPlaces(); count > 1)
    last = e.loop(e.index(1), e.index(count), 1, last,
                  [&](Value number, ValueRange before) -> SmallVector<Value> {
                    Place place = getPlace(block, number);
                    start(block);
                    multiply(block, place.input,
                             listOutputs(block, before.front()));
                    keep(block);
                    return {place.output};
                  })
               .front();
  interleave({}, listOutputs(block, last));
}

/// Fills the accumulators with the bias, every row alike.
void TileExpansion::start(const ChannelsOfBlock &block) {
  for (int64_t tile = 0; tile < plan.pixelTiles; ++tile) {
    for (const ChannelSet &set : block.sets)
      for (int64_t v = 0; v < set.vectors; ++v) {
        unsigned number = plan.getAccumulator(tile, set.vector + v);
        if (!startsWithBias()) {
          tiles.zero(number);
          continue;
        }
        int64_t first =
            layout.interleaved ? set.vector * layout.lanes : set.start;
        Value element = e.add(block.constants, first + v * layout.lanes);
        tiles.load(number, tiles.getAddress(bias, e.mul(element, 4)), 0);
      }
    if (sumsInputs())
      tiles.zero(plan.getAccumulator(tile, block.vectors));
  }
}

/// Brings the accumulators to memory.
void TileExpansion::keep(const ChannelsOfBlock &block) {
  int64_t columns = block.vectors + (sumsInputs() ? 1 : 0);
  for (int64_t tile = 0; tile < plan.pixelTiles; ++tile)
    for (int64_t column = 0; column < columns; ++column) {
      unsigned number = plan.getAccumulator(tile, column);
      tiles.store(
          number,
          tiles.getAddress(kept, e.index(number * plan.rows * kTileRowBytes)),
          kTileRowBytes);
    }
}

//===----------------------------------------------------------------------===//
// Outputs
//===----------------------------------------------------------------------===//

/// The sums of a pixel, without the zero point's part.
Value TileExpansion::getSums(const ChannelsOfBlock &block, int64_t pixel,
                             int64_t vector) {
  auto loadRow = [&](int64_t column) {
    int64_t tile = plan.getAccumulator(pixel / plan.rows, column);
    int64_t row = tile * plan.rows + pixel % plan.rows;
    return e.load(scratch, e.index(row * layout.lanes), layout.lanes);
  };
  Value sums = loadRow(vector);
  if (lateBias)
    sums = e.add(sums, e.slice(lateBias, 0, layout.lanes));
  if (sumsInputs())
    sums = e.sub(sums, e.mul(loadRow(block.vectors), layout.zeroPoint));
  return sums;
}

Steps TileExpansion::listOutputs(const ChannelsOfBlock &block, Value output) {
  Steps steps;
  int64_t pixels = plan.getPixels();
  for (size_t index = 0; index < block.sets.size(); ++index) {
    const ChannelSet &set = block.sets[index];
    int64_t together = outputs.getPixels(set);
    for (int64_t first = 0; first < pixels; first += together)
      steps.push_back([=, &block, &set] {
        outputs.store(set, scales[index], first,
                      std::min(together, pixels - first), output,
                      [&](int64_t pixel, int64_t vector) {
                        return getSums(block, pixel, vector);
                      });
      });
  }
  return steps;
}

//===----------------------------------------------------------------------===//
// Products
//===----------------------------------------------------------------------===//

/// A row of ones for the columns that sum inputs up, but for bytes that were
/// in the sum before.
Value TileExpansion::makeOnes(int64_t repeated) {
  auto type = RankedTensorType::get({kTileRowBytes}, e.getI8Type());
  SmallVector<int8_t> ones;
  for (int64_t i = 0; i < kTileRowBytes; ++i)
    ones.push_back(i % 4 >= repeated);
  return tiles.getAddress(
      e.table(DenseElementsAttr::get<int8_t>(type, ArrayRef<int8_t>(ones))));
}

/// The products of a part of a run; offsets are those of the run.
void TileExpansion::addProducts(const ChannelsOfBlock &block, Value inputOffset,
                                Value weightOffset, const TileStep &step,
                                Steps &steps) {
  int64_t rowBytes = block.allLanes * layout.dot;
  int64_t columns = block.vectors + (sumsInputs() ? 1 : 0);
  bool keepsInputs = plan.keepsInputs(step.kind);
  auto loadInput = [=](int64_t tile) {
    int64_t pixel = tile * plan.rows * space.inputStride;
    Value offset = e.add(inputOffset, step.start + pixel);
    tiles.load(plan.getInput(step.kind, tile), tiles.getAddress(input, offset),
               space.inputStride);
  };
  for (int64_t column = 0; column < columns; ++column)
    for (int64_t tile = 0; tile < plan.pixelTiles; ++tile)
      steps.push_back([=] {
        if (column == 0 || !keepsInputs)
          loadInput(tile);
        unsigned weights = plan.getWeights(step.kind, column);
        if (tile == 0 && column == block.vectors) {
          tiles.load(weights, makeOnes(step.repeated), 0);
        } else if (tile == 0) {
          Value offset = e.add(weightOffset,
                               step.step * rowBytes + column * kTileRowBytes);
          tiles.load(weights, tiles.getAddress(filter, offset), rowBytes);
        }
        tiles.dot(plan.getAccumulator(tile, column),
                  plan.getInput(step.kind, tile), weights,
                  op.getInputUnsigned());
      });
}

/// Input of a run of the window, from the window's.
Value TileExpansion::getRunInput(Value window, Value run) {
  ArrayRef<int64_t> in = op.getInput().getType().getShape();
  int64_t strideX = op.getDilations()[1] * in[3];
  int64_t strideY = op.getDilations()[0] * in[2] * in[3];
  if (layout.runsX == 1)
    return e.add(window, e.mul(run, strideY));
  Value y = arith::DivUIOp::create(e, run, e.index(layout.runsX));
  Value x = arith::RemUIOp::create(e, run, e.index(layout.runsX));
  return e.add(e.add(window, e.mul(y, strideY)), e.mul(x, strideX));
}

/// A run that is too long to be written out: a loop over parts of the first
/// kind, which are equal, and then the others.
void TileExpansion::emitRun(const ChannelsOfBlock &block, Value inputOffset,
                            Value weightOffset) {
  int64_t looped = llvm::count_if(
      plan.steps, [](const TileStep &step) { return step.kind == 0; });
  // A last part of one quad may be of the first kind and not follow the rest.
  if (plan.steps.back().repeated != 0 && plan.steps.back().kind == 0)
    --looped;
  int64_t quads = plan.kinds.front();
  e.loop(0, looped, 1, [&](Value part) {
    Steps steps;
    addProducts(
        block, e.add(inputOffset, e.mul(part, 4 * quads)),
        e.add(weightOffset, e.mul(part, quads * block.allLanes * layout.dot)),
        plan.steps.front(), steps);
    interleave(steps, {});
  });
  Steps steps;
  for (const TileStep &step : ArrayRef(plan.steps).drop_front(looped))
    addProducts(block, inputOffset, weightOffset, step, steps);
  interleave(steps, {});
}

/// All products of a block of pixels, with the others in between.
void TileExpansion::multiply(const ChannelsOfBlock &block, Value window,
                             Steps others) {
  int64_t runs = layout.runsY * layout.runsX;
  int64_t runWeights = layout.steps * block.allLanes * layout.dot;
  int64_t ofRun =
      static_cast<int64_t>(plan.steps.size()) * plan.columns * plan.pixelTiles;
  auto addRun = [&](Value run, Steps &steps) {
    for (const TileStep &step : plan.steps)
      addProducts(block, getRunInput(window, run),
                  e.add(block.weights, e.mul(run, runWeights)), step, steps);
  };
  if (ofRun > kUnrolledProducts) {
    interleave({}, others);
    e.loop(0, runs, 1, [&](Value run) {
      emitRun(block, getRunInput(window, run),
              e.add(block.weights, e.mul(run, runWeights)));
    });
    return;
  }
  int64_t unrolled = std::min(runs, kUnrolledProducts / ofRun);
  Steps steps;
  for (int64_t run = 0; run < unrolled; ++run)
    addRun(e.index(run), steps);
  interleave(steps, others);
  if (unrolled < runs)
    e.loop(unrolled, runs, 1, [&](Value run) {
      Steps inner;
      addRun(run, inner);
      interleave(inner, {});
    });
}

LogicalResult kernel::expandConv2DTiles(VectorEmitter &e, Conv2DOp op,
                                        const ConvolutionLayout &layout) {
  ScheduleAttr schedule = op.getScheduleAttr();
  PixelSpace space = PixelSpace::of(op, schedule);
  std::optional<TilePlan> plan =
      getTilePlan(layout, schedule.getPixels(), space.pixels);
  if (!plan)
    return op.emitOpError("schedule family 'tdpb' needs runs of at least 4 "
                          "elements and a block that fits eight tile "
                          "registers, found runs of ")
           << layout.runLength << " and blocks of " << schedule.getVectors()
           << " vectors times " << schedule.getPixels() << " pixels";
  TileExpansion(e, op, layout, space, *plan).expand();
  return success();
}
