//===- TFLiteImport.h - TensorFlow Lite models as nn IR ---------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reads a .tflite model into a module with one function `main` of `nn` and
// `quant` ops. The file is not trusted: every offset, index, count, shape and
// scale is checked before it is used.
//
//===----------------------------------------------------------------------===//

#ifndef QOPT_TRANSLATION_TFLITE_TFLITEIMPORT_H
#define QOPT_TRANSLATION_TFLITE_TFLITEIMPORT_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "llvm/Support/MemoryBufferRef.h"

namespace mlir {
class DialectRegistry;
class MLIRContext;
} // namespace mlir

namespace qopt {

/// Whether `buffer` carries the identifier of a .tflite file.
bool isTFLite(llvm::MemoryBufferRef buffer);

/// Imports the model in `buffer`, whose identifier names the file in
/// diagnostics. Returns null after an error has been emitted. The dialects of
/// registerTFLiteImportDialects are loaded into the context.
mlir::OwningOpRef<mlir::ModuleOp> importTFLite(llvm::MemoryBufferRef buffer,
                                               mlir::MLIRContext *context);

/// The dialects that an imported module contains.
void registerTFLiteImportDialects(mlir::DialectRegistry &registry);

/// Registers `--import-tflite` with mlir-translate's driver.
void registerTFLiteImportTranslation();

} // namespace qopt

#endif // QOPT_TRANSLATION_TFLITE_TFLITEIMPORT_H
