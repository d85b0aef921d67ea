//===- ConvolutionLayout.cpp - Where packed weights lie -------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "qopt/Dialect/Kernel/IR/ConvolutionLayout.h"

#include "llvm/Support/MathExtras.h"

using namespace mlir;

namespace qopt::kernel {

int64_t getDotWidth(InstructionFamily family) {
  switch (family) {
  case InstructionFamily::Plain:
  case InstructionFamily::TapPairs:
    return 1;
  case InstructionFamily::PMADDWD:
  case InstructionFamily::SMULL:
    return 2;
  case InstructionFamily::VPDPBUSD:
  case InstructionFamily::PMADDUBSW:
  case InstructionFamily::SDOT:
  case InstructionFamily::TDPB:
    return 4;
  case InstructionFamily::SMMLA:
    return 8;
  }
  llvm_unreachable("unknown instruction family");
}

int64_t getInputFlip(InstructionFamily family, Type inputElement,
                     bool inputUnsigned) {
  if (!inputElement.isInteger(8))
    return 0;
  switch (family) {
  case InstructionFamily::VPDPBUSD:
  case InstructionFamily::PMADDUBSW:
    return inputUnsigned ? 0 : 128;
  case InstructionFamily::SDOT:
  case InstructionFamily::SMULL:
    return inputUnsigned ? -128 : 0;
  // There is a form for unsigned inputs.
  case InstructionFamily::SMMLA:
  default:
    return 0;
  }
}

Stretch getStretch(int64_t total, int64_t size, int64_t index) {
  int64_t start = index * size;
  if (start + size <= total)
    return {start, size, 0};
  if (total < size)
    return {0, total, 0};
  return {total - size, size, start - (total - size)};
}

/// Bytes from pixel to pixel up to which the last pixels are worth a copy that
/// may be read beyond its end.
static constexpr int64_t kMostPaddedPixel = 64;

/// The most channels of a panel that vectors of all widths share.
static constexpr int64_t kSharedPanel = 16;

int64_t getSharedPanel(int64_t groupOutputs) {
  if (groupOutputs >= kSharedPanel)
    return kSharedPanel;
  return std::max<int64_t>(
      4, llvm::bit_floor(static_cast<uint64_t>(groupOutputs)));
}

/// Whether the vectors of each block lie in panels of `unit` channels as those
/// of every other one.
static bool fitsPanels(const ConvolutionLayout &layout, int64_t unit) {
  int64_t block = layout.vectors * layout.lanes;
  return layout.lanes >= 4 && layout.lanes <= unit &&
         (block % unit == 0 || unit % block == 0);
}

/// Decides how many channels lie together for each step. The other members are
/// set.
static void choosePanels(Conv2DOp op, ScheduleAttr schedule,
                         ConvolutionLayout &layout) {
  InstructionFamily family = schedule.getFamily();
  int64_t outputs = layout.groupOutputs;
  int64_t shared = getSharedPanel(outputs);
  int64_t rest = outputs % shared;
  int64_t lastShared =
      rest ? std::max<int64_t>(4, llvm::PowerOf2Ceil(rest)) : 0;
  bool isTiles = family == InstructionFamily::TDPB;
  bool shares = (family == InstructionFamily::PMADDWD ||
                 family == InstructionFamily::VPDPBUSD || isTiles) &&
                fitsPanels(layout, shared);
  // Rows of a tile of weights are to be whole cache lines.
  if (isTiles)
    shares &= !layout.padsRuns && lastShared % kSharedPanel == 0;
  if (shares) {
    layout.unit = layout.panelLanes = shared;
    layout.lastUnit = lastShared;
    // Bytes in fours are widened as two pairs.
    if (family == InstructionFamily::PMADDWD &&
        op.getInput().getType().getElementType().isInteger(8) &&
        layout.groupInputs % 4 == 0) {
      layout.dot = 4;
      layout.steps = layout.runLength / 4;
    }
    return;
  }
  layout.unit = layout.lanes;
  layout.panelLanes = layout.lanes * layout.vectors;
  rest = outputs % layout.lanes;
  layout.lastUnit = rest ? layout.lanes : 0;
  if (rest && layout.interleaved && !isTiles)
    layout.lastUnit = std::max<int64_t>(4, llvm::PowerOf2Ceil(rest));
}

ConvolutionLayout getConvolutionLayout(Conv2DOp op, ScheduleAttr schedule) {
  auto inputShape = cast<ShapedType>(op.getInput().getType()).getShape();
  auto outputShape = cast<ShapedType>(op.getInit().getType()).getShape();
  int64_t kernelHeight = op.getKernel()[0], kernelWidth = op.getKernel()[1];

  ConvolutionLayout layout;
  layout.groups = op.getGroups();
  layout.groupInputs = inputShape[3] / layout.groups;
  layout.groupOutputs = outputShape[3] / layout.groups;
  layout.lanes = schedule.getLanes();
  layout.vectors = schedule.getVectors();
  layout.dot = getDotWidth(schedule.getFamily());
  layout.interleaved = schedule.getInterleaved();
  // Neighbours along x are contiguous if all channels belong to the group.
  bool rowIsRun =
      layout.groups == 1 && (op.getDilations()[1] == 1 || kernelWidth == 1);
  bool windowIsRun = rowIsRun && kernelWidth == inputShape[2] &&
                     (op.getDilations()[0] == 1 || kernelHeight == 1);
  layout.runsX = rowIsRun ? 1 : kernelWidth;
  layout.runsY = windowIsRun ? 1 : kernelHeight;
  layout.runLength = layout.groupInputs * kernelWidth * kernelHeight /
                     (layout.runsX * layout.runsY);
  layout.steps = (layout.runLength + layout.dot - 1) / layout.dot;
  int64_t pixel = op.getStrides()[1] * inputShape[3];
  layout.padsRuns = schedule.getFamily() == InstructionFamily::TDPB &&
                    layout.groups == 1 &&
                    schedule.getAxis() == TileAxis::Width &&
                    layout.runLength % layout.dot != 0 &&
                    pixel >= layout.dot - 1 && pixel <= kMostPaddedPixel &&
                    inputShape[2] * inputShape[3] >= layout.dot - 1;

  choosePanels(op, schedule, layout);

  // An unsigned filter becomes signed. Sixteen bits hold an 8-bit weight minus
  // any zero point; families with 8-bit products sum the inputs up instead.
  layout.weightOffset = op.getFilterUnsigned() ? 128 : 0;
  layout.zeroPoint = op.getFilterZeroPoint() - layout.weightOffset;
  layout.wideWeights =
      layout.zeroPoint != 0 &&
      (schedule.getFamily() == InstructionFamily::Plain ||
       (schedule.getFamily() == InstructionFamily::PMADDWD && layout.dot == 2));
  // Steps may be split, so that larger weights than bytes hold are theirs, too.
  if (layout.wideWeights ||
      schedule.getFamily() == InstructionFamily::PMADDUBSW) {
    layout.weightOffset = op.getFilterZeroPoint();
    layout.zeroPoint = 0;
  }

  layout.groupSize = op.getGroupSize();
  layout.numScales =
      layout.groupSize ? layout.groupInputs / layout.groupSize : 0;
  // Pairs of steps must not be torn apart by groups, nor a vector by halves.
  layout.halfBytes = op.getFilterBits() == 4 && !layout.wideWeights &&
                     layout.dot == 1 && layout.lanes % 2 == 0 &&
                     layout.groupSize % 2 == 0 && layout.steps > 1;
  return layout;
}

//===----------------------------------------------------------------------===//
// Channels of a group
//===----------------------------------------------------------------------===//

int64_t ConvolutionLayout::getPackedChannel(int64_t position) const {
  int64_t full = groupOutputs / unit * unit;
  if (position < full)
    return position;
  return std::max<int64_t>(groupOutputs - lastUnit, 0) + position - full;
}

WeightPlace ConvolutionLayout::getWeightPlace(int64_t position) const {
  int64_t panel = position / panelLanes;
  int64_t before = panel * panelLanes;
  return {before * getStoredStepsOfWindow() * dot + (position - before) * dot,
          getPanelLanes(panel) * dot};
}

int64_t ConvolutionLayout::getNumRepeated() const {
  int64_t full = groupOutputs / unit * unit;
  return std::max<int64_t>(full - getPackedChannel(full), 0) / lanes;
}

int64_t ConvolutionLayout::getNumVectors() const {
  int64_t last = 0;
  if (lastUnit)
    last = std::max<int64_t>(lastUnit / lanes, 1) - getNumRepeated();
  return getNumFullVectors() + last;
}

ChannelSet ConvolutionLayout::getVector(int64_t index) const {
  int64_t position = index * lanes, width = lanes;
  if (index >= getNumFullVectors()) {
    position += getNumRepeated() * lanes;
    width = std::min(lanes, lastUnit);
  }
  return {0, 1, width, getPackedChannel(position), position};
}

SmallVector<ChannelSet> ConvolutionLayout::getSets(int64_t block) const {
  SmallVector<ChannelSet> sets;
  int64_t first = block * vectors, count = getBlockVectors(block);
  for (int64_t v = 0; v < count;) {
    ChannelSet set = getVector(first + v);
    set.vector = v;
    // Four, two or one that follow each other.
    int64_t together = 1;
    while (interleaved && together < 4 && v + together < count) {
      ChannelSet next = getVector(first + v + together);
      if (next.lanes != set.lanes ||
          next.start != set.start + together * set.lanes)
        break;
      ++together;
    }
    set.vectors = together == 3 ? 2 : together;
    v += set.vectors;
    sets.push_back(set);
  }
  return sets;
}

//===----------------------------------------------------------------------===//
// Depthwise convolution
//===----------------------------------------------------------------------===//

SmallVector<ChannelBlock> getChannelBlocks(int64_t channels, int64_t lanes,
                                           int64_t minimum) {
  SmallVector<ChannelBlock> blocks;
  int64_t done = 0;
  while (done < channels) {
    int64_t rest = channels - done;
    int64_t width = lanes;
    while (width > minimum && width / 2 >= rest)
      width /= 2;
    // A block that is more than half empty would be halved once more, and an
    // exact smaller one leaves less to do twice.
    if (width > rest && width > minimum && rest % (width / 2) == 0)
      width /= 2;
    if (width <= rest) {
      blocks.push_back({done, width});
      done += width;
      continue;
    }
    // Fewer than `width` are left: move back, or make do with fewer.
    while (width > minimum && width > channels)
      width /= 2;
    width = std::min(width, channels);
    int64_t start = std::min(done, channels - width);
    blocks.push_back({start, width});
    done = start + width;
  }
  return blocks;
}

SmallVector<int64_t> getPackedChannels(int64_t channels,
                                       ScheduleAttr schedule) {
  SmallVector<int64_t> order;
  for (ChannelBlock block :
       getChannelBlocks(channels, 4 * schedule.getLanes(),
                        getMinimumBlock(schedule.getFamily())))
    for (int64_t vector = 0; vector < 4; ++vector)
      for (int64_t lane = 0; lane < block.width / 4; ++lane)
        order.push_back(block.start + getInterleavedChannel(vector, lane));
  return order;
}

int64_t getDepthwiseWeightParts(DepthwiseConv2DOp op) {
  int64_t highest = op.getFilterUnsigned() ? 255 : 127;
  int64_t zeroPoint = op.getFilterZeroPoint();
  if (highest - zeroPoint <= 127 && highest - 255 - zeroPoint >= -128)
    return 1;
  return highest - zeroPoint <= 254 && highest - 255 - zeroPoint >= -256 ? 2
                                                                         : 0;
}

int64_t getMinimumBlock(InstructionFamily family) {
  return family == InstructionFamily::VPDPBUSD ||
                 family == InstructionFamily::SDOT
             ? 16
             : 4;
}

} // namespace qopt::kernel
