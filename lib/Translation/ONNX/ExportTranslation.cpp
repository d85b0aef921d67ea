//===- ExportTranslation.cpp - The flag --export-onnx ---------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The flag, with the option that says which of ONNX's two forms of quantized
// graphs is meant.
//
//===----------------------------------------------------------------------===//

#include "qopt/Translation/ONNX/ONNXExport.h"
#include "qopt/Translation/ONNX/ONNXImport.h"

#include "mlir/Tools/mlir-translate/Translation.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/ManagedStatic.h"

namespace cl = llvm::cl;
using qopt::ONNXFormat;
using qopt::ONNXWeights;

namespace {
/// Made when the translation is registered, so that only tools that have it
/// have the option.
struct Options {
  cl::opt<ONNXFormat> format{
      "onnx-format", cl::desc("how a quantized graph is written as .onnx"),
      cl::values(clEnumValN(ONNXFormat::QDQ, "qdq",
                            "float operators between DequantizeLinear and "
                            "QuantizeLinear"),
                 clEnumValN(ONNXFormat::QOperator, "qoperator",
                            "operators on integers")),
      cl::init(ONNXFormat::QDQ)};
  cl::opt<ONNXWeights> weights{
      "onnx-weights",
      cl::desc("8-bit weights beside unsigned activations in .onnx"),
      cl::values(clEnumValN(ONNXWeights::Exact, "exact",
                            "unsigned, exact on every CPU"),
                 clEnumValN(ONNXWeights::Signed, "signed",
                            "signed: faster with VNNI, saturating without")),
      cl::init(ONNXWeights::Exact)};
};
} // namespace

static llvm::ManagedStatic<Options> commandLine;

void qopt::registerONNXExportTranslation() {
  *commandLine;
  static mlir::TranslateFromMLIRRegistration registration(
      "export-onnx", "write nn IR as an ONNX model",
      [](mlir::ModuleOp module, llvm::raw_ostream &out) {
        return exportONNX(module, {commandLine->format, commandLine->weights},
                          out);
      },
      registerONNXImportDialects);
}
