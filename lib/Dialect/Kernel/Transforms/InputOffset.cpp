// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Biases for inputs with another offset.

#include "InputOffset.h"
#include "PackWeights.h"

using namespace mlir;
using namespace qopt::kernel;

template <typename ConvOp>
static std::optional<SmallVector<int32_t>> addOffset(ConvOp op,
                                                     int32_t offset) {
  if (op.getPacked() ||
      !op.getFilter().getType().getElementType().isInteger(8) ||
      !op.getBias().getType().getElementType().isInteger(32))
    return std::nullopt;
  auto filter = readConstant<int8_t>(op.getFilter());
  auto bias = readConstant<int32_t>(op.getBias());
  if (!filter || !bias || bias->empty())
    return std::nullopt;
  size_t channels = bias->size(), window = filter->size() / channels;
  SmallVector<int64_t> sums(channels, 0);
  for (auto [index, stored] : llvm::enumerate(*filter)) {
    int32_t weight =
        (op.getFilterUnsigned() ? static_cast<uint8_t>(stored) : stored) -
        static_cast<int32_t>(op.getFilterZeroPoint());
    // [O][KH][KW][I] or [KH][KW][O].
    sums[isa<Conv2DOp>(op) ? index / window : index % channels] += weight;
  }
  for (auto [value, sum] : llvm::zip_equal(*bias, sums))
    value = static_cast<int32_t>(static_cast<uint32_t>(value) -
                                 static_cast<uint32_t>(offset * sum));
  return bias;
}

std::optional<SmallVector<int32_t>>
qopt::kernel::getBiasWithOffset(Conv2DOp op, int32_t offset) {
  return addOffset(op, offset);
}
std::optional<SmallVector<int32_t>>
qopt::kernel::getBiasWithOffset(DepthwiseConv2DOp op, int32_t offset) {
  return addOffset(op, offset);
}
