//===- Translation.cpp - The flag --import-onnx ---------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "qopt/Translation/ONNX/ONNXImport.h"

#include "mlir/Tools/mlir-translate/Translation.h"
#include "llvm/Support/SourceMgr.h"

void qopt::registerONNXImportTranslation() {
  static mlir::TranslateToMLIRRegistration registration(
      "import-onnx", "read an ONNX model into nn IR",
      [](llvm::SourceMgr &sources,
         mlir::MLIRContext *context) -> mlir::OwningOpRef<mlir::Operation *> {
        const llvm::MemoryBuffer *buffer =
            sources.getMemoryBuffer(sources.getMainFileID());
        return importONNX(buffer->getMemBufferRef(), context);
      },
      registerONNXImportDialects);
}
