// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A language server for the IR of this project: diagnostics, definitions,
// hovers and completion in editors that speak the protocol.

#include "mlir/IR/Dialect.h"
#include "mlir/Tools/mlir-lsp-server/MlirLspServerMain.h"
#include "qopt/InitAllDialects.h"

int main(int argc, char **argv) {
  mlir::DialectRegistry registry;
  qopt::registerAllDialects(registry);
  return mlir::failed(mlir::MlirLspServerMain(argc, argv, registry));
}
