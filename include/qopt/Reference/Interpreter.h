// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Runs a function of quant, nn or kernel ops on tensors, one op after another,
// in wide exact integers. It is the judge of the lowering, so it shares no
// arithmetic with it: slow, plain, and written to be read.

#ifndef QOPT_REFERENCE_INTERPRETER_H
#define QOPT_REFERENCE_INTERPRETER_H

#include "qopt/Support/Tensor.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/Support/Error.h"

#include <vector>

namespace qopt::reference {

/// Called after each op with its results.
using TraceCallback =
    llvm::function_ref<void(mlir::Operation *op, llvm::ArrayRef<Tensor>)>;

/// Runs \p function. Inputs must have the shapes and storage types of its
/// arguments: a quantized tensor is given and returned as stored integers (u8
/// as uint8, other widths in the next wider integer). An op that has no
/// meaning here is an error that names it.
llvm::Expected<std::vector<Tensor>> interpret(mlir::func::FuncOp function,
                                              llvm::ArrayRef<Tensor> inputs,
                                              TraceCallback trace = nullptr);

/// The kind of element that stands for an element type in a Tensor.
llvm::Expected<ElementKind> getElementKind(mlir::Type elementType);

/// Zeros of the shape and storage of a static ranked tensor type.
llvm::Expected<Tensor> makeTensor(mlir::Type tensorType);

} // namespace qopt::reference

#endif // QOPT_REFERENCE_INTERPRETER_H
