// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Elementary functions as inline code: generated kernels may not call libm.

#ifndef QOPT_CONVERSION_KERNELTOVECTOR_EMITMATH_H
#define QOPT_CONVERSION_KERNELTOVECTOR_EMITMATH_H

#include "qopt/Conversion/KernelToVector/VectorEmitter.h"

namespace qopt::emit {

/// exp(x) of f32, within 2 units of the last place where the result is a normal
/// number. Below and above that it stays at the smallest or largest normal
/// power; NaN stays NaN.
Value emitExp(VectorEmitter &e, Value x);

} // namespace qopt::emit

#endif // QOPT_CONVERSION_KERNELTOVECTOR_EMITMATH_H
