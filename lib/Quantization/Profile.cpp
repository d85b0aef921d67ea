// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The YAML form of profiles, and the questions that passes ask of them.

#include "qopt/Quantization/Profile.h"

#include "YAML.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"

using namespace llvm;
using namespace qopt::quantization;

//===----------------------------------------------------------------------===//
// YAML
//===----------------------------------------------------------------------===//

namespace {
/// Whether integers are signed.
enum class Signedness { Signed, Unsigned };
/// Which reals a scale may be.
enum class Scales { Real, PowerOfTwo };
/// When the range of an activation is known.
enum class Ranges { Static, Dynamic };
/// What the interface of the graph is made of.
enum class Interface { Quantized, Float };
/// A name of `#quant.rounding`.
struct Rounding {
  StringRef name;
  bool operator==(const Rounding &other) const { return name == other.name; }
};
/// Bits of one stored value.
struct Bits {
  unsigned count;
  bool operator==(const Bits &other) const { return count == other.count; }
};
} // namespace

QOPT_YAML_CHOICE(Signedness, "signedness", {"signed", Signedness::Signed},
                 {"unsigned", Signedness::Unsigned});
QOPT_YAML_CHOICE(Scales, "kind of scales", {"real", Scales::Real},
                 {"power-of-two", Scales::PowerOfTwo});
QOPT_YAML_CHOICE(Ranges, "kind of ranges", {"static", Ranges::Static},
                 {"dynamic", Ranges::Dynamic});
QOPT_YAML_CHOICE(Interface, "kind of interface",
                 {"quantized", Interface::Quantized},
                 {"float", Interface::Float});
QOPT_YAML_CHOICE(Rounding, "rounding mode", {"double", Rounding{"double"}},
                 {"single", Rounding{"single"}}, {"wide", Rounding{"wide"}},
                 {"real", Rounding{"real"}}, {"float", Rounding{"float"}},
                 {"shift", Rounding{"shift"}});
QOPT_YAML_CHOICE(Bits, "number of bits", {"4", Bits{4}}, {"8", Bits{8}},
                 {"16", Bits{16}});
QOPT_YAML_CHOICE(SumPlacement, "placement", {"both", SumPlacement::Both},
                 {"before", SumPlacement::Before},
                 {"after", SumPlacement::After},
                 {"linear-inputs", SumPlacement::LinearInputs});

LLVM_YAML_IS_FLOW_SEQUENCE_VECTOR(Granularity)
LLVM_YAML_IS_SEQUENCE_VECTOR(TensorForm)
LLVM_YAML_IS_SEQUENCE_VECTOR(OperationRule)

namespace llvm::yaml {
template <>
struct MappingTraits<TensorForm> {
  static void mapping(IO &io, TensorForm &form) {
    if (!checkKeys(io, {"bits", "integers", "symmetric", "narrow", "scales",
                        "granularity", "rounding", "ranges"}))
      return;
    Bits bits{form.bits};
    io.mapRequired("bits", bits);
    form.bits = bits.count;
    Signedness signedness = Signedness::Signed;
    io.mapOptional("integers", signedness);
    form.isSigned = signedness == Signedness::Signed;
    io.mapOptional("symmetric", form.symmetric);
    io.mapOptional("narrow", form.narrow);
    Scales scales = Scales::Real;
    io.mapOptional("scales", scales);
    form.powerOfTwo = scales == Scales::PowerOfTwo;
    io.mapOptional("granularity", form.granularities);
    if (form.granularities.empty())
      io.setError("granularity is an empty list, expected per-tensor, "
                  "per-channel or sub-channel");
    Rounding rounding{"double"};
    io.mapOptional("rounding", rounding);
    form.rounding = rounding.name.str();
    Ranges ranges = Ranges::Static;
    io.mapOptional("ranges", ranges);
    form.dynamic = ranges == Ranges::Dynamic;
  }
};

template <>
struct MappingTraits<OperationRule> {
  static void mapping(IO &io, OperationRule &rule) {
    if (!checkKeys(io, {"kind", "float", "weights", "activations"}))
      return;
    io.mapRequired("kind", rule.kind);
    io.mapOptional("float", rule.keepFloat);
    io.mapOptional("weights", rule.weights);
    io.mapOptional("activations", rule.activations);
  }
};

template <>
struct MappingTraits<Profile> {
  static void mapping(IO &io, Profile &profile) {
    if (!checkKeys(io, {"name", "description", "weights", "activations", "sums",
                        "interface", "operations"}))
      return;
    io.mapRequired("name", profile.name);
    io.mapOptional("description", profile.description);
    io.mapRequired("weights", profile.weights);
    io.mapRequired("activations", profile.activations);
    io.mapOptional("sums", profile.sums);
    Interface interface = Interface::Quantized;
    io.mapOptional("interface", interface);
    profile.quantizedInterface = interface == Interface::Quantized;
    io.mapOptional("operations", profile.operations);
    StringSet<> kinds;
    for (const OperationRule &rule : profile.operations)
      if (!kinds.insert(rule.kind).second)
        io.setError("kind '" + rule.kind + "' is listed twice");
  }
};
} // namespace llvm::yaml

Expected<Profile> qopt::quantization::parseProfile(StringRef text,
                                                   StringRef file) {
  return parseYAML<Profile>(text, file);
}

//===----------------------------------------------------------------------===//
// Questions
//===----------------------------------------------------------------------===//

static const OperationRule *findRule(const Profile &profile, StringRef kind) {
  for (const OperationRule &rule : profile.operations)
    if (rule.kind == kind)
      return &rule;
  return nullptr;
}

bool Profile::keepsFloat(StringRef kind) const {
  const OperationRule *rule = findRule(*this, kind);
  return rule && rule->keepFloat;
}

ActivationMode Profile::getActivationMode(const Scheme &scheme) const {
  if (scheme.mode != ActivationMode::Static || scheme.activationBits != 8)
    return scheme.mode;
  bool isDynamic = llvm::any_of(activations, [](const TensorForm &form) {
    return form.bits == 8 && form.dynamic;
  });
  return isDynamic ? ActivationMode::Dynamic : scheme.mode;
}

static Expected<const TensorForm *> findForm(const Profile &profile,
                                             StringRef kind, StringRef role,
                                             ArrayRef<TensorForm> forms,
                                             unsigned bits) {
  std::string widths;
  for (const TensorForm &form : forms) {
    if (form.bits == bits)
      return &form;
    widths += (widths.empty() ? "" : ", ") + utostr(form.bits);
  }
  return createStringError("profile '" + profile.name + "' has no " +
                           Twine(bits) + "-bit " + role + " for '" + kind +
                           "', expected " + (widths.empty() ? "none" : widths) +
                           " bits");
}

Expected<const TensorForm *> Profile::getWeightForm(StringRef kind,
                                                    unsigned bits) const {
  const OperationRule *rule = findRule(*this, kind);
  return findForm(*this, kind, "weights",
                  rule && !rule->weights.empty() ? rule->weights : weights,
                  bits);
}

Expected<const TensorForm *> Profile::getActivationForm(StringRef kind,
                                                        unsigned bits) const {
  const OperationRule *rule = findRule(*this, kind);
  return findForm(*this, kind, "activations",
                  rule && !rule->activations.empty() ? rule->activations
                                                     : activations,
                  bits);
}

StringRef Profile::getRounding(StringRef kind, bool isLinear,
                               const TensorForm &form) const {
  const OperationRule *rule = findRule(*this, kind);
  // Floats round the same way everywhere.
  if (isLinear || form.rounding == "float" ||
      (rule && !rule->activations.empty()))
    return form.rounding;
  return "double";
}
