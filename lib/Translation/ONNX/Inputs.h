//===- Inputs.h - The inputs of a graph -------------------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Types of the graph's inputs, with the sizes that the file leaves open, and
// inputs that are bound to a constant.
//
//===----------------------------------------------------------------------===//

#ifndef QOPT_LIB_TRANSLATION_ONNX_INPUTS_H
#define QOPT_LIB_TRANSLATION_ONNX_INPUTS_H

#include "Tensors.h"

#include "qopt/Translation/ONNX/ONNXImport.h"

namespace qopt::onnx_import {

/// Fails when an option names nothing of the model, or a size is not positive.
mlir::LogicalResult checkOptions(const Container &model,
                                 const ONNXImportOptions &options);

mlir::FailureOr<mlir::RankedTensorType>
getInputType(const Container &model, const proto::ValueInfoProto &input,
             const ONNXImportOptions &options);

/// Fails unless a function can take such elements.
mlir::LogicalResult checkInputElements(const Container &model,
                                       const proto::ValueInfoProto &input,
                                       mlir::RankedTensorType type);

/// The given tensor as the constant that stands for an input.
mlir::FailureOr<mlir::DenseElementsAttr>
bindInput(const Container &model, const proto::ValueInfoProto &input,
          mlir::RankedTensorType type, const Tensor &tensor);

} // namespace qopt::onnx_import

#endif // QOPT_LIB_TRANSLATION_ONNX_INPUTS_H
