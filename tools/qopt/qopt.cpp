// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// qopt reads MLIR text or bytecode, runs passes on it and prints the result:
// mlir-opt for this project's dialects.

#include "mlir/Tools/mlir-opt/MlirOptMain.h"
#include "qopt/InitAllDialects.h"
#include "qopt/InitAllPasses.h"
#include "qopt/Support/PassStatistics.h"
#include "qopt/Support/Version.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/raw_ostream.h"

static const char examples[] = R"(
EXAMPLES
  Check a file and print it in its canonical form:
    qopt model.mlir
  Run two passes, and see the module after each of them:
    qopt model.mlir --nn-fuse-activations --quant-canonicalize-requantize \
      --mlir-print-ir-after-all
  A pass with an option, and what it counted:
    qopt model.mlir --pass-statistics \
      --quant-canonicalize-requantize=allow-approximate=true
  The same as a pipeline, which can be nested, kept in a file and repeated:
    qopt model.mlir \
      --pass-pipeline='builtin.module(quant-canonicalize-requantize,cse)'
  Where the time goes:
    qopt model.mlir --quant-legalize-multipliers --mlir-timing
  Text to bytecode, and back:
    qopt model.mlir --emit-bytecode -o model.mlirbc && qopt model.mlirbc
  A TensorFlow Lite file, phase by phase, as far as integers:
    qopt-translate --import-tflite model.tflite | qopt --qopt-cleanup --qopt-integer

Use - or no file name for standard input. Exit code 0: all passes succeeded and
the result is valid. To compile a model to native code, see qoptc --help.
)";

int main(int argc, char **argv) {
  // What is registered by now are LLVM's own options: hundreds, none for users.
  for (auto &option : llvm::cl::getRegisteredOptions())
    option.second->setHiddenFlag(llvm::cl::Hidden);
  static llvm::cl::extrahelp moreHelp(examples);
  llvm::cl::SetVersionPrinter(
      [](llvm::raw_ostream &os) { os << qopt::getVersionString() << "\n"; });
  qopt::registerAllPasses();
  qopt::registerPassStatisticsFlag();
  mlir::DialectRegistry registry;
  qopt::registerAllDialects(registry);
  mlir::LogicalResult result = mlir::MlirOptMain(
      argc, argv,
      "qopt: run passes on the IR of a quantized model (text or bytecode)",
      registry);
  qopt::printPassStatistics(llvm::errs());
  return mlir::asMainReturnCode(result);
}
