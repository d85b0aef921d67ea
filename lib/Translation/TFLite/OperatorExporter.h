//===- OperatorExporter.h - One op on its way into a file -------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the export function of an op works with: tensors for its operands and
// results, and errors that name it. The counterpart of OperatorImporter.h.
//
//===----------------------------------------------------------------------===//

#ifndef QOPT_LIB_TRANSLATION_TFLITE_OPERATOREXPORTER_H
#define QOPT_LIB_TRANSLATION_TFLITE_OPERATOREXPORTER_H

#include "ExportedTensors.h"

#include "qopt/Dialect/NN/IR/NN.h"

namespace qopt::tflite {

class OperatorExporter {
public:
  OperatorExporter(mlir::Operation *op, ModelWriter &writer,
                   ExportedTensors &tensors)
      : op(op), writer(writer), tensors(tensors) {}

  mlir::Operation *const op;
  ModelWriter &writer;
  ExportedTensors &tensors;

  mlir::InFlightDiagnostic error() const { return exportError(op); }
  flatbuffers::FlatBufferBuilder &getBuilder() { return writer.getBuilder(); }

  mlir::FailureOr<int32_t> getInput(mlir::Value value) {
    return tensors.get(value, op);
  }
  mlir::FailureOr<int32_t> addResult(unsigned i = 0) {
    return tensors.define(op->getResult(i), op);
  }
  /// The name of result 0 followed by `suffix`, for tensors that only the file
  /// has.
  std::string nameOf(llvm::StringRef suffix) {
    return tensors.getName(op->getResult(0)) + "/" + suffix.str();
  }
  int32_t addIntegers(llvm::ArrayRef<int64_t> values, llvm::StringRef suffix);

  /// Adds the operator with result 0 for its output.
  mlir::LogicalResult
  addOperator(schema::BuiltinOperator code, OperatorVersion version,
              llvm::ArrayRef<int32_t> inputs,
              schema::BuiltinOptions optionsType = schema::BuiltinOptions::NONE,
              flatbuffers::Offset<void> options = 0);

  /// The versions of most operators: float or UINT8, INT8, INT16.
  struct Versions {
    OperatorVersion first, int8, int16;
  };
  /// The version for elements of `type`.
  static OperatorVersion choose(mlir::Type type, const Versions &versions);

  /// Refuses a rounding other than `double`.
  mlir::LogicalResult expectDoubleRounding(quant::RoundingMode rounding);
  /// Refuses broadcasting of more dimensions than the kernels know.
  mlir::LogicalResult expectBroadcast(int64_t maxRank);
};

schema::ActivationFunctionType exportActivation(nn::Activation activation);

/// Adds RESHAPE from tensor `input` to the op's result 0.
mlir::LogicalResult addReshapeOperator(OperatorExporter &op, int32_t input,
                                       llvm::ArrayRef<int64_t> shape);

} // namespace qopt::tflite

#endif // QOPT_LIB_TRANSLATION_TFLITE_OPERATOREXPORTER_H
