// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Runs a guest program in qemu. Inputs and outputs of all examples go through
// one pair of files, so that the emulator starts once a call.

#include "Engine.h"

#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Program.h"
#include <cstring>

using namespace llvm;
using namespace qoptrun;

namespace {
class EmulatedEngine : public Engine {
public:
  EmulatedEngine(qopt::ModelInterface interface, StringRef program,
                 qopt::ScratchDirectory scratch, std::string emulator)
      : Engine(std::move(interface)), scratch(std::move(scratch)),
        program(program), emulator(std::move(emulator)) {}

  Expected<std::vector<Result>> run(ArrayRef<Example> examples) override {
    std::string in = scratch.file("in"), out = scratch.file("out"),
                log = scratch.file("log");
    if (Error error = qopt::writeOutputFile(in, [&](raw_pwrite_stream &stream) {
          for (const Example &example : examples)
            for (const qopt::Tensor &tensor : example)
              stream.write(tensor.bytes.data(), tensor.bytes.size());
          return Error::success();
        }))
      return std::move(error);
    std::string message;
    int code = sys::ExecuteAndWait(
        emulator, {emulator, "-cpu", "max", program}, /*Env=*/std::nullopt,
        {StringRef(in), StringRef(out), StringRef(log)}, /*SecondsToWait=*/0,
        /*MemoryLimit=*/0, &message);
    if (code != 0) {
      if (auto text = MemoryBuffer::getFile(log))
        message += (*text)->getBuffer().str();
      return createStringError(
          formatv("the model failed in the emulator with code {0}{1}{2}", code,
                  message.empty() ? "" : ": ", message));
    }
    auto bytes = MemoryBuffer::getFile(out, /*IsText=*/false,
                                       /*RequiresNullTerminator=*/false);
    if (!bytes)
      return createStringError("the emulator left no output");
    return parse((*bytes)->getBuffer(), examples.size());
  }

  std::vector<uint64_t> getTicks() override { return ticks; }

private:
  Expected<std::vector<Result>> parse(StringRef bytes, size_t count) {
    auto take = [&](void *to, size_t size) {
      if (bytes.size() < size)
        return false;
      if (size > 0)
        memcpy(to, bytes.data(), size);
      bytes = bytes.drop_front(size);
      return true;
    };
    std::vector<Result> results;
    std::vector<uint64_t> counters(interface.layers.size());
    for (size_t i = 0; i < count; ++i) {
      Result &result = results.emplace_back();
      uint64_t nanoseconds = 0;
      bool complete = take(&nanoseconds, sizeof nanoseconds);
      result.seconds = nanoseconds * 1e-9;
      for (const qopt::TensorInterface &output : interface.outputs) {
        qopt::Tensor &tensor =
            result.outputs.emplace_back(output.kind, output.shape);
        complete = complete && take(tensor.bytes.data(), tensor.bytes.size());
      }
      complete = complete && take(counters.data(), 8 * counters.size());
      if (!complete)
        return createStringError("the emulator's output ends early");
    }
    if (!bytes.empty())
      return createStringError("the emulator's output is too long");
    // A program's counters start at zero.
    ticks.resize(counters.size());
    for (size_t i = 0; i < counters.size(); ++i)
      ticks[i] += counters[i];
    return std::move(results);
  }

  qopt::ScratchDirectory scratch;
  std::string program;
  std::string emulator;
  std::vector<uint64_t> ticks;
};
} // namespace

Expected<std::unique_ptr<Engine>>
qoptrun::createEmulatedEngine(qopt::ModelInterface interface, StringRef program,
                              qopt::ScratchDirectory scratch) {
  auto emulator = sys::findProgramByName("qemu-aarch64");
  if (!emulator)
    return createStringError("cannot find qemu-aarch64, which runs code for '" +
                             interface.target.triple +
                             "': install the package qemu-user");
  return std::make_unique<EmulatedEngine>(std::move(interface), program,
                                          std::move(scratch), *emulator);
}
