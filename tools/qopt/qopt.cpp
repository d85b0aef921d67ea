// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// qopt reads MLIR text or bytecode, runs passes on it and prints the result:
// mlir-opt for this project's dialects.

#include "mlir/Tools/mlir-opt/MlirOptMain.h"
#include "qopt/InitAllDialects.h"
#include "qopt/InitAllPasses.h"

int main(int argc, char **argv) {
  qopt::registerAllPasses();
  mlir::DialectRegistry registry;
  qopt::registerAllDialects(registry);
  return mlir::asMainReturnCode(
      mlir::MlirOptMain(argc, argv, "qopt: quantization compiler\n", registry));
}
