// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Runs a shared library in this process.

#include "qopt/Execution/NativeEngine.h"

#include <chrono>
#include <cstring>
#include <dlfcn.h>

using namespace llvm;
using namespace qopt;

NativeEngine::~NativeEngine() {
  if (library)
    dlclose(library);
}

Error NativeEngine::load(StringRef path) {
  library = dlopen(path.str().c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!library)
    return createStringError("cannot load the library: " + Twine(dlerror()));
  std::string symbol = interface.name + "_run_buffers";
  entry = dlsym(library, symbol.c_str());
  if (!entry)
    return createStringError("the library has no function '" + symbol + "'");
  if (!interface.layers.empty()) {
    symbol = interface.name + "_profile_ticks";
    ticks = static_cast<uint64_t *>(dlsym(library, symbol.c_str()));
    if (!ticks)
      return createStringError("the library has no counters '" + symbol + "'");
  }
  for (auto *tensors : {&interface.inputs, &interface.outputs})
    for (const TensorInterface &tensor : *tensors)
      // Cache lines' alignment, as an embedder would choose for speed; the
      // code itself asks for the element's.
      if (Error error = addBuffer(tensor.getByteSize(), 64))
        return error;
  return addBuffer(interface.arenaSize, interface.arenaAlign);
}

Error NativeEngine::addBuffer(size_t size, size_t alignment) {
  auto buffer = GuardedBuffer::create(size, alignment);
  if (!buffer)
    return buffer.takeError();
  pointers.push_back(buffer->data());
  buffers.push_back(std::move(*buffer));
  return Error::success();
}

Error NativeEngine::useVariant(size_t index) {
  std::string symbol = (interface.name + "_run_buffers." + Twine(index)).str();
  entry = dlsym(library, symbol.c_str());
  if (!entry)
    return createStringError("the library has no function '" + symbol + "'");
  return Error::success();
}

int NativeEngine::callEntry() {
  auto *buffers = reinterpret_cast<void *const *>(pointers.data());
  if (interface.threads == 0)
    return reinterpret_cast<Entry *>(entry)(buffers);
  return reinterpret_cast<ThreadedEntry *>(entry)(
      buffers, threads ? ThreadPool::parallelFor : nullptr, threads.get());
}

Expected<double> NativeEngine::runInPlace(ArrayRef<Tensor> inputs) {
  using Clock = std::chrono::steady_clock;
  for (auto [index, tensor] : enumerate(inputs))
    if (!tensor.bytes.empty())
      memcpy(pointers[index], tensor.bytes.data(), tensor.bytes.size());
  auto start = Clock::now();
  int code = callEntry();
  std::chrono::duration<double> time = Clock::now() - start;
  if (code != 0)
    return createStringError("'" + interface.name + "_run' returned " +
                             Twine(code));
  return time.count();
}

Expected<std::vector<Result>> NativeEngine::run(ArrayRef<Example> examples) {
  std::vector<Result> results;
  for (const Example &example : examples) {
    auto seconds = runInPlace(example);
    if (!seconds)
      return seconds.takeError();
    Result &result = results.emplace_back();
    result.seconds = *seconds;
    for (auto [index, output] : enumerate(interface.outputs)) {
      Tensor &tensor = result.outputs.emplace_back(output.kind, output.shape);
      if (!tensor.bytes.empty())
        memcpy(tensor.bytes.data(), getOutput(index), tensor.bytes.size());
    }
  }
  return std::move(results);
}

std::vector<uint64_t> NativeEngine::getTicks() {
  if (!ticks)
    return {};
  return std::vector<uint64_t>(ticks, ticks + interface.layers.size());
}

Expected<std::unique_ptr<NativeEngine>>
NativeEngine::create(ModelInterface interface, StringRef library,
                     ScratchDirectory scratch) {
  std::unique_ptr<NativeEngine> engine(
      new NativeEngine(std::move(interface), std::move(scratch)));
  if (Error error = engine->load(library))
    return std::move(error);
  return std::move(engine);
}
