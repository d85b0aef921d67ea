// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Compiles a model for this machine and runs it in this process: how float
// graphs are observed and simulations are judged.

#ifndef QOPT_PIPELINES_MODELRUNNER_H
#define QOPT_PIPELINES_MODELRUNNER_H

#include "mlir/IR/BuiltinOps.h"
#include "qopt/Dialect/NN/IR/TensorNames.h"
#include "qopt/Execution/NativeEngine.h"

namespace qopt {

class ModelRunner {
public:
  /// How a simulation adds up products: in floats as they come, or so that no
  /// bit is lost (see buildExactSimulationPipeline).
  enum class Sums { AsTheyAre, Exact };

  /// Compiles a copy of `module`, whose ops are nn ops. The tensors in
  /// `watched`, of the function `main`, become results behind its own.
  static llvm::Expected<std::unique_ptr<ModelRunner>>
  create(mlir::ModuleOp module, llvm::ArrayRef<nn::NamedTensor> watched = {},
         Sums sums = Sums::AsTheyAre);

  const ModelInterface &getInterface() const { return engine->getInterface(); }

  /// Runs the model on inputs of the interface's types. The results stay valid
  /// until the next run.
  llvm::Expected<llvm::ArrayRef<Tensor>> run(llvm::ArrayRef<Tensor> inputs);

private:
  std::unique_ptr<NativeEngine> engine;
  std::vector<Tensor> results;
};

} // namespace qopt

#endif // QOPT_PIPELINES_MODELRUNNER_H
