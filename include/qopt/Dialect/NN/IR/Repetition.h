//===- Repetition.h - Tensors several times ---------------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the importers make of Tile and of images enlarged by copying pixels.
//
//===----------------------------------------------------------------------===//

#ifndef QOPT_DIALECT_NN_IR_REPETITION_H
#define QOPT_DIALECT_NN_IR_REPETITION_H

#include "mlir/IR/Builders.h"
#include "mlir/IR/Value.h"

namespace qopt::nn {

/// More copies than that are no model but a mistake.
inline constexpr int64_t maxTensorCopies = 1024, maxElementCopies = 64;

/// `count` copies of \p value, one after another along \p dimension:
/// a b -> a b a b.
mlir::Value repeatTensor(mlir::OpBuilder &builder, mlir::Location loc,
                         mlir::Value value, int64_t dimension, int64_t count);

/// `count` copies of each element along \p dimension: a b -> a a b b.
mlir::Value repeatElements(mlir::OpBuilder &builder, mlir::Location loc,
                           mlir::Value value, int64_t dimension, int64_t count);

} // namespace qopt::nn

#endif // QOPT_DIALECT_NN_IR_REPETITION_H
