// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Compiles models and takes compiled ones as they are.

#include "OpenModel.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "qopt/CodeGen/GuestProgram.h"
#include "qopt/CodeGen/Link.h"
#include "qopt/CodeGen/Manifest.h"
#include "qopt/Execution/NativeEngine.h"
#include "llvm/BinaryFormat/Magic.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/TargetParser/Host.h"
#include "llvm/TargetParser/Triple.h"

using namespace llvm;
using namespace qoptrun;

/// Makes the result of every op that computes something an additional result
/// of `main`. Must happen before any pass moves or merges ops.
static std::vector<LayerTensor> exposeLayers(mlir::ModuleOp module) {
  std::vector<LayerTensor> layers;
  auto main = module.lookupSymbol<mlir::func::FuncOp>("main");
  if (!main || main.isExternal())
    return layers;
  mlir::Operation *terminator = main.getBody().back().getTerminator();
  mlir::Builder builder(module.getContext());
  SmallVector<mlir::Value> results(terminator->getOperands());
  SmallVector<mlir::Type> types(main.getResultTypes());
  SmallVector<mlir::DictionaryAttr> attributes;
  for (unsigned i = 0; i < types.size(); ++i)
    attributes.push_back(main.getResultAttrDict(i)
                             ? main.getResultAttrDict(i)
                             : builder.getDictionaryAttr({}));
  for (mlir::Operation &op : main.getBody().front().without_terminator()) {
    auto name = op.getLoc()->findInstanceOf<mlir::NameLoc>();
    // Constants have no operands; they cannot be wrong by themselves.
    if (!name || op.getNumOperands() == 0 || op.getNumResults() != 1)
      continue;
    mlir::Value value = op.getResult(0);
    if (!isa<mlir::RankedTensorType>(value.getType()))
      continue;
    results.push_back(value);
    types.push_back(value.getType());
    attributes.push_back(builder.getDictionaryAttr(
        builder.getNamedAttr("nn.name", name.getName())));
    layers.push_back({name.getName().str(), op.getName().getStringRef().str()});
  }
  terminator->setOperands(results);
  main.setFunctionType(builder.getFunctionType(main.getArgumentTypes(), types));
  main.setAllResultAttrs(attributes);
  return layers;
}

/// The number of the variant that was asked for, if this machine can run it.
static Expected<size_t> findVariant(const Options &options,
                                    const qopt::ModelInterface &interface) {
  std::string known;
  for (auto [index, variant] : enumerate(interface.variants)) {
    known += (known.empty() ? "" : ", ") + variant.name;
    if (variant.name != options.variant)
      continue;
    auto machine = qopt::createTargetMachine(variant.target);
    if (!machine)
      return machine.takeError();
    if (Error error = qopt::checkHostCanRun(**machine))
      return std::move(error);
    return index;
  }
  return createStringError("'" + options.model + "' has no variant '" +
                           options.variant + "', it has " +
                           (known.empty() ? "none" : known));
}

/// Loads a library, with the threads and the variant that were asked for.
static Expected<std::unique_ptr<Engine>>
createEngine(const Options &options, qopt::ModelInterface interface,
             StringRef library, qopt::ScratchDirectory scratch) {
  if (options.threads > 0 && interface.threads == 0)
    return createStringError("'" + options.model +
                             "' was compiled for one "
                             "thread, compile it with qoptc --threads");
  size_t variant = 0;
  if (!options.variant.empty()) {
    auto found = findVariant(options, interface);
    if (!found)
      return found.takeError();
    variant = *found;
  }
  auto engine = qopt::NativeEngine::create(std::move(interface), library,
                                           std::move(scratch));
  if (!engine)
    return engine.takeError();
  if (!options.variant.empty())
    if (Error error = (*engine)->useVariant(variant))
      return std::move(error);
  if (options.threads > 0)
    (*engine)->setThreads(std::make_unique<qopt::ThreadPool>(
        options.threads, options.reverseBodies));
  return std::move(*engine);
}

static Expected<std::unique_ptr<Engine>>
openArtefact(const Options &options, MemoryBufferRef file, bool isObject) {
  auto interface = qopt::readEmbeddedManifest(file);
  if (!interface)
    return interface.takeError();
  if (options.engine == EngineKind::Reference || options.layers)
    return createStringError("a compiled model has no operators left to "
                             "interpret or compare, give the model file");
  if (options.profile && interface->layers.empty())
    return createStringError("this artefact has no timers, give --profile the "
                             "model file");
  auto machine = qopt::createTargetMachine(interface->target);
  if (!machine)
    return machine.takeError();
  auto scratch = qopt::ScratchDirectory::create();
  if (!scratch)
    return scratch.takeError();
  std::string result = scratch->file("model");
  Triple host(sys::getDefaultTargetTriple());
  if ((*machine)->getTargetTriple().getArch() == host.getArch()) {
    if (Error error = qopt::checkHostCanRun(**machine))
      return std::move(error);
    if (isObject)
      if (Error error = qopt::linkSharedLibrary({options.model}, result))
        return std::move(error);
    SmallString<128> path;
    // Without a slash the loader would search its own folders.
    if (Error error = errorCodeToError(sys::fs::real_path(options.model, path)))
      return std::move(error);
    return createEngine(options, std::move(*interface),
                        isObject ? result : path.str().str(),
                        std::move(*scratch));
  }
  if (!interface->target.isAArch64())
    return createStringError("cannot run code for '" +
                             interface->target.triple + "' on this machine");
  if (!isObject)
    return createStringError("cannot run a shared library for '" +
                             interface->target.triple +
                             "' on this machine, give the object (.o)");
  LLVMContext context;
  auto guest = qopt::makeGuestProgram(*interface, context, **machine);
  if (!guest)
    return guest.takeError();
  std::string guestObject = scratch->file("guest.o");
  if (Error error =
          qopt::writeOutputFile(guestObject, [&](raw_pwrite_stream &out) {
            return qopt::emitFile(**guest, **machine, qopt::FileKind::Object,
                                  out);
          }))
    return std::move(error);
  if (Error error = qopt::linkProgram({options.model, guestObject}, result))
    return std::move(error);
  return createEmulatedEngine(std::move(*interface), result,
                              std::move(*scratch));
}

static Expected<std::unique_ptr<Engine>> compileModel(const Options &options,
                                                      mlir::ModuleOp module) {
  qopt::PhaseTimes times;
  auto compiler = qopt::Compiler::create(module, options.compile, times);
  if (!compiler)
    return compiler.takeError();
  if (!options.emulate)
    if (Error error = qopt::checkHostCanRun((*compiler)->getTargetMachine()))
      return std::move(error);
  auto scratch = qopt::ScratchDirectory::create();
  if (!scratch)
    return scratch.takeError();
  std::string path = scratch->file("model");
  if (Error error = (*compiler)->generateCode())
    return std::move(error);
  if (options.emulate) {
    if (!options.compile.target.isAArch64())
      return createStringError("cannot run code for '" +
                               options.compile.target.triple +
                               "' on this machine");
    if (Error error = (*compiler)->emitGuestProgram(path))
      return std::move(error);
    return createEmulatedEngine((*compiler)->getInterface(), path,
                                std::move(*scratch));
  }
  if (Error error = (*compiler)->emitSharedLibrary(path))
    return std::move(error);
  return createEngine(options, (*compiler)->getInterface(), path,
                      std::move(*scratch));
}

Expected<OpenedModel> qoptrun::openModel(const Options &options,
                                         mlir::MLIRContext &context) {
  OpenedModel opened;
  file_magic magic;
  if (options.model != "-")
    if (std::error_code code = identify_magic(options.model, magic))
      return createStringError(code, "cannot read '" + options.model +
                                         "': " + code.message());
  if (magic == file_magic::elf_relocatable ||
      magic == file_magic::elf_shared_object) {
    auto file = MemoryBuffer::getFile(options.model, /*IsText=*/false,
                                      /*RequiresNullTerminator=*/false);
    if (!file)
      return createStringError(file.getError(),
                               "cannot read '" + options.model +
                                   "': " + file.getError().message());
    auto engine = openArtefact(options, (*file)->getMemBufferRef(),
                               magic == file_magic::elf_relocatable);
    if (!engine)
      return engine.takeError();
    opened.engine = std::move(*engine);
    return std::move(opened);
  }
  auto module = qopt::loadModel(options.model, context);
  if (!module)
    return module.takeError();
  opened.module = std::move(*module);
  if (options.layers)
    opened.layers = exposeLayers(*opened.module);
  auto engine = [&]() -> Expected<std::unique_ptr<Engine>> {
    if (options.engine == EngineKind::Compiled)
      return compileModel(options, *opened.module);
    auto interface = qopt::describeModel(*opened.module);
    if (!interface)
      return interface.takeError();
    interface->name = "model";
    return createReferenceEngine(std::move(*interface), *opened.module);
  }();
  if (!engine)
    return engine.takeError();
  opened.engine = std::move(*engine);
  return std::move(opened);
}
