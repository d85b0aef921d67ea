// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Runs a shared library in this process.

#include "Buffers.h"
#include "Engine.h"

#include <chrono>
#include <cstring>
#include <dlfcn.h>

using namespace llvm;
using namespace qoptrun;

namespace {
class NativeEngine : public Engine {
public:
  using Clock = std::chrono::steady_clock;

  NativeEngine(qopt::ModelInterface interface, qopt::ScratchDirectory scratch)
      : Engine(std::move(interface)), scratch(std::move(scratch)) {}
  ~NativeEngine() override {
    if (library)
      dlclose(library);
  }

  Error load(StringRef path) {
    library = dlopen(path.str().c_str(), RTLD_NOW | RTLD_LOCAL);
    if (!library)
      return createStringError("cannot load the library: " + Twine(dlerror()));
    std::string symbol = interface.name + "_run_buffers";
    entry = reinterpret_cast<Entry *>(dlsym(library, symbol.c_str()));
    if (!entry)
      return createStringError("the library has no function '" + symbol + "'");
    if (!interface.layers.empty()) {
      symbol = interface.name + "_profile_ticks";
      ticks = static_cast<uint64_t *>(dlsym(library, symbol.c_str()));
      if (!ticks)
        return createStringError("the library has no counters '" + symbol +
                                 "'");
    }
    for (auto *tensors : {&interface.inputs, &interface.outputs})
      for (const qopt::TensorInterface &tensor : *tensors)
        // Cache lines' alignment, as an embedder would choose for speed; the
        // code itself asks for the element's.
        if (Error error = addBuffer(tensor.getByteSize(), 64))
          return error;
    return addBuffer(interface.arenaSize, interface.arenaAlign);
  }

  Expected<std::vector<Result>> run(ArrayRef<Example> examples) override {
    std::vector<Result> results;
    for (const Example &example : examples) {
      for (auto [index, tensor] : enumerate(example))
        copy(pointers[index], tensor.bytes);
      auto start = Clock::now();
      int code = entry(pointers.data());
      std::chrono::duration<double> time = Clock::now() - start;
      if (code != 0)
        return createStringError("'" + interface.name + "_run' returned " +
                                 Twine(code));
      Result &result = results.emplace_back();
      result.seconds = time.count();
      for (auto [index, output] : enumerate(interface.outputs)) {
        qopt::Tensor &tensor =
            result.outputs.emplace_back(output.kind, output.shape);
        if (!tensor.bytes.empty())
          memcpy(tensor.bytes.data(), pointers[interface.inputs.size() + index],
                 tensor.bytes.size());
      }
    }
    return std::move(results);
  }

  std::vector<uint64_t> getTicks() override {
    if (!ticks)
      return {};
    return std::vector<uint64_t>(ticks, ticks + interface.layers.size());
  }

private:
  using Entry = int(void *const *);

  static void copy(void *to, const std::vector<char> &bytes) {
    if (!bytes.empty())
      memcpy(to, bytes.data(), bytes.size());
  }

  Error addBuffer(size_t size, size_t alignment) {
    auto buffer = GuardedBuffer::create(size, alignment);
    if (!buffer)
      return buffer.takeError();
    pointers.push_back(buffer->data());
    buffers.push_back(std::move(*buffer));
    return Error::success();
  }

  qopt::ScratchDirectory scratch;
  void *library = nullptr;
  Entry *entry = nullptr;
  uint64_t *ticks = nullptr;
  std::vector<GuardedBuffer> buffers;
  std::vector<void *> pointers;
};
} // namespace

Expected<std::unique_ptr<Engine>>
qoptrun::createNativeEngine(qopt::ModelInterface interface, StringRef library,
                            qopt::ScratchDirectory scratch) {
  auto engine =
      std::make_unique<NativeEngine>(std::move(interface), std::move(scratch));
  if (Error error = engine->load(library))
    return std::move(error);
  return std::move(engine);
}
