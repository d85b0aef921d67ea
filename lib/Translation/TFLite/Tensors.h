//===- Tensors.h - Types and constants of a model's tensors -----*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the operators' importers know of a tensor: its type as an IR value, and
// its elements when it is constant. Both are read when they are first asked
// for, so a tensor that nobody uses may be of any kind.
//
//===----------------------------------------------------------------------===//

#ifndef QOPT_LIB_TRANSLATION_TFLITE_TENSORS_H
#define QOPT_LIB_TRANSLATION_TFLITE_TENSORS_H

#include "Container.h"
#include "Quantization.h"

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "llvm/ADT/DenseMap.h"

namespace qopt::tflite {

class Tensors {
public:
  explicit Tensors(const Container &model);
  /// Reports the quirks that were met.
  ~Tensors();
  Tensors(const Tensors &) = delete;

  const Container &getModel() const { return model; }

  /// The static shape, whose elements are at least one and can be addressed.
  mlir::FailureOr<llvm::SmallVector<int64_t>> getShape(unsigned index) const;

  /// The type of the tensor as a value of `nn` ops.
  mlir::FailureOr<mlir::RankedTensorType> getType(unsigned index);

  /// Whether the tensor's elements are known: the file has them, or they have
  /// been computed.
  bool isConstant(unsigned index) const {
    return !model.getData(index).empty() || computed.count(index);
  }

  /// Gives tensor `index`, of 32- or 64-bit integers, the elements `values`.
  void setComputed(unsigned index, llvm::ArrayRef<int64_t> values) {
    computed[index].assign(values.begin(), values.end());
  }

  /// The stored elements: integers of the storage type, or floats.
  mlir::FailureOr<mlir::DenseElementsAttr> getConstant(unsigned index);

  /// The elements of a constant of 32- or 64-bit integers: axes, paddings.
  mlir::FailureOr<llvm::SmallVector<int64_t>> getIntegers(unsigned index);

private:
  mlir::InFlightDiagnostic error(unsigned index) const {
    return model.error() << model.describeTensor(index) << ": ";
  }
  /// The bytes of a constant, as many as its shape and type need.
  mlir::FailureOr<llvm::ArrayRef<uint8_t>>
  getBytes(unsigned index, llvm::ArrayRef<int64_t> shape, unsigned bits) const;

  const Container &model;
  QuantizationQuirks quirks;
  std::vector<mlir::RankedTensorType> types;
  /// Tensors may share a buffer; its elements are read once per type.
  llvm::DenseMap<std::pair<const void *, mlir::Type>, mlir::DenseElementsAttr>
      constants;
  llvm::DenseMap<unsigned, llvm::SmallVector<int64_t>> computed;
  /// Bytes that may still become constants. Each byte of an honest file does so
  /// about once; a hostile one could name the same bytes in a million shapes.
  uint64_t constantBudget;
};

} // namespace qopt::tflite

#endif // QOPT_LIB_TRANSLATION_TFLITE_TENSORS_H
