//===- ByteSumProducts.h - Products added up in 16 bits ---------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// How the family `pmaddubsw` walks a window: not run by run, but in the order
// in which the steps of a block were packed (ByteSumLayout.h), a group of steps
// a turn. Of each group the products of a lane are added in 16 bits, which was
// proved to be exact when it was packed, and then once to a sum of 32 bits.
//
//===----------------------------------------------------------------------===//

#ifndef QOPT_LIB_CONVERSION_KERNELTOVECTOR_BYTESUMPRODUCTS_H
#define QOPT_LIB_CONVERSION_KERNELTOVECTOR_BYTESUMPRODUCTS_H

#include "ConvolutionBlocks.h"
#include "qopt/Conversion/KernelToVector/DotInstructions.h"
#include "qopt/Dialect/Kernel/IR/ByteSumLayout.h"

namespace qopt::kernel {

class ByteSumProducts {
public:
  ByteSumProducts(emit::VectorEmitter &e, Conv2DOp op,
                  const ConvolutionLayout &layout, DotInstructions &dots,
                  DotInstructions &lastDots)
      : e(e), op(op), layout(layout), dots(dots), lastDots(lastDots) {}

  /// Reports what an edited op lacks.
  static mlir::LogicalResult verify(Conv2DOp op,
                                    const ConvolutionLayout &layout);

  /// Adds all products of `pixels` pixels of `input`, the first of whose
  /// windows begins at `offset`, and a block to sums [pixel][vector].
  llvm::SmallVector<mlir::Value> add(const ChannelsOfBlock &block,
                                     int64_t pixels, const TileInputs &inputs,
                                     mlir::Value input, mlir::Value offset,
                                     llvm::ArrayRef<mlir::Value> sums);

private:
  mlir::Value loadIndex(mlir::Value bytes, mlir::Value offset, int64_t count);

  emit::VectorEmitter &e;
  Conv2DOp op;
  const ConvolutionLayout &layout;
  /// For vectors of all lanes, and for the last one of a group.
  DotInstructions &dots, &lastDots;
};

} // namespace qopt::kernel

#endif // QOPT_LIB_CONVERSION_KERNELTOVECTOR_BYTESUMPRODUCTS_H
