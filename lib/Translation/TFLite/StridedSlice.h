//===- StridedSlice.h - What STRIDED_SLICE takes of a dimension -*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Shared by the operator on tensors and by the arithmetic on shapes.
//
//===----------------------------------------------------------------------===//

#ifndef QOPT_LIB_TRANSLATION_TFLITE_STRIDEDSLICE_H
#define QOPT_LIB_TRANSLATION_TFLITE_STRIDEDSLICE_H

#include "Container.h"

namespace qopt::tflite {

/// Indices `first`, `first + step` ... of one dimension, `count` of them, none
/// where `count` is 0. The step is cut to what moves to the next index at all.
struct SlicedDimension {
  int64_t first, step, count;
};

/// Whether the options say nothing that is not spelled here: no ellipsis, no
/// new axis, no ends that count from the begin.
bool isPlain(const schema::StridedSliceOptions &options);

/// The kernels' rules: negative numbers count from the end, what lies outside
/// is moved to the nearest end, and masks stand for the ends. `step` is not 0.
SlicedDimension getSlicedDimension(const schema::StridedSliceOptions &options,
                                   unsigned dimension, int64_t size,
                                   int64_t begin, int64_t end, int64_t step);

} // namespace qopt::tflite

#endif // QOPT_LIB_TRANSLATION_TFLITE_STRIDEDSLICE_H
