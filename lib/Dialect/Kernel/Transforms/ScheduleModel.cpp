//===- ScheduleModel.cpp - What a schedule is expected to cost ------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Counts the instructions that a schedule would execute and divides them by the
// two that a core is assumed to start in a cycle; a step of the sum of products
// takes at least the latency of an accumulation. The numbers are those of no
// particular processor: what decides is how often weights and inputs are
// loaded for a product, how much of a tile lies beyond the edge of the output,
// and whether everything fits the registers.
//
//===----------------------------------------------------------------------===//

#include "ScheduleModel.h"

#include "ByteSumModel.h"
#include "TileModel.h"
#include "qopt/Dialect/Kernel/IR/DepthwiseLayout.h"
#include "qopt/Dialect/Kernel/IR/PixelRows.h"

#include "mlir/IR/Matchers.h"

#include <algorithm>
#include <limits>

using namespace mlir;
using namespace qopt;
using namespace qopt::kernel;
using cpu::Architecture;
using cpu::TargetFacts;

/// Instructions for loading, adding up and finishing; latency in cycles.
namespace {
struct FamilyCost {
  double weights, input, dot;
  /// Factor of tiles that go on in the next row. On x86 addresses take the few
  /// registers, and 3 x 3 windows on rows of seven were measured to be 6 to 13
  /// % faster by tiles of seven.
  double wrap = 1.06;
};
} // namespace

static constexpr double kLatency = 5;
static constexpr double kIssue = 2;
/// Requantization and store of one vector of results.
static constexpr double kStages = 14;
/// The same where four vectors are packed at a time, and what that adds.
static constexpr double kPackedStages = 7;
static constexpr double kPack = 8;
/// Accumulators of a tile. Twice the latency of an accumulation at two a cycle
/// is 10; more than 16 hardly gain and take code and registers, but where one
/// instruction does so much that loads and shuffles are what a core cannot
/// start in time.
static int64_t getMostAccumulators(InstructionFamily family) {
  switch (family) {
  case InstructionFamily::SDOT:
    return 21;
  case InstructionFamily::SMMLA:
    return 24;
  default:
    return 16;
  }
}
/// Addresses and the loop around a tile.
static constexpr double kTile = 12;
/// The address of a pixel that may be on the next row.
static constexpr double kWrap = 4;
static constexpr double kNeonWrap = 1.02;
/// Widening a part of an input where it is multiplied.
static constexpr double kWiden = 1.5;

static FamilyCost getFamilyCost(InstructionFamily family, bool flips,
                                bool isFloat, const TargetFacts &facts) {
  switch (family) {
  case InstructionFamily::Plain:
    if (isFloat)
      return {1, 1, facts.fma ? 1.0 : 2.0};
    return {1, 2, 3};
  case InstructionFamily::TapPairs:
    return {1, 1, 2};
  case InstructionFamily::PMADDWD:
    // Inputs are widened once for all channels, weights for each tile.
    return {2, 1, 2};
  case InstructionFamily::VPDPBUSD:
    return {1, flips ? 2.0 : 1.0, 1};
  case InstructionFamily::SMULL:
    return {1, flips ? 2.0 : 1.0, 2};
  case InstructionFamily::SDOT:
    // Sixteen bytes of a pixel are one load for four steps.
    if (facts.inOrder)
      return {2.5, flips ? 0.875 : 0.625, 1, kNeonWrap};
    return {1, flips ? 0.5 : 0.25, 1, kNeonWrap};
  case InstructionFamily::SMMLA:
    // Two instructions for two pixels; for two steps of two pixels two loads
    // and two shuffles, which fewer units can do.
    return {2, 1.25, 1, kNeonWrap};
  case InstructionFamily::PMADDUBSW:
  case InstructionFamily::TDPB:
    break;
  }
  llvm_unreachable("unknown instruction family");
}

static bool isConstant(Value value) {
  Attribute attribute;
  return value && matchPattern(value, m_Constant(&attribute));
}

//===----------------------------------------------------------------------===//
// Convolution
//===----------------------------------------------------------------------===//

/// Families for the types, the best first, of those whose input flip (if any)
/// can be folded into the bias. Which of those with matrix and dot products is
/// better depends on the shape.
static SmallVector<InstructionFamily>
getConvolutionFamilies(Conv2DOp op, const TargetFacts &facts) {
  Type input = op.getInput().getType().getElementType();
  Type accumulator = op.getBias().getType().getElementType();
  if (isa<FloatType>(input) || !accumulator.isInteger(32))
    return {InstructionFamily::Plain};
  bool isX86 = facts.architecture == Architecture::X86;
  if (input.isInteger(16))
    return {isX86 ? InstructionFamily::PMADDWD : InstructionFamily::Plain};
  SmallVector<InstructionFamily> families;
  if (facts.avx512VNNI || facts.avxVNNI)
    families.push_back(InstructionFamily::VPDPBUSD);
  if (isX86)
    families.push_back(InstructionFamily::PMADDWD);
  if (facts.dotprod)
    families.push_back(InstructionFamily::SDOT);
  if (facts.neon)
    families.push_back(InstructionFamily::SMULL);
  families.push_back(InstructionFamily::Plain);
  auto allows = [&](InstructionFamily family) {
    return getInputFlip(family, input, op.getInputUnsigned()) == 0 ||
           isConstant(op.getBias());
  };
  SmallVector<InstructionFamily> best = {*llvm::find_if(families, allows)};
  if (facts.i8mm)
    best.push_back(InstructionFamily::SMMLA);
  return best;
}

/// Widest vector of 32-bit lanes that the family has instructions for.
static int64_t getWidestLanes(InstructionFamily family,
                              const TargetFacts &facts) {
  switch (family) {
  case InstructionFamily::VPDPBUSD:
    return facts.avx512VNNI && facts.vectorBytes == 64 ? 16 : 8;
  case InstructionFamily::SMULL:
  case InstructionFamily::SDOT:
  case InstructionFamily::SMMLA:
    return 4;
  default:
    return facts.vectorBytes / 4;
  }
}

/// Rows of pixels and pixels in a row, as ExpandConv2D walks them.
static std::pair<int64_t, int64_t> getRows(Conv2DOp op, ScheduleAttr schedule) {
  ArrayRef<int64_t> out = op.getInit().getType().getShape();
  if (isPixelwise(op))
    return {1, out[0] * out[1] * out[2]};
  if (wrapsRows(op, schedule))
    return {out[0], out[1] * out[2]};
  if (schedule.getAxis() == TileAxis::Width)
    return {out[0] * out[1], out[2]};
  return {out[0] * out[2], out[1]};
}

/// Pixels whose sums a tile has registers for: matrix products come in pairs.
static int64_t getSummedPixels(InstructionFamily family, int64_t pixels) {
  return family == InstructionFamily::SMMLA ? llvm::alignTo(pixels, 2) : pixels;
}

/// From the sums of a tile to outputs.
static double getFinishCost(const ConvolutionLayout &layout, int64_t block,
                            int64_t pixels) {
  int64_t vectors = layout.getBlockVectors(block);
  double finish = pixels * vectors * kStages;
  if (layout.interleaved) {
    finish = pixels * vectors * kPackedStages;
    for (const ChannelSet &set : layout.getSets(block))
      finish += llvm::divideCeil(pixels * set.vectors, 4) * kPack;
  }
  return finish / kIssue;
}

/// Whether inputs are summed up beside the products: not where they are widened
/// ahead.
static bool carriesSums(Conv2DOp op, const ConvolutionLayout &layout,
                        InstructionFamily family) {
  return layout.zeroPoint != 0 &&
         (family != InstructionFamily::PMADDWD || op.getGroups() != 1);
}

static double getCost(Conv2DOp op, ScheduleAttr schedule,
                      const FamilyCost &family) {
  ConvolutionLayout layout = getConvolutionLayout(op, schedule);
  auto [rows, pixels] = getRows(op, schedule);
  int64_t tilePixels = schedule.getPixels();
  double tiles = rows * ((pixels + tilePixels - 1) / tilePixels);
  // Sums of matrix products are taken apart at the end.
  bool isMatrix = schedule.getFamily() == InstructionFamily::SMMLA;
  int64_t dotPixels = getSummedPixels(schedule.getFamily(), tilePixels);
  double sums = carriesSums(op, layout, schedule.getFamily())
                    ? tilePixels * family.dot
                    : 0;
  double products =
      static_cast<double>(layout.dot) / getDotWidth(schedule.getFamily());
  auto blockCost = [&](int64_t block) {
    int64_t vectors = layout.getBlockVectors(block);
    double step = vectors * family.weights + dotPixels * family.input +
                  dotPixels * vectors * family.dot + sums;
    double stepCycles = products * std::max(kLatency, step / kIssue);
    double finish =
        getFinishCost(layout, block, tilePixels) +
        (vectors * 4 + kTile + (isMatrix ? dotPixels * vectors : 0) +
         (wrapsRows(op, schedule) ? tilePixels * kWrap : 0)) /
            kIssue;
    return tiles * (layout.getStepsOfWindow() * stepCycles + finish);
  };
  double cost = 0;
  int64_t blocks = layout.getNumBlocks();
  int64_t last = layout.getBlockVectors(blocks - 1);
  if (blocks > 1)
    cost += (blocks - 1) * blockCost(0);
  cost += blockCost(blocks - 1);
  if (wrapsRows(op, schedule))
    cost *= family.wrap;
  // A second kind of block is more code: only if it pays.
  if (blocks > 1 && last != layout.vectors)
    cost *= 1.02;
  return cost * layout.groups;
}

/// Whether results are bytes that packing may saturate, and the constants of
/// channels can be brought into its order.
static bool allowsInterleaving(Conv2DOp op, InstructionFamily family,
                               const TargetFacts &facts) {
  if (family == InstructionFamily::Plain ||
      !op.getInit().getType().getElementType().isInteger(8) ||
      op.getStages().empty() || !isConstant(op.getBias()) ||
      (op.getMultiplier() && !isConstant(op.getMultiplier())) ||
      (op.getShift() && !isConstant(op.getShift())))
    return false;
  // A table of bytes is looked up after packing.
  ArrayRef<Attribute> stages = op.getStages().getValue();
  if (auto table = dyn_cast<TableAttr>(stages.back());
      table && table.isOfBytes() && stages.size() > 1)
    stages = stages.drop_back();
  auto clamp = dyn_cast<ClampAttr>(stages.back());
  return clamp && (clamp.isToSignedByte() || clamp.isToUnsignedByte());
}

/// Registers that a tile takes besides its accumulators.
static int64_t getOtherRegisters(InstructionFamily family,
                                 const FamilyCost &costs, bool flips,
                                 int64_t vectors, int64_t pixels) {
  switch (family) {
  case InstructionFamily::SDOT:
    // An input of each pixel stays for four steps. One more, so that a load
    // of weights need not wait for the last product with those before.
    return vectors + pixels + 1 + (flips ? 1 : 0);
  case InstructionFamily::SMMLA:
    // Inputs of two steps; weights are used one after the other.
    return 2 + llvm::alignTo(pixels, 2);
  default:
    // Weights, an input, and a product or the mask of flips.
    return vectors + 1 + (costs.dot > 1 || flips ? 1 : 0);
  }
}

/// Adds the schedules of a family whose accumulators fit the registers, in the
/// order in which the first of the best is to be taken.
static void addCosts(Conv2DOp op, InstructionFamily family,
                     const TargetFacts &facts, const ScheduleOptions &options,
                     SmallVectorImpl<ExpectedCost> &all) {
  ShapedType inputType = op.getInput().getType();
  bool flips = getInputFlip(family, inputType.getElementType(),
                            op.getInputUnsigned()) != 0;
  FamilyCost costs = getFamilyCost(
      family, flips, isa<FloatType>(inputType.getElementType()), facts);
  // Stored weights are widened and converted, halves of bytes shifted, too.
  if (isa<FloatType>(inputType.getElementType()) &&
      !isa<FloatType>(op.getFilter().getType().getElementType()))
    costs.weights += 1 + (op.getFilterBits() == 4) + (op.getGroupSize() != 0);
  int64_t groupOutputs = op.getInit().getType().getShape()[3] / op.getGroups();
  bool interleave = options.interleave && allowsInterleaving(op, family, facts);
  // Accumulators of 64 bits take two registers.
  int64_t accumulatorRegisters =
      op.getBias().getType().getElementType().isInteger(64) ? 2 : 1;

  bool isShared = family == InstructionFamily::PMADDWD ||
                  family == InstructionFamily::VPDPBUSD;
  int64_t minimum = family == InstructionFamily::Plain ? 1 : 4;
  for (int64_t lanes = getWidestLanes(family, facts); lanes >= minimum;
       lanes /= 2) {
    // Lanes that no channel uses are of no use if half as many suffice.
    if (lanes / 2 >= groupOutputs && lanes / 2 >= minimum)
      continue;
    int64_t maxVectors =
        std::min<int64_t>((groupOutputs + lanes - 1) / lanes, 8);
    for (TileAxis axis : {TileAxis::Width, TileAxis::Height}) {
      for (int64_t vectors = 1; vectors <= maxVectors; ++vectors) {
        for (int64_t pixels = 1; pixels <= 16; ++pixels) {
          auto schedule =
              ScheduleAttr::get(op.getContext(), family, lanes, vectors, pixels,
                                axis, interleave && groupOutputs >= lanes,
                                /*steps=*/1);
          if (pixels > getRows(op, schedule).second)
            break;
          ConvolutionLayout layout = getConvolutionLayout(op, schedule);
          // Code for other CPUs is to find its weights in the same order, but
          // for few channels that fill no vector.
          int64_t shared = getSharedPanel(groupOutputs);
          if (isShared && lanes <= shared && layout.panelLanes != shared)
            continue;
          bool sums = carriesSums(op, layout, family);
          int64_t accumulators = getSummedPixels(family, pixels) * vectors;
          // A single pixel has two for each vector.
          if (family == InstructionFamily::PMADDWD && layout.dot == 4 &&
              pixels == 1)
            accumulators *= 2;
          int64_t registers =
              accumulators * accumulatorRegisters + (sums ? pixels + 1 : 0) +
              getOtherRegisters(family, costs, flips, vectors, pixels);
          if (registers > facts.vectorRegisters && pixels * vectors > 1)
            continue;
          if (accumulators > getMostAccumulators(family))
            continue;
          FamilyCost own = costs;
          if (family == InstructionFamily::PMADDWD &&
              inputType.getElementType().isInteger(8) &&
              !widensAhead(op, schedule, pixels, facts.l1DataBytes))
            own.input += kWiden;
          all.push_back({getCost(op, schedule, own), schedule});
        }
      }
    }
  }
}

/// The schedules of all families that the target has for the op.
static SmallVector<ExpectedCost> getCosts(Conv2DOp op, const TargetFacts &facts,
                                          const ScheduleOptions &options,
                                          bool flips) {
  SmallVector<ExpectedCost> all;
  if (!isConstant(op.getFilter()) ||
      op.getInit().getType().getNumElements() == 0)
    return all;
  SmallVector<InstructionFamily> families = getConvolutionFamilies(op, facts);
  for (InstructionFamily family : families)
    addCosts(op, family, facts, options, all);
  if (options.byteSums && families.front() == InstructionFamily::PMADDWD)
    addByteSumCosts(
        op, facts, flips,
        options.interleave &&
            allowsInterleaving(op, InstructionFamily::PMADDUBSW, facts),
        getRows, getFinishCost, all);
  addTileCosts(op, facts,
               options.interleave &&
                   allowsInterleaving(op, InstructionFamily::TDPB, facts),
               getFinishCost, all);
  return all;
}

static SmallVector<ExpectedCost> getCosts(Conv2DOp op, const TargetFacts &facts,
                                          const ScheduleOptions &options) {
  return getCosts(op, facts, options, /*flips=*/!op.getInputUnsigned());
}

static bool isCheaper(const ExpectedCost &a, const ExpectedCost &b) {
  return a.cost < b.cost;
}

static ScheduleAttr getCheapest(ArrayRef<ExpectedCost> all) {
  auto best = std::min_element(all.begin(), all.end(), isCheaper);
  return best == all.end() ? ScheduleAttr() : best->schedule;
}

ScheduleAttr kernel::chooseSchedule(Conv2DOp op, const TargetFacts &facts,
                                    const ScheduleOptions &options) {
  return getCheapest(getCosts(op, facts, options));
}

SmallVector<ScheduleAttr>
kernel::listSchedules(Conv2DOp op, const TargetFacts &facts,
                      const ScheduleOptions &options) {
  SmallVector<ExpectedCost> all = getCosts(op, facts, options);
  llvm::stable_sort(all, isCheaper);
  return llvm::map_to_vector(
      all, [](const ExpectedCost &each) { return each.schedule; });
}

//===----------------------------------------------------------------------===//
// Depthwise convolution
//===----------------------------------------------------------------------===//

/// Whether the weights allow to add pairs of products with signed bytes.
static bool haveTapPairs(DepthwiseConv2DOp op) {
  DenseIntElementsAttr filter;
  if (!op.getInput().getType().getElementType().isInteger(8) ||
      op.getFilterUnsigned() || op.getFilterZeroPoint() != 0 ||
      !op.getBias().getType().getElementType().isInteger(32) ||
      !matchPattern(op.getFilter(), m_Constant(&filter)))
    return false;
  return llvm::none_of(filter.getValues<int8_t>(),
                       [](int8_t weight) { return weight == -128; });
}

bool kernel::allowsTapPairs(DepthwiseConv2DOp op) {
  return !op.getInputUnsigned() && haveTapPairs(op);
}

/// The dot instruction that adds up taps.
static InstructionFamily getColumnFamily(const TargetFacts &facts) {
  return facts.architecture == Architecture::X86 ? InstructionFamily::VPDPBUSD
                                                 : InstructionFamily::SDOT;
}

/// Columns of taps need whole registers of channels, or of rows, and constants
/// that can be brought into their order.
static bool allowsColumns(DepthwiseConv2DOp op, const TargetFacts &facts) {
  ShapedType input = op.getInput().getType(), output = op.getInit().getType();
  bool isConstantOrAbsent =
      (!op.getMultiplier() || isConstant(op.getMultiplier())) &&
      (!op.getShift() || isConstant(op.getShift()));
  return (facts.avx512VNNI || facts.avxVNNI || facts.dotprod) &&
         input.getElementType().isInteger(8) &&
         output.getElementType().isInteger(8) &&
         op.getBias().getType().getElementType().isInteger(32) &&
         input.getDimSize(3) == output.getDimSize(3) &&
         (output.getDimSize(3) >= 16 ||
          getRowPeriod(op,
                       4 * getWidestLanes(getColumnFamily(facts), facts))) &&
         op.getKernel()[0] >= 2 &&
         // All taps are written out.
         op.getKernel()[0] * op.getKernel()[1] <= 64 &&
         op.getResiduals().empty() && isConstant(op.getFilter()) &&
         isConstant(op.getBias()) && isConstantOrAbsent &&
         getDepthwiseWeightParts(op) != 0;
}

/// The number of pixels, at most `most`, for which a row costs least, if a
/// tile costs `column` for each input column and `pixel` for each pixel.
static int64_t choosePixels(DepthwiseConv2DOp op, int64_t most, double column,
                            double pixel) {
  int64_t width = op.getInit().getType().getShape()[2];
  int64_t best = 1;
  double bestCost = std::numeric_limits<double>::infinity();
  for (int64_t pixels = 1; pixels <= std::min(most, width); ++pixels) {
    double tiles = (width + pixels - 1) / pixels;
    int64_t window = (op.getKernel()[1] - 1) * op.getDilations()[1] + 1;
    double columns = std::min(pixels * op.getKernel()[1],
                              (pixels - 1) * op.getStrides()[1] + window);
    double cost = tiles * (columns * column + pixels * pixel + kTile);
    if (cost < bestCost) {
      bestCost = cost;
      best = pixels;
    }
  }
  return best;
}

ScheduleAttr kernel::chooseSchedule(DepthwiseConv2DOp op,
                                    const TargetFacts &facts,
                                    const ScheduleOptions &options) {
  if (op.getInit().getType().getNumElements() == 0)
    return {};
  int64_t kernelHeight = op.getKernel()[0], kernelWidth = op.getKernel()[1];
  bool manyRegisters = facts.vectorRegisters >= 32;
  auto get = [&](InstructionFamily family, int64_t lanes, int64_t pixels) {
    return ScheduleAttr::get(op.getContext(), family, lanes, 1, pixels,
                             TileAxis::Width, /*interleaved=*/false,
                             /*steps=*/1);
  };
  if (allowsColumns(op, facts)) {
    InstructionFamily family = getColumnFamily(facts);
    double quads = (kernelHeight + 3) / 4;
    int64_t lanes = getWidestLanes(family, facts), pixels = 1;
    if (getRowPeriod(op, 4 * lanes) == 0)
      pixels = choosePixels(op, manyRegisters ? 4 : 2, kernelHeight + 8 * quads,
                            4 * (quads * kernelWidth + kStages));
    return get(family, lanes, pixels);
  }
  bool isPairs = allowsTapPairs(op);
  // Pairs are made in whole registers of 16 bits.
  int64_t lanes = facts.vectorBytes / (isPairs ? 2 : 4);
  int64_t channels = op.getInit().getType().getShape()[3];
  while (lanes > 4 && lanes / 2 >= channels)
    lanes /= 2;
  int64_t pixels = choosePixels(op, manyRegisters ? 4 : 2, kernelHeight,
                                kernelHeight * kernelWidth * 2 +
                                    kStages * (isPairs ? 2 : 1));
  return get(isPairs ? InstructionFamily::TapPairs : InstructionFamily::Plain,
             lanes, pixels);
}

//===----------------------------------------------------------------------===//
// Signs
//===----------------------------------------------------------------------===//

std::optional<bool> kernel::wantsUnsignedInput(Conv2DOp op,
                                               const TargetFacts &facts,
                                               const ScheduleOptions &options) {
  Type input = op.getInput().getType().getElementType();
  if (!input.isInteger(8) || !isConstant(op.getFilter()))
    return std::nullopt;
  InstructionFamily family = getConvolutionFamilies(op, facts).front();
  for (bool isUnsigned : {false, true})
    if (getInputFlip(family, input, isUnsigned) != 0)
      return !isUnsigned;
  // The family that does not care may not be the one to be chosen.
  if (family == InstructionFamily::PMADDWD) {
    ScheduleAttr best =
        getCheapest(getCosts(op, facts, options, /*flips=*/false));
    if (best && best.getFamily() == InstructionFamily::PMADDUBSW)
      return true;
  }
  return std::nullopt;
}

std::optional<bool> kernel::wantsUnsignedInput(DepthwiseConv2DOp op,
                                               const TargetFacts &facts) {
  if (allowsColumns(op, facts))
    return facts.architecture == Architecture::X86;
  if (haveTapPairs(op))
    return false;
  return std::nullopt;
}
