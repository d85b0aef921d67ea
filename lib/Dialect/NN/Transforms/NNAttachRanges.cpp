// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Statistics become ranges of a float graph's tensors.

#include "AttributeNames.h"

#include "qopt/Dialect/NN/Transforms/Calibration.h"
#include "qopt/Dialect/NN/Transforms/Passes.h"
#include "qopt/Dialect/Quant/IR/Quant.h"
#include "qopt/Quantization/Recipe.h"
#include "qopt/Support/PassStatistics.h"

#include "llvm/ADT/StringMap.h"

namespace qopt::nn {
#define GEN_PASS_DEF_NNATTACHRANGESPASS
#include "qopt/Dialect/NN/Transforms/Passes.h.inc"
} // namespace qopt::nn

using namespace mlir;
using namespace qopt;
using namespace qopt::nn;
using llvm::createStringError;
using llvm::Expected;

void qopt::nn::setRange(Value value, calibration::Range range) {
  auto attribute =
      quant::RangeAttr::get(value.getContext(), range.min, range.max);
  if (auto argument = dyn_cast<BlockArgument>(value))
    cast<func::FuncOp>(argument.getOwner()->getParentOp())
        .setArgAttr(argument.getArgNumber(), rangeAttrName, attribute);
  else
    value.getDefiningOp()->setAttr(rangeAttrName, attribute);
}

Expected<int64_t>
qopt::nn::attachRanges(ModuleOp module,
                       const calibration::Statistics &statistics,
                       StringRef file, const RangeOptions &options) {
  auto main = module.lookupSymbol<func::FuncOp>("main");
  if (!main || main.isExternal())
    return createStringError("the module has no function 'main'");
  if (llvm::Error error =
          statistics.checkFingerprint(getFingerprint(module), file))
    return std::move(error);
  auto general = calibration::parseRangeEstimator(options.estimator);
  if (!general)
    return general.takeError();
  quantization::Recipe recipe;
  llvm::StringMap<calibration::RangeEstimator> estimators;
  for (const auto &[pattern, text] : options.overrides) {
    auto estimator = calibration::parseRangeEstimator(text);
    if (!estimator)
      return estimator.takeError();
    estimators.try_emplace(text, *estimator);
    quantization::RecipeRule &rule = recipe.rules.emplace_back();
    rule.layers = pattern;
    rule.choice.estimator = text;
  }

  llvm::StringMap<const calibration::TensorStatistics *> byName;
  for (const calibration::TensorStatistics &tensor : statistics.tensors)
    byName[tensor.name] = &tensor;
  llvm::SmallVector<NamedTensor> tensors = collectObservedTensors(main);
  for (const NamedTensor &tensor : tensors) {
    const calibration::TensorStatistics *found = byName.lookup(tensor.name);
    if (!found)
      return createStringError("'" + file + "' has no tensor '" + tensor.name +
                               "'; calibrate this model again");
    const calibration::RangeEstimator *estimator = &*general;
    if (!recipe.rules.empty())
      if (auto choice = recipe.choose(tensor.name).estimator)
        estimator = &estimators.find(*choice)->second;
    auto range = estimator->estimate(*found, options.request);
    if (!range)
      return range.takeError();
    setRange(tensor.value, *range);
  }
  return tensors.size();
}

namespace {
struct NNAttachRanges : nn::impl::NNAttachRangesPassBase<NNAttachRanges> {
  using NNAttachRangesPassBase::NNAttachRangesPassBase;

  void runOnOperation() override {
    auto attached = run();
    if (!attached) {
      getOperation().emitError(toString(attached.takeError()));
      return signalPassFailure();
    }
    recordStatistic(*this, "num-attached", *attached);
  }

private:
  Expected<int64_t> run() {
    if (statistics.empty())
      return createStringError("nn-attach-ranges needs a file of statistics: "
                               "nn-attach-ranges{statistics=FILE}");
    RangeOptions options;
    options.estimator = estimator;
    options.request.bits = bits;
    options.request.symmetric = symmetric;
    if (bits < 2 || bits > 16)
      return createStringError("bits is " + Twine(bits) + ", expected 2 to 16");
    for (const std::string &entry : overrides) {
      auto [pattern, name] = StringRef(entry).rsplit('=');
      if (pattern.empty() || name.empty())
        return createStringError("override is '" + entry +
                                 "', expected PATTERN=ESTIMATOR");
      options.overrides.emplace_back(pattern, name);
    }
    auto loaded = calibration::loadStatistics(statistics);
    if (!loaded)
      return loaded.takeError();
    return attachRanges(getOperation(), *loaded, statistics, options);
  }
};
} // namespace
