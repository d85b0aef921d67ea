// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Elementary functions as inline code: generated kernels may not call libm.

#ifndef QOPT_CONVERSION_KERNELTOVECTOR_EMITMATH_H
#define QOPT_CONVERSION_KERNELTOVECTOR_EMITMATH_H

#include "qopt/Conversion/KernelToVector/VectorEmitter.h"

namespace qopt::emit {

/// exp(x) of f32, within 3 units of the last place where the result is a normal
/// number. Below that and above \p largest it stays at the smallest normal
/// power and at exp(largest); NaN stays NaN.
Value emitExp(VectorEmitter &e, Value x, double largest = 88.37);

/// exp of what is at most this can be handed to emitReciprocal, with 1 added.
constexpr double kLargestOfReciprocal = 86.0;

/// 1/d of f32, 2^-125 < d < 2^125, within 2 units of the last place; NaN stays
/// NaN.
Value emitReciprocal(VectorEmitter &e, Value d);

} // namespace qopt::emit

#endif // QOPT_CONVERSION_KERNELTOVECTOR_EMITMATH_H
