//===- StoredFunctions.h - 8-bit functions as tables ------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What an op makes of each of the 256 values that 8 bits can store. Written as
// a table, it is the same in every runtime.
//
//===----------------------------------------------------------------------===//

#ifndef QOPT_LIB_TRANSLATION_ONNX_STOREDFUNCTIONS_H
#define QOPT_LIB_TRANSLATION_ONNX_STOREDFUNCTIONS_H

#include "GraphWriter.h"

#include <array>

namespace qopt::onnx_export {

/// The result for the least stored value comes first.
using StoredFunction = std::array<int16_t, 256>;

/// The function of an op with one operand, both quantized to 8 bits per tensor;
/// an error if the op's arithmetic has none.
mlir::FailureOr<StoredFunction> getStoredFunction(mlir::Operation *op);

/// Whether `function` of the reals, quantized, gives all of the table's
/// entries, and gives them as well when it is off by a thousandth of a step.
bool isFarFromTies(mlir::Operation *op, const StoredFunction &table,
                   const std::function<double(double)> &function);

/// Makes the table's entries for the op's operand its result.
void addTable(GraphWriter &writer, mlir::Operation *op,
              const StoredFunction &table);

} // namespace qopt::onnx_export

#endif // QOPT_LIB_TRANSLATION_ONNX_STOREDFUNCTIONS_H
