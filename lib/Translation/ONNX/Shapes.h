//===- Shapes.h - The shapes that reshaping operators make ------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Shared by the operators on tensors and by the folding of constants.
//
//===----------------------------------------------------------------------===//

#ifndef QOPT_LIB_TRANSLATION_ONNX_SHAPES_H
#define QOPT_LIB_TRANSLATION_ONNX_SHAPES_H

#include "NodeImporter.h"

namespace qopt::onnx_import {

/// The shape that Reshape gives its first input, with 0 and -1 resolved.
mlir::FailureOr<llvm::SmallVector<int64_t>> getReshapedShape(NodeImporter &op);

/// Axes are an attribute until opset 12, an input from 13 on.
mlir::FailureOr<llvm::SmallVector<int64_t>> getSqueezedShape(NodeImporter &op);
mlir::FailureOr<llvm::SmallVector<int64_t>>
getUnsqueezedShape(NodeImporter &op);

} // namespace qopt::onnx_import

#endif // QOPT_LIB_TRANSLATION_ONNX_SHAPES_H
