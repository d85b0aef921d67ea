//===- ConvolutionLayout.h - Where packed weights lie -----------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The arithmetic that packing and expansion of a convolution share. It is a
// pure function of the op and its schedule, so a packed constant and the code
// that reads it cannot disagree.
//
// A convolution is walked as *runs*: stretches of the input that are contiguous
// in memory (a row of the window if it is not dilated, else one position of
// it). A run is walked in *steps* of `dot` elements, as many as one instruction
// of the schedule's family multiplies and adds up in a lane. If the length of
// a run is no multiple of `dot`, its last step is moved back so that it ends
// with the run, and the weights of the elements it reads again are zero: no
// input byte outside of the window is ever read. Only runs shorter than `dot`
// are assembled byte by byte. (AMX tiles of pixels that lie close together keep
// the step where it is, with zeros behind the run: see TilePlan.h.)
//
// Output channels of a group are cut into vectors of `lanes`; the last vector
// is moved back in the same way and computes some channels twice, so that
// neither loads of biases nor stores need masks. Only a group with fewer
// channels than `lanes` has vectors with unused lanes.
//
// An interleaved schedule groups the vectors of a block into sets of four, two
// and one, whose channels follow each other in turns of four: packing four
// vectors to bytes in 128-bit units gives them in order. A last vector with
// fewer channels is a set of its own, of fewer lanes.
//
// Weights of four bits lie two in a byte, where that pays: those of an even
// step in the low halves, those of the step behind it in the high ones. Scales
// of groups of input channels lie as one step of weights does for each group.
//
//===----------------------------------------------------------------------===//

#ifndef QOPT_DIALECT_KERNEL_IR_CONVOLUTIONLAYOUT_H
#define QOPT_DIALECT_KERNEL_IR_CONVOLUTIONLAYOUT_H

#include "qopt/Dialect/Kernel/IR/Kernel.h"

namespace qopt::kernel {

/// Discardable attribute of convolutions, an array of two i32: no shift of the
/// op's `shift` operand is below the first or above the second. Set where the
/// constants are still in sight; a narrow range saves instructions. Only a few
/// ranges occur, so that equal kernels stay equal.
inline constexpr llvm::StringLiteral kShiftRangeAttrName = "kernel.shift_range";

/// Unit attribute of a convolution whose requantized results, before they are
/// clamped, were proved to fit 16 bits.
inline constexpr llvm::StringLiteral kWordResultsAttrName =
    "kernel.word_results";

/// How many neighbours in K one instruction of the family sums up.
int64_t getDotWidth(InstructionFamily family);

/// What has to be added to stored input values to get what the family's
/// instruction reads: 128 if signed bytes must become unsigned ones, -128 for
/// the opposite, else 0. Both are a flip of the top bit.
int64_t getInputFlip(InstructionFamily family, mlir::Type inputElement,
                     bool inputUnsigned);

/// A stretch of elements, the last of which may be read again by the next one:
/// element `i` of the stretch is new if `i >= repeated`.
struct Stretch {
  int64_t start;
  int64_t size;
  int64_t repeated;
};

/// Part `index` of `total` elements cut into parts of `size`: the last part is
/// moved back to end with the total, or is shorter if all are fewer than
/// `size`.
Stretch getStretch(int64_t total, int64_t size, int64_t index);

/// Vectors of a block whose channels are neighbours and stored together.
struct ChannelSet {
  /// First vector, counted in the block, and their number.
  int64_t vector, vectors;
  int64_t lanes;
  /// First channel, counted in the group, and where its weights are: the number
  /// of packed channels of the group that come before it.
  int64_t start, position;
};

/// Where the packed weights of a vector of channels are: `stride` elements lie
/// between its weights for a step and those for the next one.
struct WeightPlace {
  int64_t offset, stride;
};

/// The packed filter of a kernel.conv_2d:
/// [group][panel of channels][run][step][channel of the panel][dot].
///
/// Bytes for x86 have panels of 16 channels whatever the schedule, so that code
/// for vectors of 4, 8 and 16 lanes can share them. Elsewhere a panel is what a
/// block of the schedule computes: its weights are one stream.
struct ConvolutionLayout {
  int64_t groups;
  /// Input and output channels of one group.
  int64_t groupInputs, groupOutputs;
  int64_t lanes, vectors, dot;
  /// Vectors are packed to bytes before they are stored.
  bool interleaved;

  /// Channels are packed in units: all but the last one have `unit` channels,
  /// the last one `lastUnit`, if any are left. It is moved back, or is padded
  /// if the group has fewer channels.
  int64_t unit, lastUnit;
  int64_t panelLanes;

  /// Runs are numbered (ky, kx) with `runsX` of them in a row of the window.
  int64_t runsY, runsX;
  int64_t runLength;
  int64_t steps;
  /// The last step of a run reaches beyond it.
  bool padsRuns;

  /// Packed weights have 16 bits, with the whole zero point taken off.
  bool wideWeights;
  /// What packing takes off every filter element; the rest of the zero point is
  /// left to the code.
  int64_t weightOffset, zeroPoint;

  /// Weights of two steps share bytes.
  bool halfBytes;
  /// Neighbouring steps with one scale, and how many scales a channel has; 0 if
  /// the filter has no scales.
  int64_t groupSize, numScales;

  /// Packed channels of a group.
  int64_t getGroupLanes() const {
    return groupOutputs / unit * unit + lastUnit;
  }
  /// The channel of the group that is packed as number `position`; there may be
  /// none.
  int64_t getPackedChannel(int64_t position) const;
  int64_t getNumPanels() const {
    return (getGroupLanes() + panelLanes - 1) / panelLanes;
  }
  int64_t getPanelLanes(int64_t panel) const {
    return std::min(panelLanes, getGroupLanes() - panel * panelLanes);
  }
  /// Where the weights of the vector at a position are, in the group.
  WeightPlace getWeightPlace(int64_t position) const;

  /// Vectors that fill units, and all.
  int64_t getNumFullVectors() const {
    return groupOutputs / unit * (unit / lanes);
  }
  int64_t getNumVectors() const;
  int64_t getNumBlocks() const {
    return (getNumVectors() + vectors - 1) / vectors;
  }
  /// Blocks that differ by their number only.
  int64_t getNumRegularBlocks() const { return getNumFullVectors() / vectors; }
  /// Vectors of a block: the last one may have fewer.
  int64_t getBlockVectors(int64_t block) const {
    return std::min(vectors, getNumVectors() - block * vectors);
  }
  /// Lanes of the last vectors of a group, where they are fewer.
  int64_t getLastLanes() const {
    return lastUnit ? std::min(lanes, lastUnit) : lanes;
  }
  /// The vectors of a block, in order.
  llvm::SmallVector<ChannelSet> getSets(int64_t block) const;
  /// The elements of a step of a run.
  Stretch getStep(int64_t step) const {
    if (padsRuns && (step + 1) * dot > runLength)
      return {step * dot, runLength - step * dot, 0};
    return getStretch(runLength, dot, step);
  }
  int64_t getStepsOfWindow() const { return runsY * runsX * steps; }
  /// Steps of a run, and of the window, that are stored: those in one byte are
  /// one.
  int64_t getStoredSteps() const { return halfBytes ? (steps + 1) / 2 : steps; }
  int64_t getStoredStepsOfWindow() const {
    return runsY * runsX * getStoredSteps();
  }
  /// Elements of the whole packed filter, and of its scales.
  int64_t getNumElements() const {
    return groups * getGroupLanes() * getStoredStepsOfWindow() * dot;
  }
  int64_t getNumScaleElements() const {
    return groups * getGroupLanes() * numScales;
  }

private:
  /// Vector number `index` of the group.
  ChannelSet getVector(int64_t index) const;
  /// Vectors of the last unit whose channels are all in units before it.
  int64_t getNumRepeated() const;
};

/// Channels of a panel that code for all x86 vectors reads, of a group that has
/// as many output channels.
int64_t getSharedPanel(int64_t groupOutputs);

/// The layout of a convolution under a schedule (its own need not be set).
ConvolutionLayout getConvolutionLayout(Conv2DOp op, ScheduleAttr schedule);

/// A part of the channels of a depthwise convolution: `width` channels from
/// `start` on.
struct ChannelBlock {
  int64_t start, width;
};

/// Channels cut into blocks of `lanes`, then of smaller powers of two down to
/// `minimum`, the last block moved back (or shorter than `minimum` if there are
/// fewer channels than that).
llvm::SmallVector<ChannelBlock>
getChannelBlocks(int64_t channels, int64_t lanes, int64_t minimum);

/// Smallest block of a depthwise convolution in the family: `vpdpbusd` needs
/// whole 16-byte registers.
int64_t getMinimumBlock(InstructionFamily family);

/// For the `vpdpbusd` family of kernel.depthwise_conv_2d: the channel at each
/// position of packed biases, multipliers and shifts; some stand there twice.
llvm::SmallVector<int64_t> getPackedChannels(int64_t channels,
                                             ScheduleAttr schedule);

/// For the `vpdpbusd` family of kernel.depthwise_conv_2d: how many signed bytes
/// a weight minus its zero point is the sum of, one or two; 0 if two are not
/// enough for every stored weight.
int64_t getDepthwiseWeightParts(DepthwiseConv2DOp op);

/// For the same family: the channel within a
/// block of `width` that stands in lane `lane` of its vector `vector` (of four)
/// after four rows were interleaved in 128-bit units.
inline int64_t getInterleavedChannel(int64_t vector, int64_t lane) {
  return 16 * (lane / 4) + 4 * vector + lane % 4;
}

} // namespace qopt::kernel

#endif // QOPT_DIALECT_KERNEL_IR_CONVOLUTIONLAYOUT_H
