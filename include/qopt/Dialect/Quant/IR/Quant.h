// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Umbrella of the quant dialect.

#ifndef QOPT_DIALECT_QUANT_IR_QUANT_H
#define QOPT_DIALECT_QUANT_IR_QUANT_H

#include "qopt/Dialect/Quant/IR/QuantAttributes.h"
#include "qopt/Dialect/Quant/IR/QuantDialect.h"
#include "qopt/Dialect/Quant/IR/QuantOps.h"
#include "qopt/Dialect/Quant/IR/QuantTypes.h"

#endif // QOPT_DIALECT_QUANT_IR_QUANT_H
