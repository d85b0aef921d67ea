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
// As elsewhere the last block of pixels of a row is moved back. Where runs are
// read beyond their end, the last run of the very last block is read from a
// copy.
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
    /// The first pixel of the row.
    Value pixel;
    /// Whether it is the last one; null where nobody asks.
    Value isLast;
  };
  /// A run of the window at a place: the offset of its input, how many steps of
  /// the window come before it, and whether inputs are to be read from the
  /// copy; null if never.
  struct Run {
    Value input, steps, isCopied;
  };

  bool sumsInputs() const { return layout.zeroPoint != 0; }
  /// Whether rows of accumulators begin with the bias; else it is added later.
  bool startsWithBias() const { return layout.groupOutputs >= layout.lanes; }
  int64_t countPlaces() const;
  Place getPlace(const ChannelsOfBlock &block, Value number);

  Value makeBuffer(int64_t size, Type element);
  void copyLastRun();
  void loadOnes(unsigned tile, const TileStep &step);
  void emitBlock(const ChannelsOfBlock &block);
  void start(const ChannelsOfBlock &block);
  void keep(const ChannelsOfBlock &block);
  void multiply(const ChannelsOfBlock &block, const Place &place, Steps others);
  void loadInput(const Run &run, const TileStep &step, int64_t tile);
  void addProducts(const ChannelsOfBlock &block, const Run &run,
                   const TileStep &step, Steps &steps);
  void emitLongRun(const ChannelsOfBlock &block, const Run &run);
  Value getRunInput(Value window, Value run);
  Run getRun(const ChannelsOfBlock &block, const Place &place, Value number);
  Steps listOutputs(const ChannelsOfBlock &block, Value output, Value pixel);
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
  Value input, filter, bias, kept, copy;
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

/// Memory in the function's frame.
Value TileExpansion::makeBuffer(int64_t size, Type element) {
  OpBuilder::InsertionGuard guard(e);
  auto function = op->getParentOfType<FunctionOpInterface>();
  e.setInsertionPointToStart(&function.getFunctionBody().front());
  return memref::AllocaOp::create(e, MemRefType::get({size}, element),
                                  e.getI64IntegerAttr(kTileRowBytes));
}

/// Copies what the last block of pixels reads of its last run, to where there
/// is something behind it.
void TileExpansion::copyLastRun() {
  int64_t bytes = (plan.getPixels() - 1) * space.inputStride + layout.runLength;
  Value buffer = makeBuffer(bytes + layout.dot, e.getI8Type());
  ChannelsOfBlock any;
  any.channel = groupInput = e.index(0);
  Place last = getPlace(any, e.index(countPlaces() - 1));
  Value run = e.index(layout.runsY * layout.runsX - 1);
  e.copy(flatten(e, op.getInput()), getRunInput(last.input, run), buffer,
         e.index(0), bytes);
  copy = tiles.getAddress(buffer);
}

void TileExpansion::expand() {
  // One tile of accumulators behind the other.
  scratch = makeBuffer(plan.getNumAccumulators() * plan.rows * layout.lanes,
                       e.getI32Type());
  kept = tiles.getAddress(scratch);
  input = tiles.getAddress(op.getInput());
  filter = tiles.getAddress(op.getFilter());
  bias = tiles.getAddress(op.getBias());
  if (layout.padsRuns)
    copyLastRun();
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
  Value isLast;
  if (layout.padsRuns)
    isLast =
        e.compare(arith::CmpIPredicate::eq, number, e.index(countPlaces() - 1));
  return {inputOffset, outputOffset, first, isLast};
}

void TileExpansion::emitBlock(const ChannelsOfBlock &block) {
  scales.clear();
  for (const ChannelSet &set : block.sets)
    scales.push_back(outputs.prepare(block, set));
  if (!startsWithBias())
    lateBias = e.load(op.getBias(), block.channel, layout.groupOutputs);
  // Outputs are made a turn later, so the first turn and the last outputs stand
  // alone.
  Place first = getPlace(block, e.index(0));
  start(block);
  multiply(block, first, {});
  keep(block);
  SmallVector<Value> last = {first.output, first.pixel};
  if (int64_t count = countPlaces(); count > 1)
    last = e.loop(e.index(1), e.index(count), 1, last,
                  [&](Value number, ValueRange before) -> SmallVector<Value> {
                    Place place = getPlace(block, number);
                    start(block);
                    multiply(block, place,
                             listOutputs(block, before[0], before[1]));
                    keep(block);
                    return {place.output, place.pixel};
                  });
  interleave({}, listOutputs(block, last[0], last[1]));
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
        Value element = e.add(block.channel, set.start + v * layout.lanes);
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

Steps TileExpansion::listOutputs(const ChannelsOfBlock &block, Value output,
                                 Value pixel) {
  outputs.enterTile(pixel);
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

/// Ones for the columns that sum inputs up, but for bytes that were in the sum
/// before or lie behind the run.
void TileExpansion::loadOnes(unsigned tile, const TileStep &step) {
  // All rows are alike, but the last one of a run that is read beyond its end.
  bool isPadded = step.lastElements < layout.dot;
  int64_t rows = isPadded ? step.quads : 1;
  SmallVector<int8_t> ones;
  for (int64_t i = 0; i < rows * kTileRowBytes; ++i) {
    int64_t element = i % layout.dot;
    bool isLastRow = i / kTileRowBytes == rows - 1;
    ones.push_back(element >= step.repeated &&
                   (!isLastRow || element < step.lastElements));
  }
  auto type = RankedTensorType::get({rows * kTileRowBytes}, e.getI8Type());
  Value table =
      e.table(DenseElementsAttr::get<int8_t>(type, ArrayRef<int8_t>(ones)));
  tiles.load(tile, tiles.getAddress(table), isPadded ? kTileRowBytes : 0);
}

void TileExpansion::loadInput(const Run &run, const TileStep &step,
                              int64_t tile) {
  int64_t start = step.start + tile * plan.rows * space.inputStride;
  Value address = tiles.getAddress(input, e.add(run.input, start));
  if (run.isCopied && step.lastElements < layout.dot)
    address = arith::SelectOp::create(
        e, run.isCopied, tiles.getAddress(copy, e.index(start)), address);
  tiles.load(plan.getInput(step.kind, tile), address, space.inputStride);
}

/// The products of a part of a run.
void TileExpansion::addProducts(const ChannelsOfBlock &block, const Run &run,
                                const TileStep &step, Steps &steps) {
  int64_t columns = block.vectors + (sumsInputs() ? 1 : 0);
  bool keepsInputs = plan.keepsInputs(step.kind);
  auto multiplyTiles = [=, &block](int64_t tile, int64_t column) {
    if (column == 0)
      loadInput(run, step, tile);
    unsigned weights = plan.getWeights(step.kind, column);
    bool isLoaded = keepsInputs && tile > 0;
    if (!isLoaded && column == block.vectors) {
      loadOnes(weights, step);
    } else if (!isLoaded) {
      const WeightPlace &place = block.places[column];
      Value offset = e.add(e.add(block.weights, e.mul(run.steps, place.stride)),
                           place.offset + step.step * place.stride);
      tiles.load(weights, tiles.getAddress(filter, offset), place.stride);
    }
    tiles.dot(plan.getAccumulator(tile, column), plan.getInput(step.kind, tile),
              weights, op.getInputUnsigned());
  };
  for (int64_t i = 0; i < columns * plan.pixelTiles; ++i) {
    int64_t tile = keepsInputs ? i % plan.pixelTiles : i / columns;
    int64_t column = keepsInputs ? i / plan.pixelTiles : i % columns;
    steps.push_back([=] { multiplyTiles(tile, column); });
  }
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

TileExpansion::Run TileExpansion::getRun(const ChannelsOfBlock &block,
                                         const Place &place, Value number) {
  Run run{getRunInput(place.input, number), e.mul(number, layout.steps),
          place.isLast};
  if (run.isCopied) {
    Value isLastRun = e.compare(arith::CmpIPredicate::eq, number,
                                e.index(layout.runsY * layout.runsX - 1));
    run.isCopied = arith::AndIOp::create(e, run.isCopied, isLastRun);
  }
  return run;
}

/// A run that is too long to be written out: a loop over parts of the first
/// kind, which are equal, and then the others.
void TileExpansion::emitLongRun(const ChannelsOfBlock &block, const Run &run) {
  const TileStep &last = plan.steps.back();
  int64_t looped = llvm::count_if(
      plan.steps, [](const TileStep &step) { return step.kind == 0; });
  // The last part may be of the first kind and yet not like the others.
  if (last.kind == 0 && (last.repeated != 0 || last.lastElements < layout.dot))
    --looped;
  int64_t quads = plan.kinds.front();
  e.loop(0, looped, 1, [&](Value part) {
    Run rest{e.add(run.input, e.mul(part, layout.dot * quads)),
             e.add(run.steps, e.mul(part, quads)),
             {}};
    Steps steps;
    addProducts(block, rest, plan.steps.front(), steps);
    interleave(steps, {});
  });
  Steps steps;
  for (const TileStep &step : ArrayRef(plan.steps).drop_front(looped))
    addProducts(block, run, step, steps);
  interleave(steps, {});
}

/// All products of a block of pixels, with the others in between.
void TileExpansion::multiply(const ChannelsOfBlock &block, const Place &place,
                             Steps others) {
  int64_t runs = layout.runsY * layout.runsX;
  int64_t ofRun =
      static_cast<int64_t>(plan.steps.size()) * plan.columns * plan.pixelTiles;
  auto addRun = [&](Value number, Steps &steps) {
    Run run = getRun(block, place, number);
    for (const TileStep &step : plan.steps)
      addProducts(block, run, step, steps);
  };
  if (ofRun > kUnrolledProducts) {
    interleave({}, others);
    e.loop(0, runs, 1, [&](Value number) {
      emitLongRun(block, getRun(block, place, number));
    });
    return;
  }
  int64_t unrolled = std::min(runs, kUnrolledProducts / ofRun);
  Steps steps;
  for (int64_t number = 0; number < unrolled; ++number)
    addRun(e.index(number), steps);
  interleave(steps, others);
  if (unrolled < runs)
    e.loop(unrolled, runs, 1, [&](Value number) {
      Steps inner;
      addRun(number, inner);
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
