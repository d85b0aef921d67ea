//===- Translation.cpp - The flags --import-tflite and --export-tflite ----===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "qopt/Translation/TFLite/TFLiteExport.h"
#include "qopt/Translation/TFLite/TFLiteImport.h"

#include "mlir/Tools/mlir-translate/Translation.h"
#include "llvm/Support/SourceMgr.h"

void qopt::registerTFLiteImportTranslation() {
  static mlir::TranslateToMLIRRegistration registration(
      "import-tflite", "read a TensorFlow Lite model into nn IR",
      [](llvm::SourceMgr &sources,
         mlir::MLIRContext *context) -> mlir::OwningOpRef<mlir::Operation *> {
        const llvm::MemoryBuffer *buffer =
            sources.getMemoryBuffer(sources.getMainFileID());
        return importTFLite(buffer->getMemBufferRef(), context);
      },
      registerTFLiteImportDialects);
}

void qopt::registerTFLiteExportTranslation() {
  static mlir::TranslateFromMLIRRegistration registration(
      "export-tflite", "write nn IR as a TensorFlow Lite model",
      [](mlir::ModuleOp module, llvm::raw_ostream &out) {
        return exportTFLite(module, out);
      },
      registerTFLiteImportDialects);
}
