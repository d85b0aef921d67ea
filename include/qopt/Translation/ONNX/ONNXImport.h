//===- ONNXImport.h - ONNX models as nn IR ----------------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reads an .onnx model into a module with one function `main` of `nn` and
// `quant` ops. Inputs and results keep the layout that the file gives them;
// ops that want channels last stand between `nn.transpose`. The file is not
// trusted: every size, dimension, index and attribute is checked before it is
// used.
//
//===----------------------------------------------------------------------===//

#ifndef QOPT_TRANSLATION_ONNX_ONNXIMPORT_H
#define QOPT_TRANSLATION_ONNX_ONNXIMPORT_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "qopt/Support/Tensor.h"
#include "llvm/Support/MemoryBufferRef.h"

#include <map>
#include <string>

namespace mlir {
class DialectRegistry;
class MLIRContext;
} // namespace mlir

namespace qopt {

/// What the file leaves open.
struct ONNXImportOptions {
  /// The size of a first dimension that has a name or nothing for a size.
  int64_t batch = 1;
  /// Sizes of the dimensions that have these names.
  std::map<std::string, int64_t> dimensions;
  /// Inputs of the graph that have these values, always: they become constants.
  std::map<std::string, Tensor> constants;
};

/// Reads `NAME=SIZE` into `options.dimensions`; `flag` is what it was given to,
/// for the error.
llvm::Error addDimension(ONNXImportOptions &options, llvm::StringRef flag,
                         llvm::StringRef argument);

/// Whether `buffer` begins as .onnx files do. The format has no identifier:
/// this is the field with the version of the format, which comes first.
bool isONNX(llvm::MemoryBufferRef buffer);

/// Imports the model in `buffer`, whose identifier names the file in
/// diagnostics. Returns null after an error has been emitted. The dialects of
/// registerONNXImportDialects are loaded into the context.
mlir::OwningOpRef<mlir::ModuleOp>
importONNX(llvm::MemoryBufferRef buffer, mlir::MLIRContext *context,
           const ONNXImportOptions &options = {});

/// The dialects that an imported module contains.
void registerONNXImportDialects(mlir::DialectRegistry &registry);

/// Registers `--import-onnx` with mlir-translate's driver.
void registerONNXImportTranslation();

} // namespace qopt

#endif // QOPT_TRANSLATION_ONNX_ONNXIMPORT_H
