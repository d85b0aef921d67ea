// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the conversions of all families share: parameters of quantized types as
// Numerics wants them, destinations, tables, and element-wise kernels.

#ifndef QOPT_LIB_CONVERSION_NNTOKERNEL_COMMON_H
#define QOPT_LIB_CONVERSION_NNTOKERNEL_COMMON_H

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Transforms/DialectConversion.h"
#include "qopt/Conversion/NNToKernel/Passes.h"
#include "qopt/Dialect/Kernel/IR/Kernel.h"
#include "qopt/Dialect/NN/IR/NN.h"
#include "qopt/Dialect/Quant/IR/Quant.h"
#include "qopt/Numerics/FixedPoint.h"
#include "qopt/Numerics/QuantizationParameters.h"

namespace qopt::nn_to_kernel {

/// How a tensor stores its reals, in the words of Numerics.
struct Storage {
  numerics::QuantizationParameters parameters;
  numerics::StorageRange range;
  unsigned bits = 8;
  bool isSigned = true;

  bool hasSameParameters(const Storage &other) const {
    return parameters.scale == other.parameters.scale &&
           parameters.zeroPoint == other.parameters.zeroPoint;
  }
};

/// The storage of a tensor quantized per tensor; reports an error on `op` for
/// any other type.
mlir::FailureOr<Storage> getStorage(mlir::Operation *op, mlir::Type type);

/// How a buffer holds stored integers: those of fewer than 8 bits in bytes.
mlir::IntegerType getBufferElement(quant::QuantizedType type);

/// Whether the tensor's elements are stored as unsigned integers.
bool isStoredUnsigned(mlir::Type type);

/// The reason why Numerics has no result, as an error on `op`.
mlir::LogicalResult reportReason(mlir::Operation *op, const std::string &text);

/// Reports an error unless the kernel dialect can hold the type.
mlir::LogicalResult checkBuffer(mlir::Operation *op, mlir::Type type);

/// `loc` with "/suffix" after its name, for a tensor that the model lacks.
mlir::Location nameTensor(mlir::Location loc, llvm::StringRef suffix);

/// An uninitialised destination.
mlir::Value createEmpty(mlir::OpBuilder &builder, mlir::Location loc,
                        mlir::Type type);

mlir::Value createConstant(mlir::OpBuilder &builder, mlir::Location loc,
                           mlir::TypedAttr value);

/// The same elements under another shape: of a constant a constant, otherwise
/// a view (or `value` itself).
mlir::Value reshape(mlir::OpBuilder &builder, mlir::Location loc,
                    mlir::Value value, llvm::ArrayRef<int64_t> shape);

mlir::FloatAttr getF32Attr(mlir::Builder &builder, double value);

kernel::AffineAttr getAffine(mlir::Builder &builder, int32_t offset,
                             numerics::FixedPointMultiplier multiplier);

kernel::ClampAttr getClamp(mlir::Builder &builder, int64_t min, int64_t max);

/// The clamp of a float activation, or null if it clamps nothing.
mlir::Attribute getFloatClamp(mlir::Builder &builder, RealInterval interval);

/// A table of all stored values of `input`, for storage of 8 or 16 bits.
kernel::TableAttr
makeTable(mlir::Builder &builder, const Storage &input, unsigned resultBits,
          bool isResultUnsigned,
          llvm::function_ref<int64_t(int32_t stored)> function);

/// An element-wise kernel with a fresh destination.
mlir::Value createElementwise(mlir::OpBuilder &builder, mlir::Location loc,
                              mlir::Type resultType, mlir::Value input,
                              mlir::ValueRange operands,
                              llvm::ArrayRef<mlir::Attribute> stages,
                              bool inputUnsigned);

} // namespace qopt::nn_to_kernel

#endif // QOPT_LIB_CONVERSION_NNTOKERNEL_COMMON_H
