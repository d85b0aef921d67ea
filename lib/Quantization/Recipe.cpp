// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The YAML form of recipes, and which rules speak of a layer.

#include "qopt/Quantization/Recipe.h"

#include "YAML.h"

#include "llvm/Support/GlobPattern.h"
#include "llvm/Support/Regex.h"

using namespace llvm;
using namespace qopt::quantization;

LLVM_YAML_IS_SEQUENCE_VECTOR(RecipeRule)

/// The expression between the slashes of `/…/`, if it is one.
static std::optional<StringRef> getRegex(StringRef pattern) {
  if (pattern.size() < 2 || !pattern.starts_with("/") ||
      !pattern.ends_with("/"))
    return std::nullopt;
  return pattern.drop_front().drop_back();
}

/// Why a pattern cannot be matched; empty if it can.
static std::string checkPattern(StringRef pattern) {
  if (std::optional<StringRef> regex = getRegex(pattern)) {
    std::string reason;
    Regex(*regex).isValid(reason);
    return reason;
  }
  auto glob = GlobPattern::create(pattern);
  return glob ? std::string() : toString(glob.takeError());
}

namespace llvm::yaml {
template <>
struct MappingTraits<RecipeRule> {
  static void mapping(IO &io, RecipeRule &rule) {
    if (!checkKeys(io, {"layers", "float", "weight-bits", "activation-bits",
                        "granularity", "group-size", "estimator",
                        "weight-estimator"}))
      return;
    io.mapRequired("layers", rule.layers);
    std::string reason = checkPattern(rule.layers);
    if (!reason.empty())
      io.setError("layers: '" + rule.layers + "' is not a pattern: " + reason);
    LayerChoice &choice = rule.choice;
    io.mapOptional("float", choice.keepFloat);
    io.mapOptional("weight-bits", choice.weightBits);
    io.mapOptional("activation-bits", choice.activationBits);
    checkBits(io, "weight-bits", choice.weightBits, {4, 8});
    checkBits(io, "activation-bits", choice.activationBits, {8, 16});
    io.mapOptional("granularity", choice.granularity);
    io.mapOptional("group-size", choice.groupSize);
    if (choice.groupSize && *choice.groupSize < 1)
      io.setError("group-size is " + Twine(*choice.groupSize) +
                  ", expected 1 or more");
    io.mapOptional("estimator", choice.estimator);
    io.mapOptional("weight-estimator", choice.weightEstimator);
  }

private:
  static void checkBits(IO &io, StringRef key, std::optional<unsigned> bits,
                        std::array<unsigned, 2> allowed) {
    if (bits && !is_contained(allowed, *bits))
      io.setError(key + " is " + Twine(*bits) + ", expected " +
                  Twine(allowed[0]) + " or " + Twine(allowed[1]));
  }
};

template <>
struct MappingTraits<Recipe> {
  static void mapping(IO &io, Recipe &recipe) {
    if (checkKeys(io, {"rules"}))
      io.mapRequired("rules", recipe.rules);
  }
};
} // namespace llvm::yaml

template <typename T>
static void overrideIfSaid(std::optional<T> &value,
                           const std::optional<T> &other) {
  if (other)
    value = other;
}

void LayerChoice::override(const LayerChoice &other) {
  overrideIfSaid(keepFloat, other.keepFloat);
  overrideIfSaid(weightBits, other.weightBits);
  overrideIfSaid(activationBits, other.activationBits);
  overrideIfSaid(granularity, other.granularity);
  overrideIfSaid(groupSize, other.groupSize);
  overrideIfSaid(estimator, other.estimator);
  overrideIfSaid(weightEstimator, other.weightEstimator);
}

bool RecipeRule::matches(StringRef name) const {
  if (std::optional<StringRef> regex = getRegex(layers))
    return Regex(*regex).match(name);
  auto glob = GlobPattern::create(layers);
  if (glob)
    return glob->match(name);
  consumeError(glob.takeError());
  return false;
}

LayerChoice Recipe::choose(StringRef layer) const {
  LayerChoice choice;
  for (const RecipeRule &rule : rules)
    if (rule.matches(layer))
      choice.override(rule.choice);
  return choice;
}

Expected<Recipe> qopt::quantization::parseRecipe(StringRef text,
                                                 StringRef file) {
  return parseYAML<Recipe>(text, file);
}

Expected<Recipe> qopt::quantization::loadRecipe(StringRef path) {
  auto buffer = MemoryBuffer::getFile(path);
  if (!buffer)
    return createStringError(buffer.getError(),
                             "cannot read the recipe '" + path +
                                 "': " + buffer.getError().message());
  return parseRecipe((*buffer)->getBuffer(), path);
}
