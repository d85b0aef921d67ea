// placeholder main, replaced by the owner
#include "mlir/Tools/mlir-opt/MlirOptMain.h"
int main(int argc, char **argv) {
  mlir::DialectRegistry registry;
  return mlir::failed(mlir::MlirOptMain(argc, argv, "qopt\n", registry));
}
