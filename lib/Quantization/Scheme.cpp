// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Names of schemes and granularities. The kinds are those of the surveys:
// weights only, dynamic and static activations (Gholami et al. 2021,
// arXiv 2103.13630, section III).

#include "qopt/Quantization/Scheme.h"

#include "llvm/ADT/STLExtras.h"

using namespace llvm;
using namespace qopt::quantization;

StringRef qopt::quantization::getName(Granularity granularity) {
  switch (granularity) {
  case Granularity::PerTensor:
    return "per-tensor";
  case Granularity::PerChannel:
    return "per-channel";
  case Granularity::SubChannel:
    return "sub-channel";
  }
  llvm_unreachable("all granularities have names");
}

Expected<Granularity> qopt::quantization::parseGranularity(StringRef name) {
  for (Granularity granularity :
       {Granularity::PerTensor, Granularity::PerChannel,
        Granularity::SubChannel})
    if (getName(granularity) == name)
      return granularity;
  return createStringError("'" + name +
                           "' is not a granularity, expected per-tensor, "
                           "per-channel or sub-channel");
}

ArrayRef<Scheme> qopt::quantization::getSchemes() {
  using Mode = ActivationMode;
  static const Scheme schemes[] = {
      {"int8", "8-bit weights and activations", 8, 8, Mode::Static},
      {"int16x8", "8-bit weights, 16-bit activations", 8, 16, Mode::Static},
      {"int4w8a", "4-bit weights, 8-bit activations", 4, 8, Mode::Static},
      {"int4w16a", "4-bit weights, 16-bit activations", 4, 16, Mode::Static},
      {"int8-dynamic",
       "8-bit weights; activations of 8 bits by the range of "
       "each run",
       8, 8, Mode::Dynamic},
      {"int8-weights", "8-bit weights, float activations", 8, 32, Mode::Float},
      {"int4-weights", "4-bit weights, float activations", 4, 32, Mode::Float},
  };
  return schemes;
}

Expected<Scheme> qopt::quantization::parseScheme(StringRef name) {
  for (const Scheme &scheme : getSchemes())
    if (scheme.name == name)
      return scheme;
  std::string names;
  for (const Scheme &scheme : getSchemes())
    names += (names.empty() ? "" : ", ") + scheme.name;
  return createStringError(
      "'" + name + "' is not a quantization scheme, expected one of " + names);
}
