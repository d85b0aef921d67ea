//===- Reinterpretation.h - Other parameters, same integers -----*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// RESHAPE copies stored integers into a tensor that may have parameters of its
// own. As IR that is a reshape and two storage casts, which go back into one
// operator.
//
//===----------------------------------------------------------------------===//

#ifndef QOPT_LIB_TRANSLATION_TFLITE_REINTERPRETATION_H
#define QOPT_LIB_TRANSLATION_TFLITE_REINTERPRETATION_H

#include "mlir/IR/Value.h"

namespace qopt::tflite {

/// The value that the reshaped `value` becomes by a pair of storage casts when
/// it serves nothing else; otherwise `value`.
mlir::Value getReinterpreted(mlir::Value value);

} // namespace qopt::tflite

#endif // QOPT_LIB_TRANSLATION_TFLITE_REINTERPRETATION_H
