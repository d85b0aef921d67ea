// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The class of the quant dialect.

#ifndef QOPT_DIALECT_QUANT_IR_QUANTDIALECT_H
#define QOPT_DIALECT_QUANT_IR_QUANTDIALECT_H

#include "mlir/IR/Dialect.h"

#include "qopt/Dialect/Quant/IR/QuantDialect.h.inc"

#endif // QOPT_DIALECT_QUANT_IR_QUANTDIALECT_H
