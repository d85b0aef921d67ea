// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Discardable attributes by which the passes of quantization leave word for one
// another.

#ifndef QOPT_LIB_DIALECT_NN_TRANSFORMS_ATTRIBUTENAMES_H
#define QOPT_LIB_DIALECT_NN_TRANSFORMS_ATTRIBUTENAMES_H

#include "llvm/ADT/StringRef.h"

namespace qopt::nn {

/// `#quant.range` on the op or argument that makes a float tensor.
inline constexpr llvm::StringLiteral rangeAttrName = "quant.range";
/// On an op that a recipe or a profile keeps float, whatever stands around it.
inline constexpr llvm::StringLiteral floatAttrName = "quant.float";
/// On a linear op that is to quantize its input at run time.
inline constexpr llvm::StringLiteral dynamicAttrName = "quant.dynamic";

} // namespace qopt::nn

#endif // QOPT_LIB_DIALECT_NN_TRANSFORMS_ATTRIBUTENAMES_H
