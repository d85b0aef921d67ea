// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// First one estimator for all tensors, then coordinate descent: tensor after
// tensor gets the rule with the least noise in the model's outputs. A rule is
// always judged on samples that its range was not made of, and a change must
// gain more than chance would.

#include "RangeSearch.h"

#include "QuantizationTarget.h"

#include "qopt/Dialect/NN/Transforms/Calibration.h"
#include "qopt/Quantization/Recipe.h"
#include "llvm/Support/FormatVariadic.h"

using namespace llvm;
using namespace qopt;
using calibration::Range;
using calibration::Statistics;
using mlir::ModuleOp;

/// What `auto` tries; the first is taken where nothing can be tried.
static const char *const candidates[] = {"mse",
                                         "minmax",
                                         "percentile:99.999",
                                         "percentile:99.99",
                                         "percentile:99.9",
                                         "aciq",
                                         "kl"};

/// The search ends after about as many multiply-adds.
static constexpr double budget = 0.6e12;
static constexpr int maxSweeps = 2;

Statistics Observations::merge() const {
  Statistics merged = halves[0];
  for (auto [mine, theirs] : zip_equal(merged.tensors, halves[1].tensors))
    mine.add(theirs);
  merged.numSamples += halves[1].numSamples;
  return merged;
}

/// How most activations will be stored. What a profile says of single kinds of
/// ops hardly changes where a range is best cut.
static Expected<calibration::RangeRequest>
getRequest(const QuantizeOptions &options) {
  auto target = QuantizationTarget::load(options);
  if (!target)
    return target.takeError();
  calibration::RangeRequest request;
  request.bits = std::min(target->scheme.activationBits, 16u);
  for (const quantization::TensorForm &form : target->profile.activations)
    if (form.bits == request.bits) {
      request.isSigned = form.isSigned;
      request.symmetric = form.symmetric;
      break;
    }
  return request;
}

Expected<RangeSearch> RangeSearch::create(ModuleOp module,
                                          const Observations &observations,
                                          const QuantizeOptions &options,
                                          StringRef estimator) {
  Statistics merged = observations.merge();
  // A single sample makes one half only.
  auto getHalf = [&](size_t half) {
    const Statistics &own = observations.halves[half];
    return own.numSamples == 0 ? &merged : &own;
  };
  return create(module, {getHalf(0), getHalf(1), &merged}, options, estimator);
}

Expected<RangeSearch> RangeSearch::create(ModuleOp module,
                                          const Statistics &statistics,
                                          const QuantizeOptions &options,
                                          StringRef estimator) {
  if (Error error = statistics.checkFingerprint(nn::getFingerprint(module),
                                                options.statistics))
    return std::move(error);
  auto observed = nn::collectObservedTensors(
      module.lookupSymbol<mlir::func::FuncOp>("main"));
  for (auto [index, tensor] : enumerate(observed))
    if (index >= statistics.tensors.size() ||
        statistics.tensors[index].name != tensor.name)
      return createStringError("'" + options.statistics + "' has no tensor '" +
                               tensor.name + "'; calibrate this model again");
  return create(module, {&statistics, &statistics, &statistics}, options,
                estimator);
}

Expected<RangeSearch>
RangeSearch::create(ModuleOp module, std::array<const Statistics *, 3> sources,
                    const QuantizeOptions &options, StringRef estimator) {
  RangeSearch search;
  search.module = module;
  search.showProgress = options.progress;
  search.reader = std::make_shared<ParameterReader>(module, options);
  auto request = getRequest(options);
  if (!request)
    return request.takeError();
  // With 16 bits a step is so fine that to cut anything off never pays.
  if (estimator == "auto" && request->bits > 8)
    search.names.push_back("minmax");
  else if (estimator == "auto")
    search.names.assign(std::begin(candidates), std::end(candidates));
  else
    search.names.push_back(estimator.str());
  search.numGeneral = search.names.size();

  quantization::Recipe recipe;
  if (!options.recipe.empty()) {
    auto loaded = quantization::loadRecipe(options.recipe);
    if (!loaded)
      return loaded.takeError();
    recipe = std::move(*loaded);
  }
  for (const calibration::TensorStatistics &tensor : sources[all]->tensors) {
    RangeRule &rule = search.rules.emplace_back();
    auto own = recipe.rules.empty() ? std::nullopt
                                    : recipe.choose(tensor.name).estimator;
    search.isFixed.push_back(own.has_value());
    if (!own)
      continue;
    rule.estimator = find(search.names, *own) - search.names.begin();
    if (rule.estimator == search.names.size())
      search.names.push_back(*own);
  }
  for (auto [source, table] : zip_equal(sources, search.ranges)) {
    for (StringRef name : search.names) {
      auto parsed = calibration::parseRangeEstimator(name);
      if (!parsed)
        return parsed.takeError();
      std::vector<Range> &own = table.emplace_back();
      for (const calibration::TensorStatistics &tensor : source->tensors) {
        auto range = parsed->estimate(tensor, *request);
        if (!range)
          return range.takeError();
        own.push_back(*range);
      }
    }
  }
  return std::move(search);
}

Range RangeSearch::getRange(Source source, size_t tensor,
                            const RangeRule &rule) const {
  Range range = ranges[source][rule.estimator][tensor];
  return {range.min * rule.low, range.max * rule.high};
}

Expected<std::array<Parameters, 2>>
RangeSearch::readParameters(ArrayRef<RangeRule> wanted) {
  std::array<Parameters, 2> found;
  for (size_t half : {0, 1}) {
    std::vector<Range> own;
    for (auto [tensor, rule] : enumerate(wanted))
      own.push_back(getRange(half, tensor, rule));
    auto read = reader->read(own);
    if (!read)
      return read.takeError();
    found[half] = std::move(*read);
  }
  return found;
}

Error RangeSearch::chooseEstimator(SimulationTrial &trial) {
  double least = std::numeric_limits<double>::infinity();
  std::vector<RangeRule> best;
  for (size_t index = 0; index < numGeneral; ++index) {
    std::vector<RangeRule> wanted = rules;
    for (auto [rule, fixed] : zip_equal(wanted, isFixed))
      if (!fixed)
        rule = {index};
    auto found = readParameters(wanted);
    if (!found)
      return found.takeError();
    auto measured = trial.run(*found);
    if (!measured)
      return measured.takeError();
    spent += trial.getCost() * static_cast<int64_t>(measured->size());
    if (showProgress)
      errs() << formatv("  estimator {0}: {1:f2} dB\n", names[index],
                        getRatio(*measured));
    if (getTotal(*measured) >= least)
      continue;
    least = getTotal(*measured);
    best = wanted;
    general = index;
    noise = std::move(*measured);
    parameters = std::move(*found);
  }
  rules = std::move(best);
  return Error::success();
}

Expected<Noise> RangeSearch::measure(SimulationTrial &trial) {
  return trial.run(parameters);
}

/// Gives a tensor another rule if that is clearly better.
Expected<bool> RangeSearch::tryRule(SimulationTrial &trial, size_t tensor,
                                    RangeRule rule) {
  std::vector<RangeRule> wanted = rules;
  wanted[tensor] = rule;
  auto found = readParameters(wanted);
  if (!found)
    return found.takeError();
  if (*found == parameters || (*found)[0].size() != parameters[0].size() ||
      (*found)[1].size() != parameters[1].size())
    return false;
  auto measured = trial.run(*found, &noise);
  if (!measured)
    return measured.takeError();
  spent += trial.getCost() * static_cast<int64_t>(noise.size()) / 2;
  if (measured->empty() || !isClearlyLess(*measured, noise))
    return false;
  rules = std::move(wanted);
  parameters = std::move(*found);
  noise = std::move(*measured);
  return true;
}

Error RangeSearch::refine(SimulationTrial &trial) {
  // So few samples prove nothing about single tensors.
  if (numGeneral == 1 || noise.size() < 8)
    return Error::success();
  for (int sweep = 0; sweep < maxSweeps; ++sweep) {
    bool changed = false;
    for (size_t tensor = 0; tensor < rules.size(); ++tensor) {
      if (isFixed[tensor])
        continue;
      if (static_cast<double>(spent) > budget) {
        if (showProgress)
          errs() << "  the search ends here for this model's size\n";
        return Error::success();
      }
      if (showProgress)
        errs() << formatv("  ranges, round {0}, tensor {1} of {2}: {3:f2} dB\n",
                          sweep + 1, tensor + 1, rules.size(), getRatio(noise));
      std::vector<RangeRule> wanted;
      for (size_t estimator = 0; estimator < numGeneral; ++estimator)
        if (estimator != rules[tensor].estimator)
          wanted.push_back({estimator});
      for (const RangeRule &rule : wanted) {
        auto better = tryRule(trial, tensor, rule);
        if (!better)
          return better.takeError();
        changed |= *better;
      }
      for (double factor : {0.84, 0.92, 1.08, 1.19})
        for (bool isLow : {false, true}) {
          RangeRule rule = rules[tensor];
          (isLow ? rule.low : rule.high) *= factor;
          auto better = tryRule(trial, tensor, rule);
          if (!better)
            return better.takeError();
          changed |= *better;
        }
    }
    if (!changed)
      break;
  }
  return Error::success();
}

void RangeSearch::attach() {
  auto main = module.lookupSymbol<mlir::func::FuncOp>("main");
  for (auto [index, tensor] : enumerate(nn::collectObservedTensors(main)))
    nn::setRange(tensor.value, getRange(all, index, rules[index]));
}
