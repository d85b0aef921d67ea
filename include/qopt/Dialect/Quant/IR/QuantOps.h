// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The operations of the quant dialect, and the checks that other dialects'
// verifiers share with them.

#ifndef QOPT_DIALECT_QUANT_IR_QUANTOPS_H
#define QOPT_DIALECT_QUANT_IR_QUANTOPS_H

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/IR/TypeUtilities.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "qopt/Dialect/Quant/IR/QuantAttributes.h"
#include "qopt/Dialect/Quant/IR/QuantDialect.h"
#include "qopt/Dialect/Quant/IR/QuantTypes.h"
#include "qopt/Interfaces/Pointwise.h"

namespace qopt::quant {

/// Whether both types are scalars, both unranked tensors, or both ranked
/// tensors of one shape (dynamic sizes match only dynamic ones).
bool haveSameShape(mlir::Type lhs, mlir::Type rhs);

/// Checks that the quantized element type of `type`, if any, fits its
/// container: a per-axis type needs a tensor with that axis and size, a
/// sub-channel type one whose sizes its blocks divide. `name` is the operand
/// or result, for the message.
mlir::LogicalResult verifyQuantizedElements(mlir::Operation *op,
                                            llvm::StringRef name,
                                            mlir::Type type);

} // namespace qopt::quant

#define GET_OP_CLASSES
#include "qopt/Dialect/Quant/IR/QuantOps.h.inc"

#endif // QOPT_DIALECT_QUANT_IR_QUANTOPS_H
