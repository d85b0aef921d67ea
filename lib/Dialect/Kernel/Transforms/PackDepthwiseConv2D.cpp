// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Packing of kernel.depthwise_conv_2d for the families `vpdpbusd` and `sdot`:
// see DepthwiseLayout.h; channels in the order of getInterleavedChannel. A
// weight minus a zero point that does not fit a byte is the sum of two parts.
// Biases, multipliers and shifts follow that order; the bias loses what the
// flipped input adds.

#include "InputOffset.h"
#include "PackWeights.h"
#include "qopt/Dialect/Kernel/IR/DepthwiseLayout.h"

using namespace mlir;
using namespace qopt::kernel;

FailureOr<bool> qopt::kernel::packWeights(DepthwiseConv2DOp op,
                                          OpBuilder &builder) {
  ScheduleAttr schedule = op.getScheduleAttr();
  // Other families read the plain filter.
  if (schedule.getFamily() != InstructionFamily::VPDPBUSD &&
      schedule.getFamily() != InstructionFamily::SDOT)
    return false;
  auto refuse = [&] {
    return op.emitOpError("schedule family '")
           << stringifyInstructionFamily(schedule.getFamily()) << "' needs ";
  };
  auto filter = readConstant<int8_t>(op.getFilter());
  auto bias = readConstant<int32_t>(op.getBias());
  DepthwiseLayout layout = getDepthwiseLayout(op, schedule);
  if (!filter || !bias || layout.parts == 0)
    return refuse() << "a constant bias, and a constant filter whose weights "
                       "minus the zero point are at most 254";

  int64_t channels = op.getInit().getType().getShape()[3];
  int64_t height = op.getKernel()[0], width = op.getKernel()[1];
  // Of an output row whose window begins below that of the tile's first row.
  auto weight = [&](int64_t ky, int64_t kx, int64_t channel) -> int32_t {
    if (ky < 0 || ky >= height)
      return 0;
    int8_t stored = (*filter)[(ky * width + kx) * channels + channel];
    return (op.getFilterUnsigned() ? static_cast<uint8_t>(stored) : stored) -
           op.getFilterZeroPoint();
  };
  auto partOf = [](int32_t weight, int64_t part) -> int8_t {
    int32_t first = std::clamp(weight, -128, 127);
    return part == 0 ? first : weight - first;
  };

  ArrayRef<int64_t> order = layout.order, rest = order;
  SmallVector<int8_t> packed;
  for (ChannelBlock block : layout.blocks) {
    ArrayRef<int64_t> here = rest.take_front(block.width);
    rest = rest.drop_front(block.width);
    for (int64_t row = 0; row < layout.rows; ++row)
      for (int64_t quad = 0; quad < layout.quads; ++quad)
        for (int64_t kx = 0; kx < width; ++kx)
          for (int64_t part = 0; part < layout.parts; ++part)
            for (int64_t channel : here)
              for (int64_t ky = 4 * quad; ky < 4 * quad + 4; ++ky)
                packed.push_back(partOf(weight(ky - row, kx, channel), part));
  }

  int64_t flip = getInputFlip(schedule.getFamily(),
                              op.getInput().getType().getElementType(),
                              op.getInputUnsigned());
  bias = getBiasWithOffset(op, static_cast<int32_t>(flip));

  auto reorder = [&](MutableOperandRange operand, ArrayRef<int32_t> values) {
    // Multipliers may be followed by as many second terms.
    SmallVector<int32_t> reordered;
    for (size_t first = 0; first < values.size(); first += channels)
      for (int64_t channel : order)
        reordered.push_back(values[first + channel]);
    Location loc = operand[0].get().getLoc();
    operand.assign(
        makeConstant<int32_t>(builder, loc, builder.getI32Type(), reordered));
  };
  for (MutableOperandRange operand :
       {op.getMultiplierMutable(), op.getShiftMutable()}) {
    if (operand.empty())
      continue;
    auto values = readConstant<int32_t>(operand[0].get());
    if (!values)
      return refuse() << "constant multipliers and shifts";
    reorder(operand, *values);
  }
  MutableOperandRange biasOperand(op, op.getBiasMutable().getOperandNumber(),
                                  1);
  reorder(biasOperand, *bias);
  op.getFilterMutable().assign(makeConstant<int8_t>(
      builder, op.getFilter().getLoc(), builder.getI8Type(), packed));
  return true;
}
