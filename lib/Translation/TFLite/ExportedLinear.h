//===- ExportedLinear.h - Input, weights and bias ---------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What convolutions and fully connected layers have in common on their way into
// a file. The counterpart of LinearOperands.h.
//
//===----------------------------------------------------------------------===//

#ifndef QOPT_LIB_TRANSLATION_TFLITE_EXPORTEDLINEAR_H
#define QOPT_LIB_TRANSLATION_TFLITE_EXPORTEDLINEAR_H

#include "OperatorExporter.h"

namespace qopt::tflite {

struct ExportedLinear {
  int32_t filter;
  /// -1 when there is none.
  int32_t bias = -1;
  schema::TensorType filterStorage;
  /// The accumulator's type that the options must ask for; FLOAT32: none.
  schema::TensorType biasType = schema::TensorType::FLOAT32;

  /// The operator's inputs.
  llvm::SmallVector<int32_t> getInputs(int32_t input) const {
    if (bias < 0)
      return {input, filter};
    return {input, filter, bias};
  }
};

/// Checks that the numerics of the op are those of the kernel that its types
/// choose, and adds weights and bias. Operand 0 is the input.
mlir::FailureOr<ExportedLinear>
exportLinear(OperatorExporter &op, mlir::Value filter, mlir::Value bias,
             quant::RoundingMode rounding, bool f32ScaleProduct);

} // namespace qopt::tflite

#endif // QOPT_LIB_TRANSLATION_TFLITE_EXPORTEDLINEAR_H
