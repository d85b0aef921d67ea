// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// TFLite's 8-bit kernels of tanh, hard swish and leaky relu, as tables of all
// stored values.

#ifndef QOPT_NUMERICS_ACTIVATIONS_H
#define QOPT_NUMERICS_ACTIVATIONS_H

#include "qopt/Numerics/LookupTable.h"
#include "qopt/Numerics/Result.h"

namespace qopt::numerics {

Table8 tanhTable8(QuantizationParameters input, QuantizationParameters result,
                  bool isSigned);

/// There is none when the input's scale is 128 times the result's or more.
Result<Table8> hardSwishTable8(QuantizationParameters input,
                               QuantizationParameters result, bool isSigned);

/// There is none when a quotient of scales has no fixed-point form; a slope
/// that is not positive is one of those.
Result<Table8> leakyReluTable8(QuantizationParameters input,
                               QuantizationParameters result, bool isSigned,
                               double alpha);

} // namespace qopt::numerics

#endif // QOPT_NUMERICS_ACTIVATIONS_H
