// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Umbrella of the quant dialect: what other .td files and the documentation
// generator include.

#ifndef QOPT_DIALECT_QUANT_IR_QUANT_TD
#define QOPT_DIALECT_QUANT_IR_QUANT_TD

include "qopt/Dialect/Quant/IR/QuantDialect.td"
include "qopt/Dialect/Quant/IR/QuantEnums.td"
include "qopt/Dialect/Quant/IR/QuantTypeInterfaces.td"
include "qopt/Dialect/Quant/IR/QuantTypes.td"
include "qopt/Dialect/Quant/IR/QuantAttributes.td"
include "qopt/Dialect/Quant/IR/QuantOps.td"

#endif // QOPT_DIALECT_QUANT_IR_QUANT_TD
