// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Arithmetic of channel maps and channel functions.

#include "qopt/Interfaces/ChannelInterfaces.h"

#include "llvm/ADT/Sequence.h"

#include <cmath>

using namespace mlir;
using namespace qopt;

#include "qopt/Interfaces/ChannelInterfaces.cpp.inc"

ChannelMap ChannelMap::identity(int64_t dimension, int64_t count) {
  return {dimension, llvm::to_vector(llvm::seq<int64_t>(0, count))};
}

bool ChannelMap::isIdentity() const {
  for (auto [index, channel] : llvm::enumerate(channels))
    if (channel != static_cast<int64_t>(index))
      return false;
  return true;
}

/// Elements behind one index of a dimension.
static int64_t countInner(ArrayRef<int64_t> shape, int64_t dimension) {
  return ShapedType::getNumElements(shape.drop_front(dimension + 1));
}

FailureOr<ChannelMap> qopt::reshapeChannels(const ChannelMap &channels,
                                            ArrayRef<int64_t> from,
                                            ArrayRef<int64_t> to) {
  int64_t count = ShapedType::getNumElements(from);
  int64_t inner = countInner(from, channels.dimension);
  int64_t extent = from[channels.dimension];
  if (count == 0)
    return failure();
  // From the last on: there, a tensor of one channel has it.
  for (int64_t dimension = to.size(); dimension-- > 0;) {
    ChannelMap result{dimension, SmallVector<int64_t>(to[dimension], -1)};
    int64_t resultInner = countInner(to, dimension);
    bool isConsistent = true;
    for (int64_t i = 0; i < count && isConsistent; ++i) {
      int64_t channel = channels.channels[i / inner % extent];
      int64_t &found = result.channels[i / resultInner % to[dimension]];
      isConsistent = found < 0 || found == channel;
      found = channel;
    }
    if (isConsistent)
      return result;
  }
  return failure();
}

bool ChannelFunction::isInvertible() const {
  return llvm::all_of(factors,
                      [](double a) { return std::isfinite(a) && a != 0; }) &&
         llvm::all_of(offsets, [](double b) { return std::isfinite(b); });
}

ChannelFunction ChannelFunction::getInverse() const {
  ChannelFunction inverse;
  for (auto [a, b] : llvm::zip_equal(factors, offsets)) {
    inverse.factors.push_back(1 / a);
    // Not -0.
    inverse.offsets.push_back(b == 0 ? 0 : -b / a);
  }
  return inverse;
}

ChannelFunction ChannelFunction::after(const ChannelFunction &first) const {
  ChannelFunction result;
  for (auto [a, b, firstA, firstB] :
       llvm::zip_equal(factors, offsets, first.factors, first.offsets)) {
    result.factors.push_back(a * firstA);
    result.offsets.push_back(a * firstB + b);
  }
  return result;
}

ChannelFunction ChannelFunction::select(ArrayRef<int64_t> map) const {
  ChannelFunction result;
  for (int64_t channel : map) {
    result.factors.push_back(factors[channel]);
    result.offsets.push_back(offsets[channel]);
  }
  return result;
}

bool qopt::clampCommutesWith(RealInterval interval,
                             const ChannelFunction &function) {
  if (interval.isUnbounded())
    return true;
  for (auto [a, b] : llvm::zip_equal(function.factors, function.offsets)) {
    if (!(a > 0))
      return false;
    for (double bound : {interval.low, interval.high})
      if (std::isfinite(bound) && a * bound + b != bound)
        return false;
  }
  return true;
}
