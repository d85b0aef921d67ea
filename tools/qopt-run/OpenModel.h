// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// From the command line's MODEL to an engine.

#ifndef QOPT_TOOLS_QOPT_RUN_OPENMODEL_H
#define QOPT_TOOLS_QOPT_RUN_OPENMODEL_H

#include "Engine.h"
#include "Options.h"

#include "mlir/IR/MLIRContext.h"
#include "mlir/IR/OwningOpRef.h"

namespace qoptrun {

/// A tensor inside the model that --layers exposes as an additional output.
struct LayerTensor {
  std::string name;
  std::string operation;
};

/// Destroyed in reverse order: the engine may point into the module.
struct OpenedModel {
  mlir::OwningOpRef<mlir::ModuleOp> module;
  /// Names of the outputs behind the model's own.
  std::vector<LayerTensor> layers;
  std::unique_ptr<Engine> engine;
};

/// Loads and, when it is not yet code, compiles the model.
llvm::Expected<OpenedModel> openModel(const Options &options,
                                      mlir::MLIRContext &context);

} // namespace qoptrun

#endif // QOPT_TOOLS_QOPT_RUN_OPENMODEL_H
