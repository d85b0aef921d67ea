//===- ExportedTypes.h - Element types of a file ----------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// From `!quant.uniform` to a tensor type, scales and zero points: the way back
// of Quantization.h.
//
//===----------------------------------------------------------------------===//

#ifndef QOPT_LIB_TRANSLATION_TFLITE_EXPORTEDTYPES_H
#define QOPT_LIB_TRANSLATION_TFLITE_EXPORTEDTYPES_H

#include "ModelWriter.h"

#include "mlir/IR/Types.h"
#include "mlir/Support/LLVM.h"

#include <string>

namespace qopt::tflite {

struct ExportedType {
  schema::TensorType type;
  TensorParameters parameters;
};

/// The element type in the file. A constant may use a part of the storage
/// range; a computed tensor cannot be kept inside one. When the type has no
/// counterpart, `reason` says why.
mlir::FailureOr<ExportedType>
exportElementType(mlir::Type element, bool isConstant, std::string &reason);

/// The tensor type of quantized elements, or of f32; nothing for other types.
std::optional<schema::TensorType> getStorageType(mlir::Type type);

} // namespace qopt::tflite

#endif // QOPT_LIB_TRANSLATION_TFLITE_EXPORTEDTYPES_H
