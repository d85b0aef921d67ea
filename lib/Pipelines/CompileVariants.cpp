// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Code for several CPUs: what does not depend on the CPU is done once, then a
// copy of the module goes its own way for each.

#include "qopt/CodeGen/TilePermission.h"
#include "qopt/Pipelines/Compiler.h"

using namespace llvm;
using namespace qopt;

/// What the functions of a variant's kernels are called beside the others'.
static std::string nameFunction(StringRef name, size_t variant) {
  return (name + "." + Twine(variant)).str();
}

Error Compiler::planVariants() {
  if (Error error = runPhases(Phase::Integer))
    return error;
  for (const VariantInterface &variant : options.variants) {
    VariantState &state = variants.emplace_back();
    state.module = module.clone();
    CompileOptions own = options;
    own.variants.clear();
    own.quantize.reset();
    own.target = variant.target;
    own.shareWeights = options.variants.size() > 1;
    // What this machine cannot run it cannot measure.
    if (own.tuneSeconds > 0) {
      auto machine = createTargetMachine(own.target);
      if (!machine)
        return machine.takeError();
      if (Error error = checkHostCanRun(**machine)) {
        consumeError(std::move(error));
        own.tuneSeconds = 0;
      }
    }
    auto compiler = Compiler::create(*state.module, own, times);
    if (!compiler)
      return compiler.takeError();
    state.compiler = std::move(*compiler);
    if (Error error = state.compiler->planMemory())
      return error;
    const ModelInterface &planned = state.compiler->getInterface();
    interface.arenaSize = std::max(interface.arenaSize, planned.arenaSize);
    interface.threads = planned.threads;
    for (const BandExplanation &chains : state.compiler->getBands())
      bands.push_back({variant.name, chains.notes});
  }
  collectLayers();
  return Error::success();
}

void Compiler::collectLayers() {
  layers.clear();
  for (auto [index, variant] : enumerate(options.variants))
    for (LayerExplanation layer : variants[index].compiler->getExplanation()) {
      layer.variant = variant.name;
      layer.function = nameFunction(layer.function, index);
      layers.push_back(std::move(layer));
    }
}

Error Compiler::translateVariants() {
  std::vector<FeatureWords> required;
  std::vector<bool> asksForTiles;
  for (auto [index, state] : enumerate(variants)) {
    auto translated = state.compiler->translate(llvmContext);
    if (!translated)
      return translated.takeError();
    Function *body = (*translated)->getFunction("main");
    if (!body)
      return createStringError("the module has no function 'main' to compile");
    for (Function &function : **translated)
      if (function.hasLocalLinkage())
        function.setName(nameFunction(function.getName(), index));
    // Seen by the linker until all variants are one module.
    body->setName(interface.name + ".body." + Twine(index));
    body->setLinkage(GlobalValue::ExternalLinkage);
    body->addFnAttr(Attribute::NoInline);
    auto words = getRequiredFeatures(*state.compiler->machine);
    if (!words)
      return words.takeError();
    required.push_back(*words);
    asksForTiles.push_back(mustAskForTiles(**translated));
    if (!llvmModule)
      llvmModule = std::move(*translated);
    else if (Error error = linkModule(*llvmModule, std::move(*translated)))
      return error;
  }
  collectLayers();
  std::vector<CodeVariant> choices;
  for (auto [index, words] : enumerate(required))
    choices.push_back({llvmModule->getFunction(
                           (interface.name + ".body." + Twine(index)).str()),
                       words, asksForTiles[index]});
  allowMerging(*llvmModule);
  return addEntryPoint(*llvmModule, interface, choices);
}
