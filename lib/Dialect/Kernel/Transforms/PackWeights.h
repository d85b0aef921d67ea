// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Packing of one convolution, and the constants that it reads and makes.

#ifndef QOPT_LIB_DIALECT_KERNEL_TRANSFORMS_PACKWEIGHTS_H
#define QOPT_LIB_DIALECT_KERNEL_TRANSFORMS_PACKWEIGHTS_H

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Matchers.h"
#include "qopt/Dialect/Kernel/IR/ConvolutionLayout.h"

namespace qopt::kernel {

/// Packs the filter (and what belongs to it) if the schedule asks for it.
/// Returns whether it did; failures were reported.
mlir::FailureOr<bool> packWeights(Conv2DOp op, mlir::OpBuilder &builder);
mlir::FailureOr<bool> packWeights(DepthwiseConv2DOp op,
                                  mlir::OpBuilder &builder);

/// The elements of a constant, splats spread out; nothing if it is none.
template <typename T>
std::optional<llvm::SmallVector<T>> readConstant(mlir::Value value) {
  mlir::DenseElementsAttr elements;
  if (!matchPattern(value, m_Constant(&elements)))
    return std::nullopt;
  return llvm::to_vector(elements.getValues<T>());
}

/// A rank-1 constant of these elements.
template <typename T>
mlir::Value makeConstant(mlir::OpBuilder &builder, mlir::Location loc,
                         mlir::Type element, llvm::ArrayRef<T> values) {
  auto type = mlir::RankedTensorType::get(
      {static_cast<int64_t>(values.size())}, element);
  llvm::ArrayRef<char> bytes(reinterpret_cast<const char *>(values.data()),
                             values.size() * sizeof(T));
  return mlir::arith::ConstantOp::create(
      builder, loc, type,
      mlir::DenseElementsAttr::getFromRawBuffer(type, bytes));
}

} // namespace qopt::kernel

#endif // QOPT_LIB_DIALECT_KERNEL_TRANSFORMS_PACKWEIGHTS_H
