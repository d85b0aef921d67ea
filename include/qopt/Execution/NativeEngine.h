// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Runs a compiled model, a shared library, in this process.

#ifndef QOPT_EXECUTION_NATIVEENGINE_H
#define QOPT_EXECUTION_NATIVEENGINE_H

#include "qopt/CodeGen/OutputFile.h"
#include "qopt/Execution/Engine.h"
#include "qopt/Execution/GuardedBuffer.h"
#include "qopt/Execution/ThreadPool.h"

#include <memory>

namespace qopt {

class NativeEngine : public Engine {
public:
  /// Loads a library; the directory is kept as long as the engine.
  static llvm::Expected<std::unique_ptr<NativeEngine>>
  create(ModelInterface interface, llvm::StringRef library,
         ScratchDirectory scratch);
  ~NativeEngine() override;

  llvm::Expected<std::vector<Result>>
  run(llvm::ArrayRef<Example> examples) override;

  std::vector<uint64_t> getTicks() override;

  /// Has a model compiled with --threads run on a pool; without one it runs on
  /// the calling thread. Others do not mind.
  void setThreads(std::unique_ptr<ThreadPool> pool) {
    threads = std::move(pool);
  }

  /// Has the model run variant `index`, whatever it would choose itself.
  llvm::Error useVariant(size_t index);

  /// Runs one example and leaves the outputs where they are; returns the
  /// seconds that it took.
  llvm::Expected<double> runInPlace(llvm::ArrayRef<Tensor> inputs);

  /// The bytes of an output of the last run.
  const char *getOutput(size_t index) const {
    return pointers[interface.inputs.size() + index];
  }

private:
  using Entry = int(void *const *);
  /// Of models compiled with --threads.
  using ThreadedEntry = int(void *const *, ParallelFor *, void *);

  int callEntry();

  NativeEngine(ModelInterface interface, ScratchDirectory scratch)
      : Engine(std::move(interface)), scratch(std::move(scratch)) {}

  llvm::Error load(llvm::StringRef path);
  llvm::Error addBuffer(size_t size, size_t alignment);

  ScratchDirectory scratch;
  void *library = nullptr;
  void *entry = nullptr;
  uint64_t *ticks = nullptr;
  std::unique_ptr<ThreadPool> threads;
  std::vector<GuardedBuffer> buffers;
  /// Of the inputs, the outputs and the arena.
  std::vector<char *> pointers;
};

} // namespace qopt

#endif // QOPT_EXECUTION_NATIVEENGINE_H
