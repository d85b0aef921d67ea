// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Finding schedules by measuring on this machine.

#ifndef QOPT_PIPELINES_TUNESCHEDULES_H
#define QOPT_PIPELINES_TUNESCHEDULES_H

#include "qopt/Pipelines/Compiler.h"

namespace qopt {

/// Measures the convolutions of a module after phase `integer` that the
/// database, a file, does not know yet, and adds what it found. Each distinct
/// kernel is compiled with the schedules that the cost model likes best and run
/// against the default in turns; a schedule wins only if it is clearly faster.
/// Stops after the options' seconds. The module stays as it is.
llvm::Error tuneSchedules(mlir::ModuleOp module, const CompileOptions &options);

} // namespace qopt

#endif // QOPT_PIPELINES_TUNESCHEDULES_H
