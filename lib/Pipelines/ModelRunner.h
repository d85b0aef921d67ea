// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Compiles a model for this machine and runs it in this process: how float
// graphs are observed and simulations are judged.

#ifndef QOPT_LIB_PIPELINES_MODELRUNNER_H
#define QOPT_LIB_PIPELINES_MODELRUNNER_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/Value.h"
#include "qopt/CodeGen/ModelInterface.h"
#include "qopt/CodeGen/OutputFile.h"
#include "qopt/Support/Tensor.h"
#include "llvm/Support/Error.h"

namespace qopt {

class ModelRunner {
public:
  /// Compiles a copy of `module`, whose ops are nn ops. The values in
  /// `watched`, of the function `main`, become results behind its own.
  static llvm::Expected<std::unique_ptr<ModelRunner>>
  create(mlir::ModuleOp module, llvm::ArrayRef<mlir::Value> watched = {});
  ~ModelRunner();
  ModelRunner(const ModelRunner &) = delete;

  const ModelInterface &getInterface() const { return interface; }

  /// Runs the model on inputs of the interface's types. The results stay valid
  /// until the next run.
  llvm::Expected<llvm::ArrayRef<Tensor>> run(llvm::ArrayRef<Tensor> inputs);

private:
  ModelRunner(ScratchDirectory scratch) : scratch(std::move(scratch)) {}

  using Entry = int(void *const *);

  ScratchDirectory scratch;
  ModelInterface interface;
  void *library = nullptr;
  Entry *entry = nullptr;
  std::vector<Tensor> results;
  /// Aligned memory: inputs, results, arena.
  std::vector<std::vector<char>> buffers;
  std::vector<void *> pointers;
};

} // namespace qopt

#endif // QOPT_LIB_PIPELINES_MODELRUNNER_H
