// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which rows of its operands a kernel reads for some rows of its output.

#ifndef QOPT_LIB_DIALECT_KERNEL_TRANSFORMS_ROWWINDOWS_H
#define QOPT_LIB_DIALECT_KERNEL_TRANSFORMS_ROWWINDOWS_H

#include "qopt/Dialect/Kernel/IR/Kernel.h"

#include "mlir/IR/Builders.h"

namespace qopt::kernel {

/// The dimension that rows of a picture [1, rows, columns, channels] are of:
/// columns take their place where there is one row only.
unsigned getRowAxis(mlir::ShapedType picture);

/// Row y of the output reads the rows [y * stride - before, … + extent) of an
/// operand, as far as they exist.
struct RowWindow {
  int64_t stride = 1, extent = 1, before = 0;
  /// Every row of the output may read everything: weights, tables, one value
  /// for all rows.
  bool isWhole = false;
};

/// The rows of each operand, the output included; nothing if the op's result is
/// no picture of several rows, or if rows of it cannot be made by themselves.
std::optional<llvm::SmallVector<RowWindow>> getRowWindows(mlir::Operation *op);

/// Whether code of the kernel can leave gaps between rows of its output.
/// Positions of residuals are those of the output, which has gaps where they
/// have none.
bool canWriteRows(mlir::Operation *op);

/// The op on other operands, some rows of the whole ones. `above` and `below`
/// are the rows outside of the input that the windows begin and end with.
mlir::Operation *cloneRows(mlir::OpBuilder &builder, mlir::Operation *op,
                           mlir::ValueRange operands, int64_t above,
                           int64_t below);

} // namespace qopt::kernel

#endif // QOPT_LIB_DIALECT_KERNEL_TRANSFORMS_ROWWINDOWS_H
