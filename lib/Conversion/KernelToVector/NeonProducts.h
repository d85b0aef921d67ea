//===- NeonProducts.h - Sixteen inputs of a pixel at a time -----*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// How the AArch64 families walk a run of inputs that lie together. Sixteen
// bytes of a pixel fill one register:
//
//   sdot   multiplies by one of its four lanes, so no input is copied to all
//          lanes; weights are streamed past it.
//   smmla  multiplies the rows of a matrix (eight bytes of two pixels, put
//          together by zip1 and zip2) by those of another (eight weights of two
//          channels). An accumulator is 2 pixels x 2 channels.
//
// The weights are packed as for every family, [step][vector][lane][dot].
//
//===----------------------------------------------------------------------===//

#ifndef QOPT_LIB_CONVERSION_KERNELTOVECTOR_NEONPRODUCTS_H
#define QOPT_LIB_CONVERSION_KERNELTOVECTOR_NEONPRODUCTS_H

#include "ConvolutionBlocks.h"
#include "qopt/Conversion/KernelToVector/DotInstructions.h"

namespace qopt::kernel {

/// Pixels and vectors of four channels whose sums are kept in registers.
struct NeonTile {
  int64_t pixels, vectors;
  TileInputs inputs;
  /// Whether the inputs of each pixel are summed up as well.
  bool sumsInputs;
};

class NeonProducts {
public:
  NeonProducts(emit::VectorEmitter &e, InstructionFamily family, DotTypes types)
      : e(e), family(family), types(types) {}

  /// Whether the family is one of these.
  static bool serves(InstructionFamily family) {
    return family == InstructionFamily::SDOT ||
           family == InstructionFamily::SMMLA;
  }

  /// From sums [pixel][vector] and sums of inputs [pixel] to the accumulators
  /// of the family, and back.
  llvm::SmallVector<mlir::Value> enter(const NeonTile &tile,
                                       llvm::ArrayRef<mlir::Value> state);
  llvm::SmallVector<mlir::Value> leave(const NeonTile &tile,
                                       llvm::ArrayRef<mlir::Value> state);

  /// Adds the products of the first of these steps; offsets are those of the
  /// run and of the first step's weights. Returns how many steps that were: 0
  /// if the first one is left to DotInstructions.
  size_t add(const NeonTile &tile, mlir::Value input, mlir::Value inputOffset,
             mlir::Value filter, mlir::Value weightOffset,
             llvm::ArrayRef<Stretch> steps,
             llvm::MutableArrayRef<mlir::Value> state);

private:
  void addDots(const NeonTile &tile, mlir::Value input, mlir::Value inputOffset,
               mlir::Value filter, mlir::Value weightOffset,
               llvm::ArrayRef<Stretch> steps,
               llvm::MutableArrayRef<mlir::Value> state);
  void addMatrices(const NeonTile &tile, mlir::Value input,
                   mlir::Value inputOffset, mlir::Value filter,
                   mlir::Value weightOffset, llvm::ArrayRef<Stretch> steps,
                   llvm::MutableArrayRef<mlir::Value> state);
  mlir::Value loadInputs(mlir::Value input, mlir::Value offset, int64_t count,
                         mlir::Type element);
  mlir::Value loadEight(mlir::Value input, mlir::Value offset, int64_t count);
  mlir::Value shuffle(mlir::Value a, mlir::Value b,
                      llvm::ArrayRef<int64_t> mask);
  mlir::Value asBytes(mlir::Value x);
  mlir::Value multiplyMatrices(mlir::Value sum, mlir::Value x, mlir::Value w);

  emit::VectorEmitter &e;
  InstructionFamily family;
  DotTypes types;
};

} // namespace qopt::kernel

#endif // QOPT_LIB_CONVERSION_KERNELTOVECTOR_NEONPRODUCTS_H
