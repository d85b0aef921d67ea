// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What runs a model: machine code in this process, in an emulator, or the
// reference interpreter.

#ifndef QOPT_TOOLS_QOPT_RUN_ENGINE_H
#define QOPT_TOOLS_QOPT_RUN_ENGINE_H

#include "mlir/IR/BuiltinOps.h"
#include "qopt/CodeGen/ModelInterface.h"
#include "qopt/CodeGen/OutputFile.h"
#include "qopt/Support/Tensor.h"
#include <memory>

namespace qoptrun {

/// One tensor for each input, or output.
using Example = std::vector<qopt::Tensor>;

struct Result {
  Example outputs;
  /// Of the run alone, without moving data about.
  double seconds = 0;
};

class Engine {
public:
  explicit Engine(qopt::ModelInterface interface)
      : interface(std::move(interface)) {}
  virtual ~Engine() = default;

  const qopt::ModelInterface &getInterface() const { return interface; }

  /// Runs examples whose tensors have the shapes and types of the interface.
  virtual llvm::Expected<std::vector<Result>>
  run(llvm::ArrayRef<Example> examples) = 0;

  /// Of a model compiled with profile: ticks spent in each layer, over all
  /// runs so far.
  virtual std::vector<uint64_t> getTicks() { return {}; }

protected:
  qopt::ModelInterface interface;
};

/// Loads a shared library into this process. The directory is kept as long as
/// the engine.
llvm::Expected<std::unique_ptr<Engine>>
createNativeEngine(qopt::ModelInterface interface, llvm::StringRef library,
                   qopt::ScratchDirectory scratch);

/// Runs a guest program (see makeGuestProgram) in qemu-aarch64.
llvm::Expected<std::unique_ptr<Engine>>
createEmulatedEngine(qopt::ModelInterface interface, llvm::StringRef program,
                     qopt::ScratchDirectory scratch);

/// Interprets a module of nn and quant ops, which stays the caller's.
llvm::Expected<std::unique_ptr<Engine>>
createReferenceEngine(qopt::ModelInterface interface, mlir::ModuleOp module);

} // namespace qoptrun

#endif // QOPT_TOOLS_QOPT_RUN_ENGINE_H
