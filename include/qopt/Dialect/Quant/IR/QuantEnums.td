// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The rounding modes of a requantize, each the behaviour of a family of
// runtimes; python-free-docs has the formulas.

#ifndef QOPT_DIALECT_QUANT_IR_QUANTENUMS_TD
#define QOPT_DIALECT_QUANT_IR_QUANTENUMS_TD

include "mlir/IR/EnumAttr.td"
include "qopt/Dialect/Quant/IR/QuantDialect.td"

def Quant_RoundingMode : I32EnumAttr<"RoundingMode",
    "how a product with a real multiplier becomes an integer", [
      I32EnumAttrCase<"Double", 0, "double">,
      I32EnumAttrCase<"Single", 1, "single">,
      I32EnumAttrCase<"Wide", 2, "wide">,
      I32EnumAttrCase<"Float", 3, "float">,
      I32EnumAttrCase<"Shift", 4, "shift">,
      I32EnumAttrCase<"Real", 5, "real">
    ]> {
  let cppNamespace = "::qopt::quant";
  let genSpecializedAttr = 0;
}

#endif // QOPT_DIALECT_QUANT_IR_QUANTENUMS_TD
