//===- StridedSlice.cpp - What STRIDED_SLICE takes of a dimension ---------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "StridedSlice.h"

using namespace qopt::tflite;

bool qopt::tflite::isPlain(const schema::StridedSliceOptions &options) {
  return !options.ellipsis_mask() && !options.new_axis_mask() &&
         !options.offset();
}

SlicedDimension
qopt::tflite::getSlicedDimension(const schema::StridedSliceOptions &options,
                                 unsigned dimension, int64_t size,
                                 int64_t begin, int64_t end, int64_t step) {
  auto isMasked = [&](int32_t mask) { return (mask >> dimension) & 1; };
  bool isOne = isMasked(options.shrink_axis_mask());
  // The step may be as large as an integer gets.
  step = isOne ? 1 : std::clamp(step, -size, size);
  bool isForward = step > 0;
  auto clampIndex = [&](int64_t index) {
    return std::clamp<int64_t>(index < 0 ? index + size : index,
                               isForward ? 0 : -1, isForward ? size : size - 1);
  };
  int64_t first = isMasked(options.begin_mask()) ? (isForward ? 0 : size - 1)
                                                 : clampIndex(begin);
  int64_t last =
      isMasked(options.end_mask()) ? (isForward ? size : -1) : clampIndex(end);
  if (isOne)
    last = first + 1;
  int64_t span = isForward ? last - first : first - last;
  bool isEmpty = span <= 0 || first < 0 || first >= size;
  return {first, step, isEmpty ? 0 : (span - 1) / std::abs(step) + 1};
}
