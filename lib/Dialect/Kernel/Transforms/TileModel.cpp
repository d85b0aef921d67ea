// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Cycles of tile instructions, as measured on a server core with AMX. A product
// takes its time for the rows of pixels, however few bytes are in them; loads
// run beside products unless their rows cross cache lines; going through memory
// to the vector registers is what makes short sums not worth a tile.

#include "TileModel.h"

#include "qopt/Dialect/Kernel/IR/TilePlan.h"

using namespace mlir;
using namespace qopt;
using namespace qopt::kernel;

/// A load, what it adds beside products, and what it adds for each line that
/// rows cross.
static constexpr double kLoad = 9, kLoadBeside = 3, kCrossing = 2;
/// A store and the loads of the rows by vectors, for a tile of 16 rows.
static constexpr double kThroughMemory = 32;
static constexpr double kConfigure = 200;
/// A block of pixels: addresses.
static constexpr double kBlock = 12;
/// Packed results of several pixels are shuffled apart and stored one by one.
static constexpr double kApart = 2;
/// Fewer pixels are as well off with vectors, which read the weights as fast.
static constexpr int64_t kLeastRows = 4;

static double getProductCost(const TilePlan &plan) {
  return 8 + 0.5 * plan.rows;
}

/// A tile of inputs, if pixels begin where lines do.
static double getInputLoad(const TilePlan &plan, const TileStep &step,
                           int64_t stride) {
  double cost = kLoad;
  for (int64_t row = 0; row < plan.rows; ++row)
    if ((step.start + row * stride) % 64 + 4 * step.quads > 64)
      cost += kCrossing;
  return cost;
}

/// All products of one block of pixels and `columns` columns.
static double getProductsCost(const TilePlan &plan, int64_t columns,
                              int64_t stride) {
  double cost = 0;
  for (const TileStep &step : plan.steps) {
    // Weights are loaded anew for each tile of inputs if one has to go.
    int64_t weights =
        columns * (plan.keepsInputs(step.kind) ? 1 : plan.pixelTiles);
    double products = plan.pixelTiles * columns * getProductCost(plan) +
                      kLoadBeside * (plan.pixelTiles + weights);
    double loads =
        plan.pixelTiles * getInputLoad(plan, step, stride) + weights * kLoad;
    cost += std::max(products, loads);
  }
  return cost;
}

/// What bytes of pixels that were packed together cost.
static double getApartCost(const ConvolutionLayout &layout, int64_t block,
                           int64_t pixels) {
  double cost = 0;
  for (const ChannelSet &set : layout.getSets(block))
    if (layout.interleaved && set.vectors < 4)
      cost += llvm::divideCeil(pixels * set.vectors, 4) * kApart;
  return cost;
}

static double getCost(Conv2DOp op, const ConvolutionLayout &layout,
                      const TilePlan &plan, int64_t places, int64_t stride,
                      FinishCost finish) {
  int64_t runs = layout.runsY * layout.runsX;
  int64_t sums = layout.zeroPoint != 0 ? 1 : 0;
  auto getBlockCost = [&](int64_t block) {
    int64_t columns = layout.getBlockVectors(block) + sums;
    return places *
           (runs * getProductsCost(plan, columns, stride) +
            plan.pixelTiles * columns * kThroughMemory * plan.rows / kTileRows +
            finish(layout, block, plan.getPixels()) +
            getApartCost(layout, block, plan.getPixels()) + kBlock);
  };
  int64_t blocks = layout.getNumBlocks();
  double cost = (blocks - 1) * getBlockCost(0) + getBlockCost(blocks - 1);
  return layout.groups * cost + kConfigure;
}

void kernel::addTileCosts(Conv2DOp op, const cpu::TargetFacts &facts,
                          bool interleave, FinishCost finish,
                          SmallVectorImpl<ExpectedCost> &costs) {
  ShapedType input = op.getInput().getType(), output = op.getInit().getType();
  if (!facts.amxInt8 || !facts.avx512 || facts.vectorBytes < kTileRowBytes ||
      !input.getElementType().isInteger(8) ||
      !op.getFilter().getType().getElementType().isInteger(8) ||
      !op.getBias().getType().getElementType().isInteger(32))
    return;
  ArrayRef<int64_t> out = output.getShape();
  int64_t pixels = out[0] * out[1] * out[2];
  int64_t groupOutputs = out[3] / op.getGroups();
  bool isPointwise = op.getKernel()[0] == 1 && op.getKernel()[1] == 1 &&
                     op.getStrides()[0] == 1 && op.getStrides()[1] == 1;
  for (TileAxis axis : {TileAxis::Width, TileAxis::Height}) {
    bool isWidth = axis == TileAxis::Width;
    int64_t inRow = isPointwise ? pixels : isWidth ? out[2] : out[1];
    int64_t stride = input.getShape()[3] * op.getStrides()[isWidth ? 1 : 0] *
                     (isWidth ? 1 : input.getShape()[2]);
    if (inRow < kLeastRows || (isPointwise && !isWidth))
      continue;
    for (int64_t size = kLeastRows; size <= std::min(inRow, 2 * kTileRows);
         size += size < kTileRows ? 1 : 2) {
      for (int64_t vectors = 1; vectors <= 6; ++vectors) {
        auto schedule = ScheduleAttr::get(
            op.getContext(), InstructionFamily::TDPB, /*lanes=*/16, vectors,
            size, axis, interleave && groupOutputs >= 16, /*steps=*/1);
        ConvolutionLayout layout = getConvolutionLayout(op, schedule);
        std::optional<TilePlan> plan = getTilePlan(layout, size, inRow);
        if (!plan || vectors > layout.getNumVectors())
          continue;
        int64_t places =
            pixels / inRow * llvm::divideCeil(inRow, plan->getPixels());
        costs.push_back(
            {getCost(op, layout, *plan, places, stride, finish), schedule});
      }
    }
  }
}
