//===- ShapeFolding.h - Arithmetic on shapes --------------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Models that were converted with an open batch size compute the shape of a
// reshape when they run: SHAPE, then STRIDED_SLICE for the batch, then PACK.
// Here all shapes are static, so these operators are computed and disappear.
//
//===----------------------------------------------------------------------===//

#ifndef QOPT_LIB_TRANSLATION_TFLITE_SHAPEFOLDING_H
#define QOPT_LIB_TRANSLATION_TFLITE_SHAPEFOLDING_H

#include "Tensors.h"

#include "llvm/ADT/BitVector.h"

namespace qopt::tflite {

/// Computes what follows from static shapes and gives it to `tensors`. Returns
/// the operators that are done with; any other is left for the import, which
/// knows how to complain.
llvm::BitVector foldShapes(Tensors &tensors);

} // namespace qopt::tflite

#endif // QOPT_LIB_TRANSLATION_TFLITE_SHAPEFOLDING_H
