//===- SameParameters.h - Results with their input's scale ------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Operators that move stored values leave them as they are, whatever scale the
// file writes on the result. The nn op gets its input's parameters; where the
// file says otherwise, the stored integers are given the file's type after it.
//
//===----------------------------------------------------------------------===//

#ifndef QOPT_LIB_TRANSLATION_TFLITE_SAMEPARAMETERS_H
#define QOPT_LIB_TRANSLATION_TFLITE_SAMEPARAMETERS_H

#include "OperatorImporter.h"

namespace qopt::tflite {

/// The type of the nn op's result: the file's shape with the input's elements.
/// Fails unless the file's parameters are the input's, up to the tolerance of
/// the kernels; `isReinterpreting` operators do not look at them at all.
mlir::FailureOr<mlir::RankedTensorType>
getMovedType(OperatorImporter &op, mlir::Value input,
             bool isReinterpreting = false, unsigned output = 0);

/// Makes `value`, of the type above, the operator's output.
mlir::LogicalResult setMovedOutput(OperatorImporter &op, mlir::Value value,
                                   unsigned output = 0);

} // namespace qopt::tflite

#endif // QOPT_LIB_TRANSLATION_TFLITE_SAMEPARAMETERS_H
