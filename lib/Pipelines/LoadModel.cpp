// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Loads a model, whatever its format.

#include "qopt/Pipelines/Compiler.h"

#include "mlir/Parser/Parser.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/SourceMgr.h"

using namespace llvm;

/// A flatbuffer has its file identifier after four bytes.
static bool isTFLite(StringRef bytes) { return bytes.substr(4, 4) == "TFL3"; }

Expected<mlir::OwningOpRef<mlir::ModuleOp>>
qopt::loadModel(StringRef path, mlir::MLIRContext &context) {
  auto buffer = MemoryBuffer::getFileOrSTDIN(path, /*IsText=*/false,
                                             /*RequiresNullTerminator=*/true);
  if (!buffer)
    return createStringError(buffer.getError(),
                             "cannot read '" + path +
                                 "': " + buffer.getError().message());
  StringRef bytes = (*buffer)->getBuffer();
  if (isTFLite(bytes))
    return createStringError("cannot import '" + path +
                             "': the TFLite importer is not built in");
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
