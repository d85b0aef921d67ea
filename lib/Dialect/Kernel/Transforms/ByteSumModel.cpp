// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Instructions of a group of n steps: for each pixel and step an input in all
// lanes, for each vector n products, n - 1 sums of 16 bits, one that widens and
// one of 32 bits. How many groups there are depends on the weights: a sample of
// them is sorted as packing will sort all.

#include "ByteSumModel.h"

#include "PackWeights.h"
#include "qopt/Dialect/Kernel/IR/ByteSumLayout.h"
#include "qopt/Dialect/Kernel/IR/PixelRows.h"
#include "qopt/Numerics/ByteSums.h"

using namespace mlir;
using namespace qopt;
using namespace qopt::kernel;

static constexpr double kIssue = 2;
/// What a core takes until a group's sums are added, at least.
static constexpr double kLatency = 5;
/// Addresses and the loop around a tile; those of a group of steps.
static constexpr double kTile = 16;
static constexpr double kGroup = 3;
/// The address of a pixel that may be on the next row.
static constexpr double kWrap = 4;
/// Loads by so many addresses.
static constexpr double kWrapped = 1.06;
/// Packed weights grow by split steps: by a tenth for 3 % of the time at least,
/// and for any gain at all by the order of steps.
static constexpr double kMargin = 1.02;
static constexpr double kMarginOfGrowth = 0.3;
static constexpr double kMostGrowth = 1.5;
/// Four steps a sum are not looked at where those of two are more by this.
static constexpr double kMostToDouble = 1.15;
/// Steps and blocks of channels that are looked at.
static constexpr int64_t kSampledSteps = 128;
static constexpr int64_t kSampledBlocks = 2;

namespace {
/// The weights of an op, and how many steps sorting makes of one.
class Sample {
public:
  Sample(Conv2DOp op, ArrayRef<int8_t> filter) : op(op), filter(filter) {}

  double getGrowth(ScheduleAttr schedule);

private:
  numerics::ByteSums sort(const ConvolutionLayout &layout, int64_t block,
                          int64_t steps, int64_t together);

  Conv2DOp op;
  ArrayRef<int8_t> filter;
};
} // namespace

numerics::ByteSums Sample::sort(const ConvolutionLayout &layout, int64_t block,
                                int64_t steps, int64_t together) {
  int64_t lanes = layout.getPanelLanes(block), dot = layout.dot;
  int64_t all = layout.getStepsOfWindow();
  int64_t window = layout.runsY * layout.runsX * layout.runLength;
  bool isUnsigned = op.getFilterUnsigned();
  SmallVector<int16_t> weights(steps * lanes * dot, 0);
  for (int64_t i = 0; i < steps; ++i) {
    int64_t number = i * all / steps;
    Stretch k = layout.getStep(number % layout.steps);
    int64_t start = number / layout.steps * layout.runLength + k.start;
    for (int64_t lane = 0; lane < lanes; ++lane) {
      int64_t channel =
          layout.getPackedChannel(block * layout.panelLanes + lane);
      for (int64_t j = k.repeated; j < k.size; ++j) {
        if (channel >= layout.groupOutputs)
          continue;
        int8_t stored = filter[channel * window + start + j];
        weights[(i * lanes + lane) * dot + j] = static_cast<int16_t>(
            (isUnsigned ? static_cast<uint8_t>(stored) : stored) -
            layout.weightOffset);
      }
    }
  }
  return numerics::planByteSums(weights.data(), steps, lanes, together);
}

double Sample::getGrowth(ScheduleAttr schedule) {
  ConvolutionLayout layout = getConvolutionLayout(op, schedule);
  int64_t steps = std::min(layout.getStepsOfWindow(), kSampledSteps);
  int64_t blocks = std::min(layout.getNumPanels(), kSampledBlocks);
  double count = 0;
  for (int64_t i = 0; i < blocks; ++i)
    count += sort(layout, i * layout.getNumPanels() / blocks, steps,
                  schedule.getSteps())
                 .steps.size();
  return count / static_cast<double>(steps * blocks);
}

/// Widest vector of 32-bit lanes that the target has the instruction for.
static int64_t getWidestLanes(const cpu::TargetFacts &facts) {
  return facts.vectorBytes / 4;
}

static double getCost(Conv2DOp op, ScheduleAttr schedule, double tiles,
                      double growth, bool flips, FinishCost finish) {
  ConvolutionLayout layout = getConvolutionLayout(op, schedule);
  double steps = schedule.getSteps(), pixels = schedule.getPixels();
  bool wraps = wrapsRows(op, schedule);
  double groups = layout.getStepsOfWindow() * growth / steps;
  auto getBlockCost = [&](int64_t block) {
    double vectors = static_cast<double>(layout.getBlockVectors(block));
    double group = vectors * steps + pixels * steps * (flips ? 2 : 1) +
                   pixels * vectors * (2 * steps + 1) + 2 * steps + kGroup;
    return tiles *
           (groups * std::max(kLatency, group / kIssue) +
            finish(layout, block, schedule.getPixels()) +
            (vectors * 4 + kTile + (wraps ? pixels * kWrap : 0)) / kIssue);
  };
  int64_t blocks = layout.getNumBlocks();
  double cost = (blocks - 1) * getBlockCost(0) + getBlockCost(blocks - 1);
  // As for other families.
  return wraps ? cost * kWrapped : cost;
}

/// Whether a tile's sums, a product of each vector, the ones and an input fit
/// the registers; weights are read by the instruction. More than two vectors
/// were slower wherever there is more than one pixel.
static bool fitsRegisters(int64_t pixels, int64_t vectors,
                          const cpu::TargetFacts &facts) {
  int64_t sums = pixels * vectors;
  return sums <= 16 && (pixels == 1 || vectors <= 2) &&
         sums + vectors + 2 <= facts.vectorRegisters;
}

void kernel::addByteSumCosts(Conv2DOp op, const cpu::TargetFacts &facts,
                             bool flips, bool interleave, CountRows countRows,
                             FinishCost finish,
                             SmallVectorImpl<ExpectedCost> &costs) {
  if (!facts.sse41 || !allowsByteSums(op))
    return;
  auto filter = readConstant<int8_t>(op.getFilter());
  DenseElementsAttr bias;
  if (!filter || (flips && !matchPattern(op.getBias(), m_Constant(&bias))))
    return;
  ArrayRef<int64_t> out = op.getInit().getType().getShape();
  int64_t outputs = out[3];
  bool isSingle = out[0] * out[1] * out[2] == 1;
  // The bytes of weights that no cache keeps are what such a layer waits for:
  // better fewer of them, and several threads.
  if (isSingle && filter->size() > facts.l2Bytes)
    return;
  Sample sample(op, *filter);
  auto getSchedule = [&](int64_t lanes, int64_t vectors, unsigned steps,
                         TileAxis axis, int64_t pixels) {
    return ScheduleAttr::get(op.getContext(), InstructionFamily::PMADDUBSW,
                             lanes, vectors, pixels, axis,
                             interleave && outputs >= lanes, steps);
  };
  auto addTiles = [&](int64_t lanes, int64_t vectors, unsigned steps,
                      double growth) {
    double margin = kMargin + kMarginOfGrowth * (growth - 1);
    for (TileAxis axis : {TileAxis::Width, TileAxis::Height})
      for (int64_t pixels = 1; fitsRegisters(pixels, vectors, facts);
           ++pixels) {
        ScheduleAttr schedule =
            getSchedule(lanes, vectors, steps, axis, pixels);
        auto [rows, inRow] = countRows(op, schedule);
        if (pixels > inRow)
          break;
        double tiles =
            static_cast<double>(rows) * llvm::divideCeil(inRow, pixels);
        costs.push_back(
            {margin * getCost(op, schedule, tiles, growth, flips, finish),
             schedule});
      }
  };
  int64_t mostVectors = isSingle ? 4 : 2;
  for (int64_t lanes = getWidestLanes(facts); lanes >= 4; lanes /= 2) {
    // Lanes that no channel uses are of no use if half as many suffice.
    if (lanes / 2 >= outputs && lanes / 2 >= 4)
      continue;
    int64_t vectorsOfGroup = llvm::divideCeil(outputs, lanes);
    for (int64_t vectors = 1; vectors <= std::min(vectorsOfGroup, mostVectors);
         ++vectors)
      for (unsigned steps : {1, 2, 4}) {
        double growth = sample.getGrowth(
            getSchedule(lanes, vectors, steps, TileAxis::Width, 1));
        if (growth > kMostGrowth)
          break;
        addTiles(lanes, vectors, steps, growth);
        if (steps == 2 && growth > kMostToDouble)
          break;
      }
  }
}
