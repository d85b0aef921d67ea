// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A function of kernels on buffers as what a plan of bands looks at: kernels in
// order, which rows of which buffers each of them touches, and when buffers
// live.

#ifndef QOPT_LIB_DIALECT_KERNEL_TRANSFORMS_BANDGRAPH_H
#define QOPT_LIB_DIALECT_KERNEL_TRANSFORMS_BANDGRAPH_H

#include "RowWindows.h"

#include "qopt/Target/CPU/TargetFacts.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"

#include <vector>

namespace qopt::kernel {

/// How a kernel touches a buffer with one of its operands.
struct BandAccess {
  unsigned operand = 0;
  unsigned buffer = ~0u;
  RowWindow window;
  /// The operand's row 0 is this row of the buffer, and begins so many elements
  /// behind its beginning.
  int64_t firstRow = 0, column = 0;
  /// Elements from row to row; rows of the operand and of the buffer.
  int64_t rowElements = 0, rows = 0, bufferRows = 0;
};

struct BandKernel {
  mlir::Operation *op = nullptr;
  /// Rows of its output can be made by themselves.
  bool isRowwise = false;
  /// Writes what is around the interior of a padded buffer.
  bool isBorder = false;
  llvm::SmallVector<BandAccess, 2> reads;
  BandAccess write;
  /// Bytes of weights and other constants.
  int64_t constantBytes = 0;
  double cycles = 0;
};

struct BandBuffer {
  mlir::Value value;
  /// Bytes in the arena: none of a function's argument.
  int64_t bytes = 0;
  /// Bytes from row to row, and rows.
  int64_t rowBytes = 0, rows = 0;
  /// Numbers of the first and the last kernel that touch it.
  unsigned first = 0, last = 0;
  /// The padding of which it holds the result.
  PadOp border;

  bool isAllocated() const {
    return bool(value.getDefiningOp<mlir::memref::AllocOp>());
  }
};

struct BandGraph {
  std::vector<BandKernel> kernels;
  std::vector<BandBuffer> buffers;

  /// Bytes of the buffers that are alive at some time of the kernels
  /// [begin, end).
  int64_t getAlive(unsigned begin, unsigned end) const {
    return born[end] - gone[begin];
  }

  static BandGraph of(mlir::Block &block, const cpu::TargetFacts &facts);

private:
  /// Bytes of buffers that begin to live before a kernel, and of those that
  /// have ended before it.
  llvm::SmallVector<int64_t> born, gone;
};

} // namespace qopt::kernel

#endif // QOPT_LIB_DIALECT_KERNEL_TRANSFORMS_BANDGRAPH_H
