// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The profiles of Profiles/*.yaml, which the build turns into string literals.

#include "qopt/Quantization/Profile.h"

#include "llvm/Support/MemoryBuffer.h"

using namespace llvm;
using namespace qopt::quantization;

namespace {
struct BuiltinProfile {
  StringLiteral name, text;
};
} // namespace

static constexpr BuiltinProfile profiles[] = {
#include "BuiltinProfiles.inc"
};

std::vector<StringRef> qopt::quantization::getProfileNames() {
  std::vector<StringRef> names;
  for (const BuiltinProfile &profile : profiles)
    names.push_back(profile.name);
  return names;
}

std::optional<StringRef> qopt::quantization::getProfileText(StringRef name) {
  for (const BuiltinProfile &profile : profiles)
    if (profile.name == name)
      return profile.text;
  return std::nullopt;
}

Expected<Profile> qopt::quantization::loadProfile(StringRef nameOrPath) {
  if (std::optional<StringRef> text = getProfileText(nameOrPath))
    return parseProfile(*text, nameOrPath);
  if (nameOrPath.find_first_of("./") == StringRef::npos) {
    std::string names;
    for (StringRef name : getProfileNames())
      names += (names.empty() ? "" : ", ") + name.str();
    return createStringError("'" + nameOrPath +
                             "' is not a target profile, expected " + names +
                             " or the path of a file");
  }
  auto buffer = MemoryBuffer::getFile(nameOrPath);
  if (!buffer)
    return createStringError(buffer.getError(),
                             "cannot read the profile '" + nameOrPath +
                                 "': " + buffer.getError().message());
  return parseProfile((*buffer)->getBuffer(), nameOrPath);
}
