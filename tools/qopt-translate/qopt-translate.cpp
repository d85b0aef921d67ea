//===- qopt-translate.cpp - Models in, IR out -----------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// mlir-translate for this project: between IR and the files of other systems.
//
//===----------------------------------------------------------------------===//

#include "qopt/Translation/TFLite/TFLiteImport.h"

#include "mlir/Support/LogicalResult.h"
#include "mlir/Tools/mlir-translate/MlirTranslateMain.h"
#include "llvm/Support/CommandLine.h"

static llvm::cl::extrahelp
    examples("\nEXAMPLES:\n"
             "\n"
             "  Read a model, look at it:\n"
             "    qopt-translate --import-tflite model.tflite\n"
             "  Leave out the weights, show where each op comes from:\n"
             "    qopt-translate --import-tflite model.tflite "
             "--mlir-elide-elementsattrs-if-larger=16 "
             "--mlir-print-debuginfo\n"
             "  Keep the IR for qopt:\n"
             "    qopt-translate --import-tflite model.tflite -o model.mlir\n");

int main(int argc, char **argv) {
  qopt::registerTFLiteImportTranslation();
  return failed(mlir::mlirTranslateMain(argc, argv, "translations of models"));
}
