// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What runs a model: machine code in this process, in an emulator, an
// interpreter.

#ifndef QOPT_EXECUTION_ENGINE_H
#define QOPT_EXECUTION_ENGINE_H

#include "qopt/CodeGen/ModelInterface.h"
#include "qopt/Support/Tensor.h"

#include "llvm/Support/Error.h"

namespace qopt {

/// One tensor for each input, or output.
using Example = std::vector<Tensor>;

struct Result {
  Example outputs;
  /// Of the run alone, without moving data about.
  double seconds = 0;
};

class Engine {
public:
  explicit Engine(ModelInterface interface) : interface(std::move(interface)) {}
  virtual ~Engine() = default;

  const ModelInterface &getInterface() const { return interface; }

  /// Runs examples whose tensors have the shapes and types of the interface.
  virtual llvm::Expected<std::vector<Result>>
  run(llvm::ArrayRef<Example> examples) = 0;

  /// Of a model compiled with profile: ticks spent in each layer, over all
  /// runs so far.
  virtual std::vector<uint64_t> getTicks() { return {}; }

protected:
  ModelInterface interface;
};

} // namespace qopt

#endif // QOPT_EXECUTION_ENGINE_H
