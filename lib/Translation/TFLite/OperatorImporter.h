//===- OperatorImporter.h - One operator on its way into IR -----*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the import function of an operator works with: its operands as values,
// its options, the types of its results, and errors that say which operator of
// which file went wrong. A function reads what it needs and makes ops; the
// first failure ends the import.
//
//===----------------------------------------------------------------------===//

#ifndef QOPT_LIB_TRANSLATION_TFLITE_OPERATORIMPORTER_H
#define QOPT_LIB_TRANSLATION_TFLITE_OPERATORIMPORTER_H

#include "Tensors.h"

#include "qopt/Dialect/NN/IR/NN.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/Value.h"

namespace qopt::tflite {

/// The tensors that have become values.
using ValueMap = llvm::DenseMap<unsigned, mlir::Value>;

/// The location of what makes a tensor: its name.
mlir::Location getNameLoc(const Container &model, unsigned tensor);

class OperatorImporter {
public:
  OperatorImporter(mlir::OpBuilder &builder, Tensors &tensors, ValueMap &values,
                   unsigned index);

  mlir::OpBuilder &builder;
  /// Carries the names of the tensors that the operator makes.
  const mlir::Location loc;

  schema::BuiltinOperator getCode() const { return model.getCode(index); }
  Tensors &getTensors() { return tensors; }
  mlir::InFlightDiagnostic error() const;
  mlir::InFlightDiagnostic warning() const;

  //===--- Operands
  //--------------------------------------------------------===//

  unsigned getNumInputs() const { return inputs.size(); }
  unsigned getNumOutputs() const { return outputs.size(); }
  mlir::LogicalResult expectOperands(unsigned minInputs, unsigned maxInputs,
                                     unsigned numOutputs = 1) const;
  /// Whether input `i` exists.
  bool hasInput(unsigned i) const {
    return i < inputs.size() && inputs[i] >= 0;
  }
  bool isConstant(unsigned i) const;
  /// The element type of input `i` in the file.
  schema::TensorType getInputType(unsigned i) const;
  std::string describeInput(unsigned i) const;

  /// Input `i` as a value; `role` names it in errors.
  mlir::FailureOr<mlir::Value> getInput(unsigned i, llvm::StringRef role);
  /// The same for an input that may be absent: then the value is null.
  mlir::FailureOr<mlir::Value> getOptionalInput(unsigned i,
                                                llvm::StringRef role);
  /// The numbers in input `i`, which must be constant.
  mlir::FailureOr<llvm::SmallVector<int64_t>> getIntegers(unsigned i,
                                                          llvm::StringRef role);
  /// The stored elements of input `i`, which must be constant.
  mlir::FailureOr<mlir::DenseElementsAttr> getConstant(unsigned i,
                                                       llvm::StringRef role);

  //===--- Options
  //---------------------------------------------------------===//

  /// The options of type T, without which the operator cannot be understood.
  template <typename T>
  mlir::FailureOr<const T *> getOptions() const {
    if (const T *options = getOptionsOrNull<T>())
      return options;
    return error() << "the operator's options are missing";
  }
  /// The options of type T, or null when the operator has none.
  template <typename T>
  const T *getOptionsOrNull() const {
    return model.getOperator(index).template builtin_options_as<T>();
  }
  mlir::FailureOr<nn::Activation>
  getActivation(schema::ActivationFunctionType type) const;

  //===--- Results
  //---------------------------------------------------------===//

  /// The type that the file gives output `i`.
  mlir::FailureOr<mlir::RankedTensorType> getOutputType(unsigned i = 0);
  /// The location of what makes output `i` alone.
  mlir::Location getOutputLoc(unsigned i) const;
  /// Makes `value` the operator's output `i`.
  mlir::LogicalResult setOutput(mlir::Value value, unsigned i = 0);

  /// `axis` counted from the front, when it lies inside `rank`.
  mlir::FailureOr<int64_t> normalizeAxis(int64_t axis, int64_t rank) const;

private:
  const Container &model;
  Tensors &tensors;
  ValueMap &values;
  unsigned index;
  llvm::ArrayRef<int32_t> inputs, outputs;
};

} // namespace qopt::tflite

#endif // QOPT_LIB_TRANSLATION_TFLITE_OPERATORIMPORTER_H
