// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The interface that every type of the dialect has, under the name of the base
// class that MLIR's own quant dialect uses: `isa<QuantizedType>` asks "is this
// element type one of ours".

#ifndef QOPT_DIALECT_QUANT_IR_QUANTTYPEINTERFACES_TD
#define QOPT_DIALECT_QUANT_IR_QUANTTYPEINTERFACES_TD

include "mlir/IR/OpBase.td"

def Quant_QuantizedTypeInterface : TypeInterface<"QuantizedType"> {
  let cppNamespace = "::qopt::quant";
  let description = [{
    A type of stored integers that stand for real numbers. `getStorageType` is
    null for `!quant.calibrated`, which has only a real range so far;
    `getExpressedType` may be null for `!quant.any`.
  }];
  let methods = [
    InterfaceMethod<"Bit 0 is set when stored integers are signed.",
      "unsigned", "getFlags">,
    InterfaceMethod<"The signless integer type that holds a stored value.",
      "::mlir::IntegerType", "getStorageType">,
    InterfaceMethod<"The float type that a stored value approximates.",
      "::mlir::FloatType", "getExpressedType">,
    InterfaceMethod<"The least stored value.",
      "int64_t", "getStorageTypeMin">,
    InterfaceMethod<"The greatest stored value.",
      "int64_t", "getStorageTypeMax">,
  ];
  let extraSharedClassDeclaration = [{
    /// Whether stored integers are read as two's complement.
    bool isSigned() const { return $_type.getFlags() & 1; }

    /// The width of a stored integer in bits; 0 when there is no storage yet.
    unsigned getStorageTypeIntegralWidth() const {
      ::mlir::IntegerType storage = $_type.getStorageType();
      return storage ? storage.getWidth() : 0;
    }

    /// Whether the storage range is narrower than what the width can hold.
    bool hasStorageTypeBounds() const {
      unsigned width = getStorageTypeIntegralWidth();
      return $_type.getStorageTypeMin() !=
                 ::qopt::quant::getDefaultStorageMin(isSigned(), width) ||
             $_type.getStorageTypeMax() !=
                 ::qopt::quant::getDefaultStorageMax(isSigned(), width);
    }
  }];
  let extraClassDeclaration = [{
    /// The quantized type of a scalar or of a shaped type's elements, or null.
    static QuantizedType getQuantizedElementType(::mlir::Type type);

    /// `type` with its quantized element type replaced by the storage type,
    /// or null when it has none.
    static ::mlir::Type castToStorageType(::mlir::Type type);

    /// `type` with its quantized element type replaced by the expressed type,
    /// or null when it has none.
    static ::mlir::Type castToExpressedType(::mlir::Type type);
  }];
}

#endif // QOPT_DIALECT_QUANT_IR_QUANTTYPEINTERFACES_TD
