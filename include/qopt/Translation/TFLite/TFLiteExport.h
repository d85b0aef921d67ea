//===- TFLiteExport.h - nn IR as TensorFlow Lite models ---------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Writes a module with one function of `nn` and `quant` ops, float, quantized
// or mixed, as a .tflite model. The model means what the module means, to the
// bit: what TensorFlow Lite's reference kernels would compute otherwise (other
// rounding, padding that has no name, scales that are no float32) is an error
// that names the op.
//
//===----------------------------------------------------------------------===//

#ifndef QOPT_TRANSLATION_TFLITE_TFLITEEXPORT_H
#define QOPT_TRANSLATION_TFLITE_TFLITEEXPORT_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Support/LLVM.h"

namespace qopt {

/// Writes `module` to `out`; equal modules give equal bytes. Emits an error and
/// writes nothing when the module cannot be expressed.
mlir::LogicalResult exportTFLite(mlir::ModuleOp module, llvm::raw_ostream &out);

/// Registers `--export-tflite` with mlir-translate's driver.
void registerTFLiteExportTranslation();

} // namespace qopt

#endif // QOPT_TRANSLATION_TFLITE_TFLITEEXPORT_H
