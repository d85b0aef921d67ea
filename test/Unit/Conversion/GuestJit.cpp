// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Programs for qemu-aarch64 through the compiler's own code generation.

#include "GuestJit.h"

#include "qopt/CodeGen/CodeGen.h"
#include "qopt/CodeGen/GuestProgram.h"
#include "qopt/CodeGen/Link.h"
#include "qopt/CodeGen/OutputFile.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Program.h"

using namespace mlir;
using namespace qopt;
using namespace qopt::test;

SmallVector<int64_t> qopt::test::wrapForGuest(ModuleOp module) {
  SmallVector<int64_t> sizes;
  SmallVector<func::FuncOp> functions;
  for (auto function : module.getOps<func::FuncOp>())
    if (function.isPublic())
      functions.push_back(function);
  assert(functions.size() == 1 && "the guest runs one public function");
  func::FuncOp function = functions.front();
  function.setName("under_test");
  function.setPrivate();

  SmallVector<Type> types;
  for (Type type : function.getArgumentTypes()) {
    auto memref = cast<MemRefType>(type);
    sizes.push_back(memref.getNumElements() * memref.getElementTypeBitWidth() /
                    8);
    types.push_back(type);
  }
  size_t count = types.size();
  types.append(function.getArgumentTypes().begin(),
               function.getArgumentTypes().end());
  OpBuilder builder = OpBuilder::atBlockEnd(module.getBody());
  Location loc = module.getLoc();
  types.push_back(MemRefType::get({64}, builder.getI8Type()));
  auto main = func::FuncOp::create(builder, loc, "main",
                                   builder.getFunctionType(types, {}));
  builder.setInsertionPointToStart(main.addEntryBlock());
  SmallVector<Value> copies;
  for (size_t i = 0; i < count; ++i) {
    copies.push_back(main.getArgument(count + i));
    memref::CopyOp::create(builder, loc, main.getArgument(i), copies.back());
  }
  func::CallOp::create(builder, loc, function, copies);
  func::ReturnOp::create(builder, loc);
  return sizes;
}

namespace {
class GuestJit : public Jit {
public:
  GuestJit(ScratchDirectory scratch, ArrayRef<int64_t> sizes)
      : scratch(std::move(scratch)), sizes(sizes) {}

  llvm::Error link(ModuleOp module, const JitLevel &level);
  llvm::Error run(ArrayRef<void *> arguments);

  bool call(StringRef, ArrayRef<void *> arguments) override {
    llvm::Error error = run(arguments);
    if (!error)
      return true;
    llvm::errs() << llvm::toString(std::move(error)) << "\n";
    return false;
  }

private:
  ScratchDirectory scratch;
  SmallVector<int64_t> sizes;
};
} // namespace

llvm::Error GuestJit::link(ModuleOp module, const JitLevel &level) {
  ModelInterface model;
  model.name = "test";
  model.target = resolveTarget(level.triple, "", level.features);
  for (int64_t size : sizes) {
    TensorInterface tensor;
    tensor.name = "argument";
    tensor.shape = {size};
    model.inputs.push_back(tensor);
    model.outputs.push_back(tensor);
  }
  auto machine = createTargetMachine(model.target);
  if (!machine)
    return machine.takeError();
  llvm::LLVMContext context;
  auto translated = translateModule(module, context, **machine);
  if (!translated)
    return llvm::createStringError("the module has no translation to LLVM IR");
  if (llvm::Error error = addEntryPoint(*translated, model))
    return error;
  optimizeModule(*translated, **machine);
  auto guest = makeGuestProgram(model, context, **machine);
  if (!guest)
    return guest.takeError();
  std::vector<std::string> objects;
  for (llvm::Module *part : {translated.get(), guest->get()}) {
    objects.push_back(scratch.file(objects.empty() ? "model.o" : "guest.o"));
    auto write = [&](llvm::raw_pwrite_stream &out) {
      return emitFile(*part, **machine, FileKind::Object, out);
    };
    if (llvm::Error error = writeOutputFile(objects.back(), write))
      return error;
  }
  return linkProgram(objects, scratch.file("program"));
}

llvm::Error GuestJit::run(ArrayRef<void *> arguments) {
  std::string in = scratch.file("in"), out = scratch.file("out");
  auto write = [&](llvm::raw_pwrite_stream &stream) {
    for (auto [argument, size] : llvm::zip_equal(arguments, sizes))
      stream.write(static_cast<char *>(argument), size);
    return llvm::Error::success();
  };
  if (llvm::Error error = writeOutputFile(in, write))
    return error;
  auto emulator = llvm::sys::findProgramByName("qemu-aarch64");
  if (!emulator)
    return llvm::createStringError("no qemu-aarch64 on the path");
  std::string program = scratch.file("program");
  int code = llvm::sys::ExecuteAndWait(
      *emulator, {*emulator, "-cpu", "max", program}, /*Env=*/std::nullopt,
      {StringRef(in), StringRef(out), StringRef("")});
  if (code != 0)
    return llvm::createStringError("the emulator ended with code %d", code);
  auto bytes = llvm::MemoryBuffer::getFile(out);
  if (!bytes)
    return llvm::createStringError("the emulator left no output");
  // The elapsed time comes first.
  StringRef rest = (*bytes)->getBuffer().drop_front(8);
  for (auto [argument, size] : llvm::zip_equal(arguments, sizes)) {
    if (rest.size() < static_cast<size_t>(size))
      return llvm::createStringError("the emulator's output ends early");
    if (size)
      std::memcpy(argument, rest.data(), size);
    rest = rest.drop_front(size);
  }
  return llvm::Error::success();
}

std::unique_ptr<Jit> qopt::test::compileForGuest(ModuleOp module,
                                                 const JitLevel &level,
                                                 ArrayRef<int64_t> sizes) {
  auto scratch = ScratchDirectory::create();
  if (!scratch) {
    llvm::errs() << llvm::toString(scratch.takeError()) << "\n";
    return nullptr;
  }
  auto jit = std::make_unique<GuestJit>(std::move(*scratch), sizes);
  if (llvm::Error error = jit->link(module, level)) {
    llvm::errs() << llvm::toString(std::move(error)) << "\n";
    return nullptr;
  }
  return jit;
}
