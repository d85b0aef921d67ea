// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The dimension along which most kernels are cut into ranges.

#ifndef QOPT_LIB_DIALECT_KERNEL_IR_OUTERDIMENSION_H
#define QOPT_LIB_DIALECT_KERNEL_IR_OUTERDIMENSION_H

#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Value.h"

namespace qopt::kernel {

inline llvm::ArrayRef<int64_t> getShape(mlir::Value value) {
  return llvm::cast<mlir::ShapedType>(value.getType()).getShape();
}

/// The outermost dimension with more than one index; the rank if there is none.
inline int64_t getOuterDimension(mlir::Value output) {
  llvm::ArrayRef<int64_t> shape = getShape(output);
  return llvm::find_if(shape, [](int64_t size) { return size != 1; }) -
         shape.begin();
}

/// How many indices it has; 1 if there is none.
inline int64_t getOuterExtent(mlir::Value output) {
  llvm::ArrayRef<int64_t> shape = getShape(output);
  int64_t dimension = getOuterDimension(output);
  return dimension == static_cast<int64_t>(shape.size()) ? 1 : shape[dimension];
}

/// How many of its indices a range has a multiple of. Where they are elements,
/// whole cache lines are written by one thread.
inline int64_t getOuterGranularity(mlir::Value output) {
  int64_t innermost = static_cast<int64_t>(getShape(output).size()) - 1;
  return getOuterDimension(output) == innermost ? 64 : 1;
}

} // namespace qopt::kernel

#endif // QOPT_LIB_DIALECT_KERNEL_IR_OUTERDIMENSION_H
