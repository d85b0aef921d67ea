// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The function that a model is.

#ifndef QOPT_DIALECT_NN_IR_MODELFUNCTION_H
#define QOPT_DIALECT_NN_IR_MODELFUNCTION_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"

namespace qopt::nn {

/// The only function of a module that is to be written as a graph, which has
/// one block; an error otherwise.
llvm::FailureOr<mlir::func::FuncOp> findExportedFunction(mlir::ModuleOp module);

} // namespace qopt::nn

#endif // QOPT_DIALECT_NN_IR_MODELFUNCTION_H
