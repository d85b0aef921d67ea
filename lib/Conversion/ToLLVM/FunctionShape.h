// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What two functions must have in common to be one function with parameters.

#ifndef QOPT_LIB_CONVERSION_TOLLVM_FUNCTIONSHAPE_H
#define QOPT_LIB_CONVERSION_TOLLVM_FUNCTIONSHAPE_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/Hashing.h"

namespace qopt {

/// All of a function but the values of constants that could be parameters:
/// functions of equal tokens differ in the constants at their sites only.
struct FunctionShape {
  explicit FunctionShape(mlir::func::FuncOp function);

  /// Ops, attributes and types by address, operands by number.
  std::vector<uintptr_t> tokens;
  /// The operands that could be parameters, in the function's order.
  std::vector<mlir::OpOperand *> sites;
};

/// A number that functions of equal shape have in common; much cheaper.
llvm::hash_code hashShape(mlir::func::FuncOp function);

/// Whether the value is no more than a constant or a constant's address.
bool isConstantLike(mlir::Operation *op);

} // namespace qopt

#endif // QOPT_LIB_CONVERSION_TOLLVM_FUNCTIONSHAPE_H
