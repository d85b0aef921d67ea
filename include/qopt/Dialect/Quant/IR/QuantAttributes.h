// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The enum and the attributes of the quant dialect.

#ifndef QOPT_DIALECT_QUANT_IR_QUANTATTRIBUTES_H
#define QOPT_DIALECT_QUANT_IR_QUANTATTRIBUTES_H

#include "mlir/IR/Attributes.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/DialectImplementation.h"
#include <optional>

#include "qopt/Dialect/Quant/IR/QuantEnums.h.inc"

#define GET_ATTRDEF_CLASSES
#include "qopt/Dialect/Quant/IR/QuantAttributes.h.inc"

#endif // QOPT_DIALECT_QUANT_IR_QUANTATTRIBUTES_H
