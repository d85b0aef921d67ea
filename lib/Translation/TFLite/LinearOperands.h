//===- LinearOperands.h - Input, weights and bias ---------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What convolutions and fully connected layers have in common: three operands,
// the combinations of types that the reference kernels have, and how each of
// these kernels rounds.
//
//===----------------------------------------------------------------------===//

#ifndef QOPT_LIB_TRANSLATION_TFLITE_LINEAROPERANDS_H
#define QOPT_LIB_TRANSLATION_TFLITE_LINEAROPERANDS_H

#include "OperatorImporter.h"

#include "qopt/Dialect/Quant/IR/QuantAttributes.h"

namespace qopt::tflite {

enum class LinearKind { Convolution, Depthwise, FullyConnected, Transposed };

struct LinearOperands {
  mlir::Value input, filter, bias;
  mlir::RankedTensorType inputType, filterType, resultType;
  quant::RoundingMode rounding = quant::RoundingMode::Double;
  bool f32ScaleProduct = false;
};

/// Reads and checks the operands. `biasType` is the accumulator's type that the
/// options ask for with 16-bit activations, FLOAT32 when they ask for none.
mlir::FailureOr<LinearOperands>
getLinearOperands(OperatorImporter &op, LinearKind kind,
                  schema::TensorType biasType = schema::TensorType::FLOAT32);

} // namespace qopt::tflite

#endif // QOPT_LIB_TRANSLATION_TFLITE_LINEAROPERANDS_H
