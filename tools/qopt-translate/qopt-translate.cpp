//===- qopt-translate.cpp - Models in, IR out, and back -------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// mlir-translate for this project: between IR and the files of other systems.
//
//===----------------------------------------------------------------------===//

#include "qopt/Support/Version.h"
#include "qopt/Translation/ONNX/ONNXExport.h"
#include "qopt/Translation/ONNX/ONNXImport.h"
#include "qopt/Translation/TFLite/TFLiteExport.h"
#include "qopt/Translation/TFLite/TFLiteImport.h"

#include "mlir/Support/LogicalResult.h"
#include "mlir/Tools/mlir-translate/MlirTranslateMain.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/raw_ostream.h"

static const char *const examples = R"(
EXAMPLES
  Read a model and look at it:
    qopt-translate --import-tflite model.tflite
    qopt-translate --import-onnx model.onnx
  Leave out the weights, show which tensor each op comes from:
    qopt-translate --import-tflite model.tflite --mlir-elide-elementsattrs-if-larger=16 --mlir-print-debuginfo
  Keep the IR, and work on it:
    qopt-translate --import-tflite model.tflite -o model.mlir
    qopt model.mlir --qopt-cleanup --qopt-integer
  Write IR as a model for other runtimes:
    qopt-translate --export-tflite model.mlir -o model.tflite

Use - or no file name for standard input. Exit code 0: the file was written. A
model that is broken, or uses what is not supported, is an error that names the
place, with exit code 1; nothing is written.
)";

int main(int argc, char **argv) {
  // What is registered by now are LLVM's own options: hundreds, none for users.
  for (auto &option : llvm::cl::getRegisteredOptions())
    option.second->setHiddenFlag(llvm::cl::Hidden);
  static llvm::cl::extrahelp moreHelp(examples);
  llvm::cl::SetVersionPrinter(
      [](llvm::raw_ostream &os) { os << qopt::getVersionString() << "\n"; });
  qopt::registerONNXImportTranslation();
  qopt::registerONNXExportTranslation();
  qopt::registerTFLiteImportTranslation();
  qopt::registerTFLiteExportTranslation();
  return failed(mlir::mlirTranslateMain(
      argc, argv, "qopt-translate: between models and IR\n"));
}
