// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Makes kernels run by bands as a plan says.

#ifndef QOPT_LIB_DIALECT_KERNEL_TRANSFORMS_EMITBANDS_H
#define QOPT_LIB_DIALECT_KERNEL_TRANSFORMS_EMITBANDS_H

#include "BandPlan.h"

namespace qopt::kernel {

/// Puts bands in the place of the kernels. `number` is one that other plans of
/// the function do not have; the locations of kernels carry it.
void emitBands(const BandGraph &graph, const BandPlan &plan, int64_t number);

} // namespace qopt::kernel

#endif // QOPT_LIB_DIALECT_KERNEL_TRANSFORMS_EMITBANDS_H
