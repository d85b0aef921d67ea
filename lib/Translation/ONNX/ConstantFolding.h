//===- ConstantFolding.h - Arithmetic on shapes -----------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Exporters leave graphs that compute shapes: Shape, Gather, Concat, Reshape.
// Shapes are known here, so that these nodes become constants.
//
//===----------------------------------------------------------------------===//

#ifndef QOPT_LIB_TRANSLATION_ONNX_CONSTANTFOLDING_H
#define QOPT_LIB_TRANSLATION_ONNX_CONSTANTFOLDING_H

#include "NodeImporter.h"

namespace qopt::onnx_import {

/// Whether nodes of this operator may become constants.
bool isFoldable(llvm::StringRef name);

/// Makes the node's output a constant, if its inputs are. False if they are
/// not: nothing has been done then.
mlir::FailureOr<bool> foldNode(NodeImporter &op);

} // namespace qopt::onnx_import

#endif // QOPT_LIB_TRANSLATION_ONNX_CONSTANTFOLDING_H
