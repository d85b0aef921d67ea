// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// See ModelRunner.h.

#include "ModelRunner.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/IRMapping.h"
#include "qopt/Pipelines/Compiler.h"

#include <dlfcn.h>

using namespace llvm;
using namespace qopt;

/// Makes values of the original results of the copy.
static Error watch(mlir::func::FuncOp copy, const mlir::IRMapping &mapping,
                   ArrayRef<mlir::Value> watched) {
  mlir::Operation *terminator = copy.getBody().back().getTerminator();
  SmallVector<mlir::Value> results(terminator->getOperands());
  SmallVector<mlir::Type> types(copy.getResultTypes());
  SmallVector<mlir::DictionaryAttr> attributes;
  for (unsigned i = 0; i < types.size(); ++i)
    attributes.push_back(mlir::DictionaryAttr::get(copy.getContext()));
  for (mlir::Value value : watched) {
    mlir::Value twin = mapping.lookupOrNull(value);
    if (!twin)
      return createStringError("a value to be watched is not in 'main'");
    results.push_back(twin);
    types.push_back(twin.getType());
    attributes.push_back(mlir::DictionaryAttr::get(copy.getContext()));
  }
  terminator->setOperands(results);
  copy.setFunctionType(mlir::FunctionType::get(copy.getContext(),
                                               copy.getArgumentTypes(), types));
  copy.setAllResultAttrs(attributes);
  return Error::success();
}

static constexpr size_t alignment = 64;

static void *align(std::vector<char> &buffer) {
  auto address = reinterpret_cast<uintptr_t>(buffer.data());
  return buffer.data() + (alignment - address % alignment) % alignment;
}

Expected<std::unique_ptr<ModelRunner>>
ModelRunner::create(mlir::ModuleOp module, ArrayRef<mlir::Value> watched) {
  mlir::IRMapping mapping;
  mlir::OwningOpRef<mlir::ModuleOp> copy(
      cast<mlir::ModuleOp>(module->clone(mapping)));
  auto main = copy->lookupSymbol<mlir::func::FuncOp>("main");
  if (!main)
    return createStringError("the module has no function 'main'");
  if (Error error = watch(main, mapping, watched))
    return std::move(error);

  CompileOptions options;
  options.name = "observed";
  options.target = resolveTarget("", "", "");
  PhaseTimes times;
  auto compiler = Compiler::create(*copy, options, times);
  if (!compiler)
    return compiler.takeError();
  if (Error error = (*compiler)->generateCode())
    return std::move(error);
  auto scratch = ScratchDirectory::create();
  if (!scratch)
    return scratch.takeError();
  std::unique_ptr<ModelRunner> runner(new ModelRunner(std::move(*scratch)));
  std::string path = runner->scratch.file("observed.so");
  if (Error error = (*compiler)->emitSharedLibrary(path))
    return std::move(error);
  runner->interface = (*compiler)->getInterface();

  runner->library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!runner->library)
    return createStringError("cannot load the library: " + Twine(dlerror()));
  runner->entry =
      reinterpret_cast<Entry *>(dlsym(runner->library, "observed_run_buffers"));
  if (!runner->entry)
    return createStringError("the library has no function "
                             "'observed_run_buffers'");
  auto addBuffer = [&](size_t size) {
    runner->buffers.emplace_back(size + 2 * alignment);
    runner->pointers.push_back(align(runner->buffers.back()));
  };
  for (const TensorInterface &tensor : runner->interface.inputs)
    addBuffer(tensor.getByteSize());
  for (const TensorInterface &tensor : runner->interface.outputs) {
    addBuffer(tensor.getByteSize());
    runner->results.emplace_back(tensor.kind, tensor.shape);
  }
  addBuffer(runner->interface.arenaSize);
  return std::move(runner);
}

ModelRunner::~ModelRunner() {
  if (library)
    dlclose(library);
}

Expected<ArrayRef<Tensor>> ModelRunner::run(ArrayRef<Tensor> inputs) {
  if (inputs.size() != interface.inputs.size())
    return createStringError("the model has " + Twine(interface.inputs.size()) +
                             " inputs, found " + Twine(inputs.size()));
  for (auto [index, input] : enumerate(inputs)) {
    const TensorInterface &expected = interface.inputs[index];
    if (input.kind != expected.kind ||
        input.getNumElements() != expected.getNumElements())
      return createStringError(
          "input " + Twine(index) + " is " + input.describeType() +
          ", expected " + Tensor(expected.kind, expected.shape).describeType());
    std::copy(input.bytes.begin(), input.bytes.end(),
              static_cast<char *>(pointers[index]));
  }
  if (int code = entry(pointers.data()))
    return createStringError("the model returned " + Twine(code));
  for (auto [index, result] : enumerate(results))
    std::copy_n(static_cast<char *>(pointers[inputs.size() + index]),
                result.bytes.size(), result.bytes.begin());
  return ArrayRef<Tensor>(results);
}
