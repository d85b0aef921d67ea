// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The kernel dialect: destination-style compute kernels on plain storage.

#ifndef QOPT_DIALECT_KERNEL_IR_KERNEL_H
#define QOPT_DIALECT_KERNEL_IR_KERNEL_H

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/DestinationStyleOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "mlir/Interfaces/ViewLikeInterface.h"
#include "qopt/Dialect/Quant/IR/Quant.h"

#include <cstdint>
#include <optional>

namespace qopt::kernel {

/// A statically shaped tensor or memref of i8, i16, i32, i64 or f32. A memref
/// is row-major, with no offset; there may be gaps between its rows.
bool isBufferType(mlir::Type type);

/// How many elements apart neighbours are along each dimension.
llvm::SmallVector<int64_t> getElementStrides(mlir::ShapedType type);

/// Whether there are gaps: the strides are not those of the shape alone.
bool hasGaps(mlir::ShapedType type);

/// Elements from the first to the last one, both included, with what lies in
/// gaps between them.
int64_t getSpan(mlir::ShapedType type);

/// The running value that a loaded element becomes: i8 and i16 are extended to
/// i32, the others stay.
mlir::Type getLoadedType(mlir::Type elementType);

/// Whether `from` broadcasts to `to` as in NumPy.
bool isBroadcastable(llvm::ArrayRef<int64_t> from, llvm::ArrayRef<int64_t> to);

/// The integers that a running value may be, both ends included.
struct StageRange {
  int64_t min, max;
};

/// What an operand of a kernel is on a range of the output's units.
struct BufferRange {
  mlir::ShapedType type;
  /// How many elements later the operand of the next unit begins; 0 if all
  /// ranges need the same.
  int64_t step;
  /// Which element the operand of unit 0 would begin with: negative where the
  /// first units read less.
  int64_t origin = 0;

  /// The element that a range begins with.
  int64_t getOffset(int64_t first) const {
    return std::max<int64_t>(origin + first * step, 0);
  }
};

namespace detail {
/// Types of the whole list of stages of an op with `stages`: what goes in,
/// what each stage consumes, and that the last value fits the output.
mlir::LogicalResult verifyStages(mlir::Operation *op);
/// Tensors throughout and one result, or memrefs throughout and no result.
mlir::LogicalResult verifyDestination(mlir::Operation *op);
/// Reads of the inputs and the write to the destination, on memrefs.
void getKernelEffects(mlir::Operation *op,
                      llvm::SmallVectorImpl<mlir::SideEffects::EffectInstance<
                          mlir::MemoryEffects::Effect>> &effects);
} // namespace detail

/// Name of the argument attribute of outlined kernels: how many bytes past the
/// end of the buffer may be read.
inline constexpr llvm::StringLiteral kSlackAttrName = "kernel.slack";

/// Name of the attribute of functions that are a part of a longer one: they
/// call kernels.
inline constexpr llvm::StringLiteral kPartAttrName = "kernel.part";

/// Name of the attribute of the argument, a `!kernel.threads`, that stands for
/// the caller's threads.
inline constexpr llvm::StringLiteral kThreadsAttrName = "kernel.threads";

} // namespace qopt::kernel

#include "qopt/Dialect/Kernel/IR/KernelDialect.h.inc"
#include "qopt/Dialect/Kernel/IR/KernelEnums.h.inc"
#include "qopt/Dialect/Kernel/IR/KernelScheduleEnums.h.inc"

#include "qopt/Dialect/Kernel/IR/KernelAttrInterfaces.h.inc"
#include "qopt/Dialect/Kernel/IR/KernelOpInterfaces.h.inc"
#include "qopt/Dialect/Kernel/IR/KernelRanges.h.inc"

#define GET_TYPEDEF_CLASSES
#include "qopt/Dialect/Kernel/IR/KernelTypes.h.inc"

#define GET_ATTRDEF_CLASSES
#include "qopt/Dialect/Kernel/IR/KernelAttributes.h.inc"

#define GET_OP_CLASSES
#include "qopt/Dialect/Kernel/IR/KernelOps.h.inc"

#endif // QOPT_DIALECT_KERNEL_IR_KERNEL_H
