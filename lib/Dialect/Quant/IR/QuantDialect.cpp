// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Registers everything that the quant dialect has; each kind registers itself
// in the file that includes its generated definitions.

#include "qopt/Dialect/Quant/IR/Quant.h"

using namespace mlir;
using namespace qopt::quant;

#include "qopt/Dialect/Quant/IR/QuantDialect.cpp.inc"

void QuantDialect::initialize() {
  registerTypes();
  registerAttributes();
  registerOperations();
  registerBytecodeInterface();
}
