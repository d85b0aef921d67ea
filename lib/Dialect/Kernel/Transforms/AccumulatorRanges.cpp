// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Intervals from the weights and the types of the inputs.

#include "AccumulatorRanges.h"
#include "PackWeights.h"

using namespace mlir;
using namespace qopt::kernel;

/// What the constants allow for the accumulators of each channel. The graph's
/// interval analysis has proved that none wraps.
template <typename ConvOp>
static SmallVector<Accumulators> getRanges(ConvOp op) {
  int64_t channels = op.getInit().getType().getShape().back();
  SmallVector<Accumulators> ranges(channels, {INT32_MIN, INT32_MAX});
  auto filter = op.getFilter().getType().getElementType().isInteger(8)
                    ? readConstant<int8_t>(op.getFilter())
                    : std::nullopt;
  auto bias = readConstant<int32_t>(op.getBias());
  Type input = op.getInput().getType().getElementType();
  if (!filter || !bias || !input.isInteger())
    return ranges;
  unsigned bits = input.getIntOrFloatBitWidth();
  int64_t least = op.getInputUnsigned() ? 0 : -(int64_t(1) << (bits - 1));
  int64_t most = least + (int64_t(1) << bits) - 1;
  for (int64_t channel = 0; channel < channels; ++channel)
    ranges[channel] = {(*bias)[channel], (*bias)[channel]};
  // [O][KH][KW][I] or [KH][KW][O].
  int64_t window = filter->size() / channels;
  for (auto [index, stored] : llvm::enumerate(*filter)) {
    // The attribute's accessor is unsigned.
    int64_t zeroPoint = static_cast<int32_t>(op.getFilterZeroPoint());
    int64_t weight =
        (op.getFilterUnsigned() ? static_cast<uint8_t>(stored) : stored) -
        zeroPoint;
    Accumulators &range =
        ranges[isa<Conv2DOp>(op) ? index / window : index % channels];
    range.first += std::min(weight * least, weight * most);
    range.second += std::max(weight * least, weight * most);
  }
  for (Accumulators &range : ranges)
    range = {std::max<int64_t>(range.first, INT32_MIN),
             std::min<int64_t>(range.second, INT32_MAX)};
  return ranges;
}

SmallVector<Accumulators> qopt::kernel::getAccumulatorRanges(Conv2DOp op) {
  return getRanges(op);
}
SmallVector<Accumulators>
qopt::kernel::getAccumulatorRanges(DepthwiseConv2DOp op) {
  return getRanges(op);
}
