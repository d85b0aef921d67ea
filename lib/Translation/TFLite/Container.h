//===- Container.h - A checked .tflite file ---------------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The model file after its structure has been checked: every offset lies inside
// the file, and every index that leads from one table to another is in range.
// Names things in messages the way the file does.
//
//===----------------------------------------------------------------------===//

#ifndef QOPT_LIB_TRANSLATION_TFLITE_CONTAINER_H
#define QOPT_LIB_TRANSLATION_TFLITE_CONTAINER_H

#include "TFLite_generated.h"

#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/Location.h"
#include "mlir/Support/LLVM.h"
#include "llvm/Support/MemoryBufferRef.h"

#include <optional>
#include <string>

namespace qopt::tflite {

/// The elements of a vector field, which is absent when it is empty.
template <typename T>
llvm::ArrayRef<T> toArray(const flatbuffers::Vector<T> *vector) {
  if (!vector)
    return {};
  return {reinterpret_cast<const T *>(vector->Data()), vector->size()};
}

/// How often an honest file may use its bytes over: constants, names and lists
/// are sometimes shared.
constexpr uint64_t maxSharing = 16;

class Container {
public:
  /// Checks the structure of `file`; emits an error and returns nothing when it
  /// is broken.
  static std::optional<Container> open(llvm::MemoryBufferRef file,
                                       mlir::MLIRContext *context);

  mlir::MLIRContext *getContext() const { return loc.getContext(); }
  /// The file, without a place in it.
  mlir::Location getLoc() const { return loc; }
  mlir::InFlightDiagnostic error() const { return mlir::emitError(loc); }
  mlir::InFlightDiagnostic warning() const { return mlir::emitWarning(loc); }

  size_t getFileSize() const { return file.getBufferSize(); }
  /// Graphs beside the first one are the bodies of control flow, or functions.
  unsigned getNumGraphs() const;
  unsigned getNumTensors() const { return graph->tensors()->size(); }
  unsigned getNumOperators() const;
  const schema::Tensor &getTensor(unsigned index) const;
  const schema::Operator &getOperator(unsigned index) const;
  llvm::ArrayRef<int32_t> getInputs() const { return toArray(graph->inputs()); }
  llvm::ArrayRef<int32_t> getOutputs() const {
    return toArray(graph->outputs());
  }

  /// The constant bytes of a tensor; empty when it has none.
  llvm::ArrayRef<uint8_t> getData(unsigned tensor) const;

  schema::BuiltinOperator getCode(unsigned operatorIndex) const;
  /// `CONV_2D`, or `CUSTOM 'name'`, or `builtin operator 300`.
  std::string getOperatorName(unsigned operatorIndex) const;
  /// The name of a tensor, or `tensor_<index>` when it has none.
  std::string getTensorName(unsigned index) const;
  /// `tensor 5 'name'`.
  std::string describeTensor(unsigned index) const;
  /// `operator 3 (CONV_2D) 'name of its first output'`.
  std::string describeOperator(unsigned index) const;

private:
  Container(llvm::MemoryBufferRef file, mlir::Location loc)
      : file(file), loc(loc) {}

  mlir::LogicalResult checkFlatbuffer();
  mlir::LogicalResult checkModel();
  mlir::LogicalResult checkGraph();
  mlir::LogicalResult checkSharing();
  mlir::LogicalResult checkBuffer(unsigned tensor);
  mlir::LogicalResult checkOperator(unsigned index);

  llvm::MemoryBufferRef file;
  mlir::Location loc;
  const schema::Model *model = nullptr;
  const schema::SubGraph *graph = nullptr;
};

/// Text of the file as it may appear in a message: printable, and not long.
std::string printable(llvm::StringRef text);

/// The name of a tensor type, also when the number is not a known one.
std::string typeName(schema::TensorType type);

} // namespace qopt::tflite

#endif // QOPT_LIB_TRANSLATION_TFLITE_CONTAINER_H
