// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The quantized types and their common interface, QuantizedType.

#ifndef QOPT_DIALECT_QUANT_IR_QUANTTYPES_H
#define QOPT_DIALECT_QUANT_IR_QUANTTYPES_H

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Types.h"
#include "llvm/ADT/APFloat.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"

namespace qopt::quant {

namespace QuantizationFlags {
/// Bits of QuantizedType::getFlags.
enum FlagValue : unsigned {
  /// Stored integers are two's complement; otherwise they are unsigned.
  Signed = 1,
};
} // namespace QuantizationFlags

/// The widest storage type, in bits.
constexpr unsigned maxStorageBits = 32;

/// The least integer of `width` bits; 0 for a width of 0.
inline int64_t getDefaultStorageMin(bool isSigned, unsigned width) {
  return isSigned && width ? llvm::minIntN(width) : 0;
}

/// The greatest integer of `width` bits; 0 for a width of 0.
inline int64_t getDefaultStorageMax(bool isSigned, unsigned width) {
  if (!width)
    return 0;
  return isSigned ? llvm::maxIntN(width) : llvm::maxUIntN(width);
}

} // namespace qopt::quant

#include "qopt/Dialect/Quant/IR/QuantTypeInterfaces.h.inc"

#define GET_TYPEDEF_CLASSES
#include "qopt/Dialect/Quant/IR/QuantTypes.h.inc"

#endif // QOPT_DIALECT_QUANT_IR_QUANTTYPES_H
