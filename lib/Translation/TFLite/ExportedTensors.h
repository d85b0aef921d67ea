//===- ExportedTensors.h - Values as tensors of a file ----------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Which tensor of the file a value is: its type, its name, and its bytes when
// it is constant. The counterpart of Tensors.h.
//
//===----------------------------------------------------------------------===//

#ifndef QOPT_LIB_TRANSLATION_TFLITE_EXPORTEDTENSORS_H
#define QOPT_LIB_TRANSLATION_TFLITE_EXPORTEDTENSORS_H

#include "ModelWriter.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "llvm/ADT/DenseMap.h"

#include <optional>

namespace qopt::tflite {

/// The start of every error: names the op and says that it stands in the way.
mlir::InFlightDiagnostic exportError(mlir::Operation *op);

class ExportedTensors {
public:
  ExportedTensors(ModelWriter &writer, mlir::func::FuncOp function)
      : writer(writer), function(function) {}

  /// The tensor of an operand: defined before, or a constant, which is added on
  /// its first use. `user` is blamed when that fails.
  mlir::FailureOr<int32_t> get(mlir::Value value, mlir::Operation *user);

  /// Adds the tensor of an argument or of an op's result. Where nothing but a
  /// change of parameters follows (see Reinterpretation.h), it is the tensor of
  /// the changed value, too.
  mlir::FailureOr<int32_t> define(mlir::Value value, mlir::Operation *user);
  bool isDefined(mlir::Value value) const { return indices.count(value); }

  /// Adds a constant of its own for one use, with the parameters given.
  mlir::FailureOr<int32_t> addConstant(mlir::Value constant,
                                       const TensorParameters &parameters,
                                       mlir::Operation *user);
  /// Adds a list of numbers, or a matrix of two columns.
  int32_t addIntegers(llvm::ArrayRef<int32_t> values,
                      llvm::ArrayRef<int32_t> shape, llvm::StringRef name);
  /// Adds a constant of one element: `stored` of a quantized type, else `real`.
  mlir::FailureOr<int32_t> addScalar(mlir::Type element, double real,
                                     int64_t stored, llvm::StringRef name,
                                     mlir::Operation *user);
  /// Adds a list of zeros: FLOAT32, INT32 or INT64.
  int32_t addZeros(schema::TensorType type, int64_t count,
                   const TensorParameters &parameters, llvm::StringRef name);
  /// Adds a tensor that is no value of the IR.
  mlir::FailureOr<int32_t> addIntermediate(mlir::RankedTensorType type,
                                           llvm::StringRef name,
                                           mlir::Operation *user);

  /// The name of a value in the file.
  std::string getName(mlir::Value value);

private:
  mlir::FailureOr<uint32_t> getBuffer(mlir::ElementsAttr value,
                                      mlir::Operation *user);
  mlir::FailureOr<int32_t> add(mlir::RankedTensorType type,
                               llvm::StringRef name, mlir::Operation *user,
                               mlir::ElementsAttr constant = {},
                               const TensorParameters *parameters = nullptr);

  ModelWriter &writer;
  mlir::func::FuncOp function;
  llvm::DenseMap<mlir::Value, int32_t> indices;
  llvm::DenseMap<mlir::Attribute, uint32_t> bufferOf;
  llvm::DenseMap<mlir::Value, std::string> names;
};

} // namespace qopt::tflite

#endif // QOPT_LIB_TRANSLATION_TFLITE_EXPORTEDTENSORS_H
