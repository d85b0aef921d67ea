// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the user wants otherwise for some layers than for the rest: a YAML list
// of rules, each with a pattern for the layers' names. Of two rules that match
// a layer the later one counts, key by key.

#ifndef QOPT_QUANTIZATION_RECIPE_H
#define QOPT_QUANTIZATION_RECIPE_H

#include "qopt/Quantization/Scheme.h"

#include <optional>
#include <string>
#include <vector>

namespace qopt::quantization {

/// What may be said about a layer; what is empty was not said.
struct LayerChoice {
  std::optional<bool> keepFloat;
  std::optional<unsigned> weightBits, activationBits;
  std::optional<Granularity> granularity;
  /// Elements that share a scale where the granularity is sub-channel.
  std::optional<int64_t> groupSize;
  /// Estimators of the range of the layer's result and of its weights.
  std::optional<std::string> estimator, weightEstimator;

  /// Takes over what `other` says.
  void override(const LayerChoice &other);
};

struct RecipeRule {
  /// A shell glob (`conv_*`), or a regular expression between slashes.
  std::string layers;
  LayerChoice choice;

  bool matches(llvm::StringRef name) const;
};

struct Recipe {
  std::vector<RecipeRule> rules;

  /// What all the rules together say about a layer.
  LayerChoice choose(llvm::StringRef layer) const;
};

/// Parses the text of a recipe; `file` stands for it in messages.
llvm::Expected<Recipe> parseRecipe(llvm::StringRef text, llvm::StringRef file);

llvm::Expected<Recipe> loadRecipe(llvm::StringRef path);

} // namespace qopt::quantization

#endif // QOPT_QUANTIZATION_RECIPE_H
