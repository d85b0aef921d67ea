// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "QuantizationTarget.h"

using namespace llvm;
using namespace qopt;

Expected<QuantizationTarget>
QuantizationTarget::load(const QuantizeOptions &options) {
  auto scheme = quantization::parseScheme(options.scheme);
  if (!scheme)
    return scheme.takeError();
  auto profile = quantization::loadProfile(options.profile);
  if (!profile)
    return profile.takeError();
  return QuantizationTarget{std::move(*scheme), std::move(*profile)};
}
