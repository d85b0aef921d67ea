// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a user asks for: how many bits for weights and activations, and whether
// activations are integers with ranges known in advance, integers with ranges
// found at run time, or left alone.

#ifndef QOPT_QUANTIZATION_SCHEME_H
#define QOPT_QUANTIZATION_SCHEME_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <cstdint>
#include <string>

namespace qopt::quantization {

/// Which elements of a tensor share a scale.
enum class Granularity { PerTensor, PerChannel, SubChannel };

/// "per-tensor", "per-channel", "sub-channel".
llvm::StringRef getName(Granularity granularity);
llvm::Expected<Granularity> parseGranularity(llvm::StringRef name);

enum class ActivationMode {
  /// Ranges are known from calibration.
  Static,
  /// Each run finds the range of its own values.
  Dynamic,
  /// Activations stay float: only weights are stored as integers.
  Float,
};

/// A named choice, `int8`, `int16x8`, …
struct Scheme {
  std::string name = "int8";
  std::string description;
  unsigned weightBits = 8;
  unsigned activationBits = 8;
  ActivationMode mode = ActivationMode::Static;
};

/// All schemes that have a name.
llvm::ArrayRef<Scheme> getSchemes();

/// The scheme of that name, or an error that lists them.
llvm::Expected<Scheme> parseScheme(llvm::StringRef name);

} // namespace qopt::quantization

#endif // QOPT_QUANTIZATION_SCHEME_H
