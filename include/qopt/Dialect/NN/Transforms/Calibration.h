// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Between a float graph and its statistics: which tensors are observed, how
// statistics know the graph again, and the ranges that go back into it.

#ifndef QOPT_DIALECT_NN_TRANSFORMS_CALIBRATION_H
#define QOPT_DIALECT_NN_TRANSFORMS_CALIBRATION_H

#include "qopt/Calibration/RangeEstimator.h"
#include "qopt/Calibration/Statistics.h"
#include "qopt/Dialect/NN/IR/TensorNames.h"

#include "mlir/IR/BuiltinOps.h"

namespace qopt::nn {

/// SHA-256 of a module's text and its tensors' names, without any
/// `quant.range` and without locations in files.
std::string getFingerprint(mlir::ModuleOp module);

/// The tensors that calibration observes: the f32 arguments of a function, then
/// what its ops compute in f32. Constants are not among them.
llvm::SmallVector<NamedTensor> collectObservedTensors(mlir::func::FuncOp func);

/// Appends tensors of a function to its results, in the order given.
void exposeTensors(mlir::func::FuncOp func,
                   llvm::ArrayRef<NamedTensor> tensors);

/// Sets `quant.range` of an observed tensor.
void setRange(mlir::Value value, calibration::Range range);

/// What decides on ranges besides the statistics.
struct RangeOptions {
  std::string estimator = "minmax";
  calibration::RangeRequest request;
  /// Pattern of names and the estimator of the tensors that match; the last
  /// match counts.
  std::vector<std::pair<std::string, std::string>> overrides;
};

/// Sets `quant.range` on all observed tensors of `main`. \p file stands for the
/// statistics in messages. Returns how many there were.
llvm::Expected<int64_t> attachRanges(mlir::ModuleOp module,
                                     const calibration::Statistics &statistics,
                                     llvm::StringRef file,
                                     const RangeOptions &options);

} // namespace qopt::nn

#endif // QOPT_DIALECT_NN_TRANSFORMS_CALIBRATION_H
