// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Packing of kernel.conv_2d: the filter in the order of ConvolutionLayout, and
// the bias without what the flipped input adds to the sums.

#include "InputOffset.h"
#include "PackByteSums.h"
#include "PackWeights.h"

using namespace mlir;
using namespace qopt::kernel;

/// Calls `put(channel, element of its filter, position)` for every packed
/// element that is not padding; channels are those of the whole output.
static void forEachPacked(const ConvolutionLayout &layout,
                          function_ref<void(int64_t, int64_t, int64_t)> put) {
  int64_t position = 0;
  // Runs follow each other in the filter [O][KH][KW][I] as in the window.
  for (int64_t group = 0; group < layout.groups; ++group)
    for (int64_t panel = 0; panel < layout.getNumPanels(); ++panel)
      for (int64_t run = 0; run < layout.runsY * layout.runsX; ++run)
        for (int64_t step = 0; step < layout.steps; ++step) {
          Stretch k = layout.getStep(step);
          int64_t first = panel * layout.panelLanes;
          for (int64_t lane = 0; lane < layout.getPanelLanes(panel); ++lane) {
            int64_t channel = layout.getPackedChannel(first + lane);
            for (int64_t i = 0; i < layout.dot; ++i, ++position) {
              if (channel >= layout.groupOutputs || i < k.repeated ||
                  i >= k.size)
                continue;
              put(group * layout.groupOutputs + channel,
                  run * layout.runLength + k.start + i, position);
            }
          }
        }
}

/// Two weights a byte: those of even steps low, those of odd steps high.
static SmallVector<int8_t> packHalves(const ConvolutionLayout &layout,
                                      ArrayRef<int8_t> whole) {
  SmallVector<int8_t> halves(layout.getNumElements(), 0);
  const int8_t *from = whole.data();
  int8_t *to = halves.data();
  for (int64_t group = 0; group < layout.groups; ++group)
    for (int64_t panel = 0; panel < layout.getNumPanels(); ++panel) {
      int64_t lanes = layout.getPanelLanes(panel);
      for (int64_t run = 0; run < layout.runsY * layout.runsX; ++run) {
        for (int64_t step = 0; step < layout.steps; ++step)
          for (int64_t lane = 0; lane < lanes; ++lane)
            to[step / 2 * lanes + lane] |=
                static_cast<int8_t>((*from++ & 15) << (step % 2 ? 4 : 0));
        to += layout.getStoredSteps() * lanes;
      }
    }
  return halves;
}

/// Scales of groups of input channels in the order of the layout.
static LogicalResult packScales(Conv2DOp op, const ConvolutionLayout &layout,
                                OpBuilder &builder) {
  if (!op.getFilterScales())
    return success();
  auto scales = readConstant<float>(op.getFilterScales());
  if (!scales)
    return op.emitOpError("needs constant scales of its filter's groups");
  SmallVector<float> packed;
  for (int64_t group = 0; group < layout.groups; ++group)
    for (int64_t panel = 0; panel < layout.getNumPanels(); ++panel)
      for (int64_t index = 0; index < layout.numScales; ++index)
        for (int64_t lane = 0; lane < layout.getPanelLanes(panel); ++lane) {
          int64_t channel =
              layout.getPackedChannel(panel * layout.panelLanes + lane);
          bool exists = channel < layout.groupOutputs;
          channel += group * layout.groupOutputs;
          packed.push_back(
              exists ? (*scales)[channel * layout.numScales + index] : 0);
        }
  op.getFilterScalesMutable().assign(makeConstant<float>(
      builder, op.getFilterScales().getLoc(), builder.getF32Type(), packed));
  return success();
}

template <typename Stored, typename Packed>
static SmallVector<Packed> packFilter(Conv2DOp op,
                                      const ConvolutionLayout &layout,
                                      ArrayRef<Stored> filter, int64_t offset) {
  int64_t window = op.getKernel()[0] * op.getKernel()[1] * layout.groupInputs;
  SmallVector<Packed> packed(layout.groups * layout.getGroupLanes() *
                                 layout.getStepsOfWindow() * layout.dot,
                             Packed(0));
  forEachPacked(layout, [&](int64_t channel, int64_t element,
                            int64_t position) {
    packed[position] = static_cast<Packed>(filter[channel * window + element] -
                                           static_cast<Stored>(offset));
  });
  return packed;
}

/// The filter of an 8-bit convolution with its signedness applied.
static SmallVector<int32_t> readFilter(Conv2DOp op, ArrayRef<int8_t> elements) {
  SmallVector<int32_t> filter;
  for (int8_t element : elements)
    filter.push_back(op.getFilterUnsigned() ? static_cast<uint8_t>(element)
                                            : element);
  return filter;
}

FailureOr<bool> qopt::kernel::packWeights(Conv2DOp op, OpBuilder &builder) {
  ScheduleAttr schedule = op.getScheduleAttr();
  ConvolutionLayout layout = getConvolutionLayout(op, schedule);
  Location loc = op.getFilter().getLoc();
  if (layout.interleaved && layout.groupOutputs < layout.lanes)
    return op.emitOpError("interleaved schedule needs at least ")
           << layout.lanes << " output channels a group, found "
           << layout.groupOutputs;
  if (isa<FloatType>(op.getFilter().getType().getElementType())) {
    auto filter = readConstant<float>(op.getFilter());
    if (!filter)
      return false;
    SmallVector<float> packed =
        packFilter<float, float>(op, layout, *filter, 0);
    op.getFilterMutable().assign(
        makeConstant<float>(builder, loc, builder.getF32Type(), packed));
    return true;
  }

  auto elements = readConstant<int8_t>(op.getFilter());
  if (!elements)
    return false;
  SmallVector<int32_t> filter = readFilter(op, *elements);
  // Sums over x + flip instead of x.
  int64_t flip = getInputFlip(schedule.getFamily(),
                              op.getInput().getType().getElementType(),
                              op.getInputUnsigned());
  if (flip != 0) {
    std::optional<SmallVector<int32_t>> bias =
        getBiasWithOffset(op, static_cast<int32_t>(flip));
    if (!bias)
      return op.emitOpError("schedule family '")
             << stringifyInstructionFamily(schedule.getFamily())
             << "' needs a constant bias, into which the sign of the input is "
                "folded";
    op.getBiasMutable().assign(makeConstant<int32_t>(
        builder, op.getBias().getLoc(), builder.getI32Type(), *bias));
  }
  if (schedule.getFamily() == InstructionFamily::PMADDUBSW) {
    if (failed(packByteSums(op, layout,
                            packFilter<int32_t, int16_t>(op, layout, filter,
                                                         layout.weightOffset),
                            builder)))
      return failure();
    return true;
  }
  Value packed;
  if (layout.wideWeights) {
    packed = makeConstant<int16_t>(
        builder, loc, builder.getI16Type(),
        packFilter<int32_t, int16_t>(op, layout, filter, layout.weightOffset));
  } else {
    SmallVector<int8_t> bytes =
        packFilter<int32_t, int8_t>(op, layout, filter, layout.weightOffset);
    if (layout.halfBytes)
      bytes = packHalves(layout, bytes);
    packed = makeConstant<int8_t>(builder, loc, builder.getI8Type(), bytes);
  }
  op.getFilterMutable().assign(packed);
  if (failed(packScales(op, layout, builder)))
    return failure();
  return true;
}
