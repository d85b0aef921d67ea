// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the consumer of a quantized graph can run: for each kind of op the forms
// that weights and activations may have, and where values are rounded. A
// profile is a small YAML text; the ones that deployment stacks use are built
// in. See python-free-docs/quantization.md for the keys.

#ifndef QOPT_QUANTIZATION_PROFILE_H
#define QOPT_QUANTIZATION_PROFILE_H

#include "qopt/Quantization/Scheme.h"

#include "llvm/Support/Error.h"

#include <optional>
#include <string>
#include <vector>

namespace qopt::quantization {

/// One way to store a tensor of reals.
struct TensorForm {
  unsigned bits = 8;
  bool isSigned = true;
  /// Zero point 0 (or mid-range, where unsigned).
  bool symmetric = true;
  /// Leaves out the lowest signed value.
  bool narrow = false;
  /// Scales are powers of two.
  bool powerOfTwo = false;
  /// Of weights; the first is what is taken unless something else is asked for.
  std::vector<Granularity> granularities = {Granularity::PerTensor};
  /// Of activations: how the linear op that makes the tensor rounds; a name of
  /// `#quant.rounding`. Other ops round as `double` unless they have a rule of
  /// their own.
  std::string rounding = "double";
  /// Of activations: linear ops quantize their float inputs by the range that
  /// they have at run time.
  bool dynamic = false;
};

/// Where values are quantized around an element-wise sum.
enum class SumPlacement {
  /// The operands and the sum.
  Both,
  /// The operands only; the sum is quantized where a linear op reads it.
  Before,
  /// The sum only: it is added up in the accumulator of the convolution that
  /// makes one operand.
  After,
  /// Neither: values are quantized where a linear op reads them.
  LinearInputs,
};

/// What differs for one kind of op.
struct OperationRule {
  std::string kind;
  /// The consumer has no quantized form of it.
  bool keepFloat = false;
  /// Replace the profile's forms unless empty.
  std::vector<TensorForm> weights, activations;
};

struct Profile {
  std::string name;
  std::string description;
  std::vector<TensorForm> weights, activations;
  SumPlacement sums = SumPlacement::Both;
  /// Whether the graph's inputs and outputs are quantized, too.
  bool quantizedInterface = true;
  std::vector<OperationRule> operations;

  bool keepsFloat(llvm::StringRef kind) const;
  /// How activations get their ranges under a scheme: as it says, or at run
  /// time where it leaves the ranges of 8-bit activations to the profile.
  ActivationMode getActivationMode(const Scheme &scheme) const;
  /// The form with this many bits, or an error that lists those there are.
  llvm::Expected<const TensorForm *> getWeightForm(llvm::StringRef kind,
                                                   unsigned bits) const;
  llvm::Expected<const TensorForm *> getActivationForm(llvm::StringRef kind,
                                                       unsigned bits) const;
  /// How an op of this kind rounds.
  llvm::StringRef getRounding(llvm::StringRef kind, bool isLinear,
                              const TensorForm &form) const;
};

/// Parses the text of a profile; `file` stands for it in messages, which name
/// the line, the key, the value and the values allowed.
llvm::Expected<Profile> parseProfile(llvm::StringRef text,
                                     llvm::StringRef file);

/// The names of the profiles that are built in.
std::vector<llvm::StringRef> getProfileNames();

/// The text of a built-in profile, if there is one of that name.
std::optional<llvm::StringRef> getProfileText(llvm::StringRef name);

/// A built-in profile by its name, or one in a file by its path (which has a
/// slash or a dot).
llvm::Expected<Profile> loadProfile(llvm::StringRef nameOrPath);

} // namespace qopt::quantization

#endif // QOPT_QUANTIZATION_PROFILE_H
