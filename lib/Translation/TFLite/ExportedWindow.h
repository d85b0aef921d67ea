//===- ExportedWindow.h - Explicit padding as SAME or VALID -----*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The way back of Padding.h. Padding that neither name means becomes an
// operator in front.
//
//===----------------------------------------------------------------------===//

#ifndef QOPT_LIB_TRANSLATION_TFLITE_EXPORTEDWINDOW_H
#define QOPT_LIB_TRANSLATION_TFLITE_EXPORTEDWINDOW_H

#include "OperatorExporter.h"

namespace qopt::tflite {

/// What padding counts as where it must become elements.
enum class BorderValue {
  /// Real 0, of which nothing is added to a sum.
  Zero,
  /// The least value, which no maximum is.
  Lowest,
  /// Nothing: no element is without effect.
  None,
};

struct ExportedWindow {
  /// The tensor that the window moves over: the op's input, or a padded one.
  int32_t input;
  schema::Padding padding;
};

/// Pairs are height, width; `padding` is top, bottom, left, right.
mlir::FailureOr<ExportedWindow>
exportWindow(OperatorExporter &op, mlir::Value input, BorderValue border,
             llvm::ArrayRef<int64_t> kernel, llvm::ArrayRef<int64_t> strides,
             llvm::ArrayRef<int64_t> dilations,
             llvm::ArrayRef<int64_t> padding);

/// Adds PAD, or PADV2 where the border is not real 0: `real` is the border's
/// value, of which quantized tensors get the stored one. The result is tensor
/// `output`.
mlir::LogicalResult addPadOperator(OperatorExporter &op, int32_t input,
                                   mlir::RankedTensorType type,
                                   llvm::ArrayRef<int64_t> low,
                                   llvm::ArrayRef<int64_t> high, double real,
                                   int32_t output);

} // namespace qopt::tflite

#endif // QOPT_LIB_TRANSLATION_TFLITE_EXPORTEDWINDOW_H
