// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which buffers may overlap though both are alive, noted on their allocations
// until memory is planned: the upper one has a number (`kernel.buffer = 3`),
// the lower one names it and a distance (`kernel.below = array<i64: 3, 128>`).

#ifndef QOPT_LIB_DIALECT_KERNEL_TRANSFORMS_OVERLAPS_H
#define QOPT_LIB_DIALECT_KERNEL_TRANSFORMS_OVERLAPS_H

#include "MemoryPlan.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"

namespace qopt::kernel {

/// Notes that `lower` may begin `distance` bytes below `upper`. `number` is one
/// that no other buffer of the function has.
void allowOverlap(mlir::memref::AllocOp lower, mlir::memref::AllocOp upper,
                  int64_t number, int64_t distance);

/// What is noted, as indices into the list.
mlir::FailureOr<llvm::SmallVector<AllowedOverlap>>
collectOverlaps(llvm::ArrayRef<mlir::memref::AllocOp> allocations);

} // namespace qopt::kernel

#endif // QOPT_LIB_DIALECT_KERNEL_TRANSFORMS_OVERLAPS_H
