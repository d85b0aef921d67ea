//===- TileInstructions.h - The instructions of AMX -------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The leaf of convolutions of the family `tdpb`. Tile registers are named by
// number, so it is the kernel that decides what stays in one; LLVM would choose
// registers itself, and configure them where it likes, for the forms of the
// intrinsics that have tiles as values.
//
//===----------------------------------------------------------------------===//

#ifndef QOPT_LIB_CONVERSION_KERNELTOVECTOR_TILEINSTRUCTIONS_H
#define QOPT_LIB_CONVERSION_KERNELTOVECTOR_TILEINSTRUCTIONS_H

#include "qopt/Conversion/KernelToVector/VectorEmitter.h"
#include "qopt/Dialect/Kernel/IR/TilePlan.h"

namespace qopt::kernel {

class TileInstructions {
public:
  explicit TileInstructions(emit::VectorEmitter &e) : e(e) {}

  /// Sets the shapes of all registers for this thread; some 50 ns.
  void configure(const TilePlan &plan);
  void release();

  /// The address of a buffer, and of a byte of it.
  mlir::Value getAddress(mlir::Value buffer);
  mlir::Value getAddress(mlir::Value base, mlir::Value byte);

  void zero(unsigned tile);
  /// Rows are `stride` bytes apart; 0 repeats one.
  void load(unsigned tile, mlir::Value address, int64_t stride);
  void store(unsigned tile, mlir::Value address, int64_t stride);
  /// accumulator += inputs * weights, of signed bytes or of unsigned ones by
  /// signed.
  void dot(unsigned accumulator, unsigned inputs, unsigned weights,
           bool inputUnsigned);

private:
  void call(llvm::StringRef name, mlir::ValueRange operands);
  mlir::Value number(unsigned tile);
  mlir::Value toInt64(int64_t value);

  emit::VectorEmitter &e;
};

} // namespace qopt::kernel

#endif // QOPT_LIB_CONVERSION_KERNELTOVECTOR_TILEINSTRUCTIONS_H
