//===- Slices.h - What a Slice takes of its input ---------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Shared by the operator on tensors and by the folding of constants.
//
//===----------------------------------------------------------------------===//

#ifndef QOPT_LIB_TRANSLATION_ONNX_SLICES_H
#define QOPT_LIB_TRANSLATION_ONNX_SLICES_H

#include "NodeImporter.h"

namespace qopt::onnx_import {

/// Indices `first`, `first + step` ... of one dimension, `count` of them.
struct SlicedDimension {
  int64_t first, step, count;
};

/// What a Slice node takes of each dimension of a tensor of this shape: from
/// attributes until opset 9, from constant inputs from 10 on.
mlir::FailureOr<llvm::SmallVector<SlicedDimension>>
getSlices(NodeImporter &op, llvm::ArrayRef<int64_t> shape);

} // namespace qopt::onnx_import

#endif // QOPT_LIB_TRANSLATION_ONNX_SLICES_H
