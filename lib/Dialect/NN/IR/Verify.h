// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The pieces of the verifiers: shapes, windows, quantization parameters. Each
// reports what it found and what it expected.

#ifndef QOPT_LIB_DIALECT_NN_IR_VERIFY_H
#define QOPT_LIB_DIALECT_NN_IR_VERIFY_H

#include "qopt/Dialect/NN/IR/NN.h"

namespace qopt::nn {

/// A shape as it is spelled in a type, "1x8x8x3"; "scalar" for rank 0.
std::string spell(llvm::ArrayRef<int64_t> shape);

llvm::LogicalResult verifyRank(mlir::Operation *op, llvm::StringRef what,
                               mlir::Type type, int64_t rank);

/// The op's only result has the shape that its operands and attributes give.
llvm::LogicalResult verifyResultShape(mlir::Operation *op,
                                      llvm::ArrayRef<int64_t> expected);

/// An attribute of `count` numbers, none less than `least`.
llvm::LogicalResult verifyNumbers(mlir::Operation *op, llvm::StringRef name,
                                  llvm::ArrayRef<int64_t> numbers, size_t count,
                                  int64_t least);

/// Of the rounding modes the two that ops have which scale nothing.
llvm::LogicalResult verifyDoubleOrFloat(mlir::Operation *op,
                                        quant::RoundingMode rounding);

/// What a sliding window looks like; the arrays have been verified.
struct Window {
  llvm::ArrayRef<int64_t> kernel, strides, dilations, padding;
};

/// The extents [height, width] of what a window makes of an image, or an error
/// if the window is larger than the padded image.
mlir::FailureOr<std::array<int64_t, 2>>
inferWindowedExtents(mlir::Operation *op, llvm::ArrayRef<int64_t> imageShape,
                     const Window &window);

/// Both tensors are float, or both are quantized with one storage type.
llvm::LogicalResult verifySameStorage(mlir::Operation *op,
                                      llvm::StringRef firstName,
                                      mlir::Type first,
                                      llvm::StringRef secondName,
                                      mlir::Type second);

/// As verifySameStorage, and with one scale and zero point. Scales that differ
/// by 1e-6 or less count as equal: TFLite tolerates that much.
llvm::LogicalResult verifySameParameters(mlir::Operation *op,
                                         llvm::StringRef firstName,
                                         mlir::Type first,
                                         llvm::StringRef secondName,
                                         mlir::Type second);

/// TFLite's 16-bit kernels know no zero points: 0 or an error.
llvm::LogicalResult verifySymmetricIf16Bits(mlir::Operation *op,
                                            llvm::StringRef name,
                                            mlir::Type type);

/// An axis in [0, rank).
llvm::LogicalResult verifyAxis(mlir::Operation *op, int64_t axis, int64_t rank);

} // namespace qopt::nn

#endif // QOPT_LIB_DIALECT_NN_IR_VERIFY_H
