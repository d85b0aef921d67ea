//===- NodeImporter.h - One node on its way into IR -------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the import function of an operator works with: its operands as values or
// constants, its attributes, and errors that say which node of which file went
// wrong. A function reads what it needs and makes ops; the first failure ends
// the import. An attribute that nobody asked for is an error as well: it may
// mean something.
//
//===----------------------------------------------------------------------===//

#ifndef QOPT_LIB_TRANSLATION_ONNX_NODEIMPORTER_H
#define QOPT_LIB_TRANSLATION_ONNX_NODEIMPORTER_H

#include "Tensors.h"

#include "qopt/Dialect/NN/IR/NN.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/Value.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"

namespace qopt::onnx_import {

/// A tensor of the graph that is known by now: a constant, a value, or both.
struct KnownTensor {
  mlir::DenseElementsAttr constant;
  mlir::Value value;
};
using TensorMap = llvm::StringMap<KnownTensor>;

/// The location of what makes a tensor: its name.
mlir::Location getNameLoc(const Container &model, llvm::StringRef tensor);

class NodeImporter {
public:
  NodeImporter(mlir::OpBuilder &builder, const Container &model,
               TensorMap &tensors, int index);

  mlir::OpBuilder &builder;
  /// Carries the name of the tensor that the node makes.
  const mlir::Location loc;

  llvm::StringRef getOperator() const { return node.op_type(); }
  int64_t getOpset() const { return model.getOpset(); }
  mlir::InFlightDiagnostic error() const;
  mlir::InFlightDiagnostic warning() const;

  //===--- Operands -------------------------------------------------------===//

  unsigned getNumInputs() const { return node.input_size(); }
  mlir::LogicalResult expectInputs(unsigned least, unsigned most) const;
  bool hasInput(unsigned i) const {
    return i < getNumInputs() && !node.input(int(i)).empty();
  }
  /// Input `i` as a value; `role` names it in errors.
  mlir::FailureOr<mlir::Value> getInput(unsigned i, llvm::StringRef role);
  /// The same for an input that may be absent: then the value is null.
  mlir::FailureOr<mlir::Value> getOptionalInput(unsigned i,
                                                llvm::StringRef role);
  /// The constant elements of input `i`, or null.
  mlir::DenseElementsAttr getConstantOrNull(unsigned i) const;
  /// The same where they must be constant.
  mlir::FailureOr<mlir::DenseElementsAttr> getConstant(unsigned i,
                                                       llvm::StringRef role);
  /// The integers of input `i`, which must be a short constant list.
  mlir::FailureOr<llvm::SmallVector<int64_t>> getIntegers(unsigned i,
                                                          llvm::StringRef role);
  /// The only real of input `i`, which must be constant.
  mlir::FailureOr<double> getReal(unsigned i, llvm::StringRef role);
  /// The shape of input `i`, if it is a known tensor.
  std::optional<llvm::SmallVector<int64_t>> getShape(unsigned i) const;
  std::string describeInput(unsigned i) const;

  //===--- Attributes -----------------------------------------------------===//

  bool hasAttribute(llvm::StringRef name) const { return find(name); }
  mlir::FailureOr<int64_t> getInt(llvm::StringRef name, int64_t absent);
  /// A number that is 0 or 1.
  mlir::FailureOr<bool> getFlag(llvm::StringRef name, bool absent);
  mlir::FailureOr<double> getFloat(llvm::StringRef name, double absent);
  mlir::FailureOr<std::string> getString(llvm::StringRef name,
                                         llvm::StringRef absent);
  mlir::FailureOr<llvm::SmallVector<int64_t>>
  getInts(llvm::StringRef name, llvm::ArrayRef<int64_t> absent);
  /// A constant tensor.
  mlir::FailureOr<mlir::DenseElementsAttr> getTensor(llvm::StringRef name);
  /// The attribute as it is; null when absent.
  const proto::AttributeProto *getAttribute(llvm::StringRef name);
  /// Attributes that make no difference to what is imported.
  void ignoreAttributes(llvm::ArrayRef<llvm::StringRef> names);
  /// Fails when there are attributes that nobody asked for.
  mlir::LogicalResult checkAllAttributesRead() const;

  //===--- Results --------------------------------------------------------===//

  unsigned getNumOutputs() const { return node.output_size(); }
  bool hasOutput(unsigned i) const {
    return i < getNumOutputs() && !node.output(int(i)).empty();
  }
  /// The location of what makes output `i`.
  mlir::Location getOutputLoc(unsigned i) const;
  /// Only the first output is wanted by the file.
  mlir::LogicalResult expectOneOutput() const;
  mlir::LogicalResult setOutput(mlir::Value value, unsigned i = 0);
  mlir::LogicalResult setConstantOutput(mlir::DenseElementsAttr constant,
                                        unsigned i = 0);

  //===--- Helpers --------------------------------------------------------===//

  /// `axis` counted from the front, when it lies inside `rank`.
  mlir::FailureOr<int64_t> normalizeAxis(int64_t axis, int64_t rank) const;
  /// The same for a list without repetitions, sorted.
  mlir::FailureOr<llvm::SmallVector<int64_t>>
  normalizeAxes(llvm::ArrayRef<int64_t> axes, int64_t rank) const;
  /// An `nn.constant` of floats or signless integers.
  mlir::Value makeConstant(mlir::DenseElementsAttr elements);
  /// A constant f32 of rank 0.
  mlir::Value makeReal(double value);
  /// The same elements under another shape; constants stay constants.
  mlir::Value reshape(mlir::Value value, llvm::ArrayRef<int64_t> shape);
  mlir::Value transpose(mlir::Value value, llvm::ArrayRef<int64_t> permutation,
                        mlir::Location where);
  /// From channels in dimension 1 to channels last, still under the name of
  /// `value`; and back, under the name of the node's output.
  mlir::Value toChannelsLast(mlir::Value value);
  mlir::Value toChannelsFirst(mlir::Value value);

private:
  const proto::AttributeProto *find(llvm::StringRef name) const;
  /// Finds an attribute of this type and marks it as read. Null when absent.
  mlir::FailureOr<const proto::AttributeProto *>
  findTyped(llvm::StringRef name, proto::AttributeProto::AttributeType type);
  mlir::LogicalResult define(unsigned i, KnownTensor tensor);

  const Container &model;
  TensorMap &tensors;
  const int index;
  const proto::NodeProto &node;
  llvm::StringSet<> readAttributes;
};

/// The type of a value, which is always a ranked tensor.
inline mlir::RankedTensorType getType(mlir::Value value) {
  return mlir::cast<mlir::RankedTensorType>(value.getType());
}

} // namespace qopt::onnx_import

#endif // QOPT_LIB_TRANSLATION_ONNX_NODEIMPORTER_H
