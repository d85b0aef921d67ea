// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The names of a model's tensors: how calibration, recipes and reports speak of
// them.

#ifndef QOPT_DIALECT_NN_IR_TENSORNAMES_H
#define QOPT_DIALECT_NN_IR_TENSORNAMES_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Value.h"

#include <string>

namespace qopt::nn {

/// The name that a tensor came with: the name in the location of the op that
/// makes it, or the `nn.name` of an argument of a function. Empty if there is
/// none, and for an op with more results than one, whose location holds a name
/// for each, the one of the result's position.
llvm::StringRef getTensorName(mlir::Value value);

/// A tensor and the name that no other tensor of its function has.
struct NamedTensor {
  mlir::Value value;
  std::string name;
};

/// All tensors of a function, arguments first, then the results of its ops in
/// program order. A name that was there before gets `#1`, `#2`, …; a tensor
/// without name is called `arg0`, `arg1`, … or by its op, `nn.relu`. Names
/// change when passes add or remove tensors of equal names before them: whoever
/// stores names also stores a fingerprint of the module.
llvm::SmallVector<NamedTensor> collectTensorNames(mlir::func::FuncOp func);

} // namespace qopt::nn

#endif // QOPT_DIALECT_NN_IR_TENSORNAMES_H
