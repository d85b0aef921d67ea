//===- Translation.cpp - The flag --import-onnx ---------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The flag, with the options that say what a file leaves open.
//
//===----------------------------------------------------------------------===//

#include "qopt/Support/Npy.h"
#include "qopt/Translation/ONNX/ONNXImport.h"

#include "mlir/Tools/mlir-translate/Translation.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/ManagedStatic.h"
#include "llvm/Support/SourceMgr.h"

namespace cl = llvm::cl;

namespace {
/// Made when the translation is registered, so that only tools that have it
/// have the options.
struct Options {
  cl::opt<int64_t> batch{
      "onnx-batch", cl::value_desc("N"), cl::init(1),
      cl::desc("size of a first dimension that the .onnx file leaves open")};
  cl::list<std::string> dimensions{
      "onnx-dim", cl::value_desc("NAME=SIZE"),
      cl::desc("size of a dimension that has only a name in the .onnx file")};
  cl::list<std::string> constants{
      "onnx-constant", cl::value_desc("INPUT=FILE.npy"),
      cl::desc("value of an input of the .onnx file that becomes a constant")};
};
} // namespace

static llvm::ManagedStatic<Options> commandLine;

llvm::Error qopt::addDimension(ONNXImportOptions &options, llvm::StringRef flag,
                               llvm::StringRef argument) {
  auto [name, size] = argument.rsplit('=');
  int64_t number;
  if (name.empty() || size.getAsInteger(10, number))
    return llvm::createStringError("--" + flag + "=" + argument +
                                   ": expected NAME=SIZE");
  options.dimensions[name.str()] = number;
  return llvm::Error::success();
}

/// Reads `NAME=VALUE` arguments; false after an error.
static bool readOptions(mlir::Location loc, qopt::ONNXImportOptions &options) {
  options.batch = commandLine->batch;
  for (const std::string &argument : commandLine->dimensions)
    if (llvm::Error error = qopt::addDimension(options, "onnx-dim", argument)) {
      mlir::emitError(loc) << llvm::toString(std::move(error));
      return false;
    }
  for (const std::string &argument : commandLine->constants) {
    auto [name, file] = llvm::StringRef(argument).split('=');
    auto tensor = qopt::readNpy(file);
    if (!tensor) {
      mlir::emitError(loc) << "--onnx-constant=" << argument << ": "
                           << llvm::toString(tensor.takeError());
      return false;
    }
    options.constants[name.str()] = std::move(*tensor);
  }
  return true;
}

void qopt::registerONNXImportTranslation() {
  *commandLine;
  static mlir::TranslateToMLIRRegistration registration(
      "import-onnx", "read an ONNX model into nn IR",
      [](llvm::SourceMgr &sources,
         mlir::MLIRContext *context) -> mlir::OwningOpRef<mlir::Operation *> {
        const llvm::MemoryBuffer *buffer =
            sources.getMemoryBuffer(sources.getMainFileID());
        ONNXImportOptions options;
        if (!readOptions(mlir::FileLineColLoc::get(
                             context, buffer->getBufferIdentifier(), 0, 0),
                         options))
          return nullptr;
        return importONNX(buffer->getMemBufferRef(), context, options);
      },
      registerONNXImportDialects);
}
