// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a quantization cost: runs the float graph, its simulation and the
// integer graph side by side on samples.

#ifndef QOPT_PIPELINES_MEASUREQUANTIZATION_H
#define QOPT_PIPELINES_MEASUREQUANTIZATION_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "qopt/Pipelines/QuantizeModel.h"
#include "qopt/Report/Report.h"
#include "llvm/Support/Error.h"

namespace qopt {

/// Copies of one module on its way from floats to integers.
struct QuantizationStages {
  /// After phase `float`. Null when the way began later.
  mlir::OwningOpRef<mlir::ModuleOp> folded;
  /// The float graph that was simulated: channels may have been equalized.
  mlir::OwningOpRef<mlir::ModuleOp> prepared;
  mlir::OwningOpRef<mlir::ModuleOp> simulation;
  mlir::OwningOpRef<mlir::ModuleOp> quantized;
};

/// Measures on the samples of `options`, at most on 64 of them; without samples
/// it says what weights, chosen ranges and statistics tell. `model` is the
/// name that the report has for it.
llvm::Expected<report::Report>
measureQuantization(const QuantizationStages &stages,
                    const QuantizeOptions &options, llvm::StringRef model);

} // namespace qopt

#endif // QOPT_PIPELINES_MEASUREQUANTIZATION_H
