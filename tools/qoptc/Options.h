// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// qoptc's command line.

#ifndef QOPT_TOOLS_QOPTC_OPTIONS_H
#define QOPT_TOOLS_QOPTC_OPTIONS_H

#include "qopt/Pipelines/Compiler.h"
#include "qopt/Translation/ONNX/ONNXExport.h"
#include "qopt/Translation/ONNX/ONNXImport.h"

namespace qoptc {

enum class Emit {
  BySuffix,
  Object,
  SharedLibrary,
  Header,
  Assembly,
  LLVMIR,
  MLIR,
  Bytecode,
  TFLite,
  ONNX
};

struct Options {
  std::string model;
  std::string output;
  Emit emit = Emit::BySuffix;
  /// Nothing: what suits the output.
  std::optional<qopt::Phase> stopAfter;
  qopt::ONNXExportOptions onnx;
  /// Sizes that an .onnx file leaves open.
  qopt::ONNXImportOptions onnxImport;
  /// Also write a C header, here; empty for none.
  std::string header;
  /// Where to write what the quantization cost: .html, .json, - for a table.
  std::vector<std::string> reports;
  /// Where to write what was chosen for each layer: .json, - for a table on
  /// standard error; empty for nowhere.
  std::string explain;
  bool timing = false;
  qopt::CompileOptions compile;
};

/// Parses the command line; exits with a message when it cannot be parsed and
/// after --help.
Options parseCommandLine(int argc, char **argv);

/// Decides what to emit, from the option or from the output's suffix.
llvm::Expected<Emit> chooseEmit(const Options &options);

} // namespace qoptc

#endif // QOPT_TOOLS_QOPTC_OPTIONS_H
