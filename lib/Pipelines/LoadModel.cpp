// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Loads a model, whatever its format.

#include "qopt/Pipelines/Compiler.h"
#include "qopt/Translation/ONNX/ONNXImport.h"
#include "qopt/Translation/TFLite/TFLiteImport.h"

#include "mlir/Parser/Parser.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/SourceMgr.h"

using namespace llvm;

Expected<mlir::OwningOpRef<mlir::ModuleOp>>
qopt::loadModel(StringRef path, mlir::MLIRContext &context) {
  return loadModel(path, context, ONNXImportOptions());
}

Expected<mlir::OwningOpRef<mlir::ModuleOp>>
qopt::loadModel(StringRef path, mlir::MLIRContext &context,
                const ONNXImportOptions &onnx) {
  auto buffer = MemoryBuffer::getFileOrSTDIN(path, /*IsText=*/false,
                                             /*RequiresNullTerminator=*/true);
  if (!buffer)
    return createStringError(buffer.getError(),
                             "cannot read '" + path +
                                 "': " + buffer.getError().message());
  bool isOpen = isONNX((*buffer)->getMemBufferRef()) || path.ends_with(".onnx");
  if (!isOpen && (onnx.batch != 1 || !onnx.dimensions.empty()))
    return createStringError("'" + path +
                             "' is no .onnx file: it leaves no dimension open, "
                             "so a batch or size has nothing to say");
  if (isTFLite((*buffer)->getMemBufferRef())) {
    auto module = importTFLite((*buffer)->getMemBufferRef(), &context);
    if (!module)
      return createStringError("cannot import '" + path + "'");
    return std::move(module);
  }
  if (isOpen) {
    auto module = importONNX((*buffer)->getMemBufferRef(), &context, onnx);
    if (!module)
      return createStringError("cannot import '" + path + "'");
    return std::move(module);
  }
  if (path.ends_with(".tflite"))
    return createStringError("'" + path +
                             "' is not a TFLite model: no identifier 'TFL3'");
  auto sourceManager = std::make_shared<SourceMgr>();
  sourceManager->AddNewSourceBuffer(std::move(*buffer), SMLoc());
  auto module = mlir::parseSourceFile<mlir::ModuleOp>(sourceManager, &context);
  if (!module)
    return createStringError("cannot parse '" + path + "'");
  return std::move(module);
}
