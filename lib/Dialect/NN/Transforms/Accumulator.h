// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The type of a linear op's accumulator.

#ifndef QOPT_LIB_DIALECT_NN_TRANSFORMS_ACCUMULATOR_H
#define QOPT_LIB_DIALECT_NN_TRANSFORMS_ACCUMULATOR_H

#include "qopt/Dialect/NN/IR/NN.h"

namespace qopt::nn {

/// The quantized i32 type of the accumulator; null after an error.
mlir::Type getAccumulatorElementType(LinearOpInterface op,
                                     quant::UniformQuantizedType input,
                                     quant::QuantizedType weight);

} // namespace qopt::nn

#endif // QOPT_LIB_DIALECT_NN_TRANSFORMS_ACCUMULATOR_H
