// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the conversions of linear ops share: the kernel, what goes into it, and
// what follows the sum.

#ifndef QOPT_LIB_CONVERSION_NNTOKERNEL_LINEARKERNELS_H
#define QOPT_LIB_CONVERSION_NNTOKERNEL_LINEARKERNELS_H

#include "Common.h"

namespace qopt::nn_to_kernel {

/// What follows the sum in one kernel.
struct Epilogue {
  llvm::SmallVector<mlir::Attribute> stages;
  mlir::Value multiplier, shift;
  /// Stage operands, in the order of the stages.
  llvm::SmallVector<mlir::Value> operands;
};

/// Operands of a linear op after the conversion of their types.
struct LinearOperands {
  mlir::Value input, filter, bias;
  /// Scales of groups of input channels, if the weights have them.
  mlir::Value filterScales;
  int64_t groupSize = 0;
  /// Bits of a weight that is dequantized by the kernel.
  int64_t filterBits = 8;
  /// The input has its border already.
  bool isPadded = false;
};

/// The input with a border of its zero point.
mlir::Value padInput(mlir::OpBuilder &builder, mlir::Location loc,
                     mlir::Value input, mlir::Type quantizedType,
                     llvm::ArrayRef<int64_t> padding);

/// Emits the kernel of a linear op with `epilogue`; `storageType` is the
/// converted type of the result.
mlir::FailureOr<mlir::Value>
emitLinear(mlir::Operation *op, LinearOperands operands,
           const Epilogue &epilogue, mlir::RankedTensorType storageType,
           mlir::Location loc, mlir::OpBuilder &builder);

/// For an op on floats whose weights are stored as integers: scales and bias
/// become stages; a dynamic input is quantized before the kernel.
llvm::LogicalResult prepareStoredWeights(LinearOpInterface op,
                                         LinearOperands &operands,
                                         Epilogue &epilogue,
                                         mlir::OpBuilder &builder);

} // namespace qopt::nn_to_kernel

#endif // QOPT_LIB_CONVERSION_NNTOKERNEL_LINEARKERNELS_H
