//===- Tensors.h - Constants and types of an .onnx file ---------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Element types and constant tensors as MLIR has them. Constants keep whether
// they are unsigned in their element type (`ui8`), which nn ops do not know:
// only what reads them decides what they stand for.
//
//===----------------------------------------------------------------------===//

#ifndef QOPT_LIB_TRANSLATION_ONNX_TENSORS_H
#define QOPT_LIB_TRANSLATION_ONNX_TENSORS_H

#include "Container.h"

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"

namespace qopt::onnx_import {

/// The most elements a tensor may have.
constexpr int64_t maxElements = int64_t(1) << 31;

/// Reports an error; the caller says which thing of the file is wrong.
using ErrorFunction = llvm::function_ref<mlir::InFlightDiagnostic()>;

/// The type of elements of ONNX's `dataType`, or null if there is none.
mlir::Type getElementType(mlir::MLIRContext *context, int32_t dataType);

/// How many elements a shape has; an error when a dimension is negative or
/// there are too many.
mlir::FailureOr<int64_t> countElements(llvm::ArrayRef<int64_t> shape,
                                       ErrorFunction error);

/// The elements of a constant tensor. External data is refused.
mlir::FailureOr<mlir::DenseElementsAttr>
importTensor(mlir::MLIRContext *context, const proto::TensorProto &tensor,
             ErrorFunction error);

/// The numbers of an integer constant of any width.
llvm::SmallVector<int64_t> getIntegers(mlir::DenseElementsAttr constant);
/// The numbers of a floating-point constant of any width.
llvm::SmallVector<double> getReals(mlir::DenseElementsAttr constant);

/// A constant of integers, in the element type of the shape arithmetic.
mlir::DenseElementsAttr makeIntegers(mlir::RankedTensorType type,
                                     llvm::ArrayRef<int64_t> values);

} // namespace qopt::onnx_import

#endif // QOPT_LIB_TRANSLATION_ONNX_TENSORS_H
