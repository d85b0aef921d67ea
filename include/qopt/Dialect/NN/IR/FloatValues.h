// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Constants of f32: read from `dense` and `dense_resource` alike, and made.

#ifndef QOPT_DIALECT_NN_IR_FLOATVALUES_H
#define QOPT_DIALECT_NN_IR_FLOATVALUES_H

#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/Value.h"

#include <optional>
#include <vector>

namespace qopt::nn {

/// The elements of an f32 tensor that a constant defines, in row-major order.
/// Nothing if it is no constant, not f32, or its data is not at hand.
std::optional<std::vector<float>> readFloats(mlir::Value value);

/// The same in double precision, for arithmetic on weights.
std::optional<std::vector<double>> readDoubles(mlir::Value value);

/// An `nn.constant` of f32; doubles are rounded once.
mlir::Value makeFloats(mlir::OpBuilder &builder, mlir::Location loc,
                       llvm::ArrayRef<int64_t> shape,
                       llvm::ArrayRef<float> values);
mlir::Value makeFloats(mlir::OpBuilder &builder, mlir::Location loc,
                       llvm::ArrayRef<int64_t> shape,
                       llvm::ArrayRef<double> values);

} // namespace qopt::nn

#endif // QOPT_DIALECT_NN_IR_FLOATVALUES_H
