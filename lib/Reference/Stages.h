// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Stages of the kernel dialect on one running value.

#ifndef QOPT_LIB_REFERENCE_STAGES_H
#define QOPT_LIB_REFERENCE_STAGES_H

#include "Evaluate.h"
#include "Rounding.h"

#include "qopt/Dialect/Kernel/IR/Kernel.h"

namespace qopt::reference {

/// An element between stages: an exact integer, or a float.
struct Running {
  int64_t integer = 0;
  float real = 0;
};

/// The tensor that stands for an operand of \p op.
const Tensor &tensorOf(mlir::Operation *op, Operands operands,
                       mlir::Value value);

/// Elements of a tensor of signless integers, read as unsigned on demand.
std::vector<int64_t> loadBits(const Tensor &tensor, bool isUnsigned);

/// Values that fit the result's width, signed or unsigned, as its bits.
llvm::Expected<Tensor> storeBits(mlir::Operation *op, mlir::Type type,
                                 llvm::ArrayRef<int64_t> values);

/// Applies an op's stages to running values, one for each result element.
llvm::Expected<Tensor> runStages(kernel::StagedOpInterface op,
                                 Operands operands,
                                 std::vector<Running> values);

} // namespace qopt::reference

#endif // QOPT_LIB_REFERENCE_STAGES_H
