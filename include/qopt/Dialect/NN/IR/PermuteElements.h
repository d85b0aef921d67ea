// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Constants with their dimensions in another order, and types likewise.

#ifndef QOPT_DIALECT_NN_IR_PERMUTEELEMENTS_H
#define QOPT_DIALECT_NN_IR_PERMUTEELEMENTS_H

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"

namespace qopt::nn {

/// The type whose dimension i is dimension permutation[i] of `type`; channels
/// of a quantized type move with their dimension.
mlir::RankedTensorType permuteType(mlir::RankedTensorType type,
                                   llvm::ArrayRef<int64_t> permutation);

/// The elements of a constant of storage integers or floats in that order, or
/// null when they are not at hand.
mlir::DenseElementsAttr permuteElements(mlir::ElementsAttr value,
                                        llvm::ArrayRef<int64_t> permutation);

} // namespace qopt::nn

#endif // QOPT_DIALECT_NN_IR_PERMUTEELEMENTS_H
