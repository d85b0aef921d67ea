//===- Quantization.h - Quantization parameters as types --------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// From the scales and zero points of a tensor to `!quant.uniform`.
//
//===----------------------------------------------------------------------===//

#ifndef QOPT_LIB_TRANSLATION_TFLITE_QUANTIZATION_H
#define QOPT_LIB_TRANSLATION_TFLITE_QUANTIZATION_H

#include "Container.h"

#include "mlir/IR/BuiltinTypes.h"

namespace qopt::tflite {

/// How integers of a tensor type are stored.
struct StorageFormat {
  unsigned width;
  bool isSigned;
};

/// Tensors whose quantized dimension made no sense but could be understood;
/// they are reported together.
struct QuantizationQuirks {
  unsigned count = 0;
  std::string first;
};

/// The element type of tensor `index`, whose integers are stored as `format`:
/// a quantized type, or the plain integer when there are no parameters.
mlir::FailureOr<mlir::Type>
importElementType(const Container &model, unsigned index, StorageFormat format,
                  llvm::ArrayRef<int64_t> shape, QuantizationQuirks &quirks);

} // namespace qopt::tflite

#endif // QOPT_LIB_TRANSLATION_TFLITE_QUANTIZATION_H
