// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The filter of a convolution whose products are added up in 16 bits: the steps
// of each block in an order of their own, and the table that says it.

#include "PackByteSums.h"

#include "PackWeights.h"
#include "qopt/Dialect/Kernel/IR/ByteSumLayout.h"
#include "qopt/Numerics/ByteSums.h"

using namespace mlir;
using namespace qopt;
using namespace qopt::kernel;

/// Appends the low bytes of an integer.
static void append(SmallVectorImpl<int8_t> &to, int64_t value, int64_t bytes) {
  for (int64_t i = 0; i < bytes; ++i)
    to.push_back(static_cast<int8_t>(value >> (8 * i)));
}

LogicalResult kernel::packByteSums(Conv2DOp op, const ConvolutionLayout &layout,
                                   ArrayRef<int16_t> weights,
                                   OpBuilder &builder) {
  if (!allowsByteSums(op))
    return op.emitOpError("schedule family 'pmaddubsw' needs one group, inputs "
                          "of i8, a bias of i32 and runs of at least four "
                          "inputs; 'pmaddwd' does not");
  int64_t steps = layout.getStepsOfWindow();
  int64_t together = op.getScheduleAttr().getSteps();
  int64_t offsetBytes = getStepOffsetBytes(op, layout);
  SmallVector<int8_t> entries, offsets, filter;
  for (int64_t block = 0; block < layout.getNumBlocks(); ++block) {
    int64_t lanes = layout.getPanelLanes(block);
    int64_t bytes = lanes * layout.dot;
    numerics::ByteSums sums =
        numerics::planByteSums(weights.data(), steps, lanes, together);
    weights = weights.drop_front(steps * bytes);
    int64_t count = static_cast<int64_t>(sums.steps.size());
    for (int64_t first = 0; first < count; first += together)
      if (!numerics::fitWords(sums.weights.data() + first * bytes, together,
                              lanes))
        return op.emitOpError("found no order in which sums of products fit 16 "
                              "bits");
    append(entries, count / together, sizeof(int32_t));
    append(entries,
           layout.getNumBlocks() * kByteSumEntryBytes +
               static_cast<int64_t>(offsets.size()),
           sizeof(int32_t));
    append(entries, static_cast<int64_t>(filter.size()), sizeof(int32_t));
    for (int32_t step : sums.steps)
      append(offsets, step < 0 ? 0 : getStepOffset(op, layout, step),
             offsetBytes);
    filter.append(sums.weights.begin(), sums.weights.end());
  }
  entries.append(offsets);
  Location loc = op.getFilter().getLoc();
  op.getFilterMutable().assign(
      makeConstant<int8_t>(builder, loc, builder.getI8Type(), filter));
  op.getFilterStepsMutable().assign(
      makeConstant<int8_t>(builder, loc, builder.getI8Type(), entries));
  return success();
}
