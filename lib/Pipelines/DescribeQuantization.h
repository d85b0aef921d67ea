// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What can be said about a quantization without running anything: weights,
// forms, chosen ranges, and what statistics hold about the tensors.

#ifndef QOPT_LIB_PIPELINES_DESCRIBEQUANTIZATION_H
#define QOPT_LIB_PIPELINES_DESCRIBEQUANTIZATION_H

#include "qopt/Pipelines/MeasureQuantization.h"

namespace qopt {

/// Fills in layers and inputs; `options.statistics` may be empty.
llvm::Error describeQuantization(const QuantizationStages &stages,
                                 const QuantizeOptions &options,
                                 report::Report &report);

} // namespace qopt

#endif // QOPT_LIB_PIPELINES_DESCRIBEQUANTIZATION_H
