// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The quant dialect itself. The def must be called Quant_Dialect, because the
// bytecode and documentation generators look it up by that name.

#ifndef QOPT_DIALECT_QUANT_IR_QUANTDIALECT_TD
#define QOPT_DIALECT_QUANT_IR_QUANTDIALECT_TD

include "mlir/IR/OpBase.td"

def Quant_Dialect : Dialect {
  let name = "quant";
  let cppNamespace = "::qopt::quant";
  let summary = "types, attributes and operations that mean quantization";
  let description = [{
    A quantized value is an integer `q` in storage together with a type that
    says which real number `r` it stands for:

    ```
    r = scale * (q - zero_point)
    ```

    The syntax of the types is that of MLIR's own `quant` dialect, whose text
    and bytecode cross over in both directions, with stricter rules: every type
    is checked when it is built, so a zero point always lies inside the storage
    range and a scale is always finite and positive.

    The dialect takes the namespace of MLIR's own dialect of that name; the two
    can never share a context. Neither can this one and TOSA, which loads the
    other.
  }];
  // Three types share the word `uniform`, so parsing and printing are by hand
  // (lib/Dialect/Quant/IR/TypeParser.cpp and TypePrinter.cpp).
  let useDefaultTypePrinterParser = 0;
  let useDefaultAttributePrinterParser = 1;
  // A cast without attributes must have no properties: the other dialect's
  // casts have none, and its reader of bytecode refuses any.
  let usePropertiesForAttributes = 0;
  let extraClassDeclaration = [{
    /// Parses the text of a type after `!quant.`.
    ::mlir::Type parseType(::mlir::DialectAsmParser &parser) const override;
    /// Prints the text of a type after `!quant.`.
    void printType(::mlir::Type type,
                   ::mlir::DialectAsmPrinter &printer) const override;
    void registerTypes();
    void registerAttributes();
    void registerOperations();
    void registerBytecodeInterface();
  }];
}

#endif // QOPT_DIALECT_QUANT_IR_QUANTDIALECT_TD
