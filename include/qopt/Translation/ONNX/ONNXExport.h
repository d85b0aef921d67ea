//===- ONNXExport.h - nn IR as ONNX models ----------------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Writes a module with one function `main` of `nn` and `quant` ops as an .onnx
// file that other runtimes read. Quantized ops become either float operators
// between DequantizeLinear and QuantizeLinear (QDQ) or the operators on
// integers (QOperator), where there is one; float ops are the same in both.
//
//===----------------------------------------------------------------------===//

#ifndef QOPT_TRANSLATION_ONNX_ONNXEXPORT_H
#define QOPT_TRANSLATION_ONNX_ONNXEXPORT_H

#include "mlir/IR/BuiltinOps.h"
#include "llvm/Support/raw_ostream.h"

namespace qopt {

enum class ONNXFormat { QDQ, QOperator };

/// How 8-bit weights beside unsigned activations are written.
enum class ONNXWeights {
  /// Unsigned: ONNX Runtime's products are exact on every CPU.
  Exact,
  /// As they are: faster where the CPU has VNNI instructions, but without them
  /// on x86 the runtime's sums of two products saturate at 16 bits.
  Signed
};

struct ONNXExportOptions {
  ONNXFormat format = ONNXFormat::QDQ;
  ONNXWeights weights = ONNXWeights::Exact;
};

/// Writes the model. Fails after an error that names the op which no operator
/// stands for.
llvm::LogicalResult exportONNX(mlir::ModuleOp module,
                               const ONNXExportOptions &options,
                               llvm::raw_ostream &os);

/// Registers `--export-onnx` with mlir-translate's driver, and its options
/// `--onnx-format` and `--onnx-weights`.
void registerONNXExportTranslation();

} // namespace qopt

#endif // QOPT_TRANSLATION_ONNX_ONNXEXPORT_H
