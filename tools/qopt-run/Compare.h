// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How two tensors differ.

#ifndef QOPT_TOOLS_QOPT_RUN_COMPARE_H
#define QOPT_TOOLS_QOPT_RUN_COMPARE_H

#include "qopt/Support/Tensor.h"

namespace qoptrun {

struct Comparison {
  bool passed = false;
  /// "equal", or what differs and by how much.
  std::string text;
};

/// Integers must be equal. Floats may differ by 1e-5 of the largest expected
/// magnitude: their order of summation is not part of the model.
Comparison compare(const qopt::Tensor &actual, const qopt::Tensor &expected);

} // namespace qoptrun

#endif // QOPT_TOOLS_QOPT_RUN_COMPARE_H
