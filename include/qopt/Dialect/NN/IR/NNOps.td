// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Gathers the ops: a file for each family.

#ifndef QOPT_DIALECT_NN_IR_NNOPS_TD
#define QOPT_DIALECT_NN_IR_NNOPS_TD

include "qopt/Dialect/NN/IR/NNLinearOps.td"
include "qopt/Dialect/NN/IR/NNElementwiseOps.td"
include "qopt/Dialect/NN/IR/NNPoolingOps.td"
include "qopt/Dialect/NN/IR/NNMovementOps.td"

#endif // QOPT_DIALECT_NN_IR_NNOPS_TD
