// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The passes of lib/Dialect/NN/Transforms, in the order of the pipeline.

#ifndef QOPT_DIALECT_NN_TRANSFORMS_PASSES_TD
#define QOPT_DIALECT_NN_TRANSFORMS_PASSES_TD

include "qopt/Dialect/NN/Transforms/FloatPasses.td"
include "qopt/Dialect/NN/Transforms/QuantizationPasses.td"
include "qopt/Dialect/NN/Transforms/IntegerPasses.td"

#endif // QOPT_DIALECT_NN_TRANSFORMS_PASSES_TD
