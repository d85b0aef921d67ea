//===- TargetFacts.cpp - What a CPU can do, by its feature bits -----------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Asks LLVM's subtarget description (MCSubtargetInfo: no code generator is
// started) which feature bits a CPU and a feature string set, and turns them
// into TargetFacts.
//
//===----------------------------------------------------------------------===//

#include "qopt/Target/CPU/TargetFacts.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/MC/MCSubtargetInfo.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/TargetParser/Host.h"
#include "llvm/TargetParser/Triple.h"
#include <memory>
#include <vector>

using namespace llvm;

namespace qopt::cpu {

/// The descriptions of the targets that this LLVM was built with; code
/// generators are registered by who generates code.
static void initializeDescriptions() {
  static bool done = [] {
    InitializeAllTargetInfos();
    InitializeAllTargetMCs();
    return true;
  }();
  (void)done;
}

/// The processor that a triple means when none is named.
static StringRef plainCPU(const Triple &triple) {
  if (triple.getArch() == Triple::x86_64)
    return "x86-64";
  return "generic";
}

/// This host's feature bits as `+a,-b,…`, sorted so that the text does not
/// depend on a hash table.
static std::string hostFeatures() {
  std::vector<std::string> parts;
  for (const auto &feature : sys::getHostCPUFeatures())
    parts.push_back((feature.second ? "+" : "-") + feature.first().str());
  llvm::sort(parts, [](const std::string &a, const std::string &b) {
    return StringRef(a).drop_front() < StringRef(b).drop_front();
  });
  return join(parts, ",");
}

Expected<TargetName> resolveTarget(StringRef triple, StringRef cpu,
                                   StringRef features) {
  std::string hostTriple = sys::getProcessTriple();
  TargetName name;
  name.triple = triple.empty() ? hostTriple : Triple::normalize(triple);
  name.features = features.str();
  Triple parsed(name.triple);
  bool native = cpu == "native" || (cpu.empty() && triple.empty());
  if (!native) {
    name.cpu = cpu.empty() ? plainCPU(parsed).str() : cpu.str();
    return name;
  }
  if (parsed.getArch() != Triple(hostTriple).getArch())
    return createStringError("cpu 'native' is a " +
                             Triple(hostTriple).getArchName() +
                             " and the target is '" + name.triple +
                             "': name a cpu of that target, or its features");
  name.cpu = plainCPU(parsed).str();
  name.features = hostFeatures();
  if (!features.empty())
    name.features += (name.features.empty() ? "" : ",") + features.str();
  return name;
}

/// The subtarget, or an error that names what is unknown. Features are checked
/// one by one because LLVM only warns about a feature that it does not know.
static Expected<std::unique_ptr<MCSubtargetInfo>>
createSubtarget(StringRef tripleName, StringRef cpu, StringRef features) {
  initializeDescriptions();
  Triple triple(Triple::normalize(tripleName));
  std::string error;
  const Target *target = TargetRegistry::lookupTarget(triple, error);
  if (!target)
    return createStringError("unknown target triple '" + tripleName.str() +
                             "'");
  std::unique_ptr<MCSubtargetInfo> plain(
      target->createMCSubtargetInfo(triple, "", ""));
  if (!plain)
    return createStringError("no description of the target '" +
                             tripleName.str() + "'");
  if (!cpu.empty() && !plain->isCPUStringValid(cpu))
    return createStringError("unknown cpu '" + cpu.str() + "' for target '" +
                             tripleName.str() + "'");
  SmallVector<StringRef> parts;
  features.split(parts, ',', /*MaxSplit=*/-1, /*KeepEmpty=*/false);
  SmallVector<StringRef> known;
  for (StringRef part : parts) {
    if (!part.starts_with("+") && !part.starts_with("-"))
      return createStringError("feature '" + part.str() +
                               "' must begin with '+' or '-'");
    bool found = llvm::any_of(plain->getAllProcessorFeatures(),
                              [&](const SubtargetFeatureKV &feature) {
                                return part.drop_front() == feature.Key;
                              });
    // The host reports bits under names that a subtarget need not have; only
    // switching on something unknown can be a mistake that matters.
    if (found)
      known.push_back(part);
    else if (part.starts_with("+"))
      return createStringError("unknown feature '" + part.str() +
                               "' for target '" + tripleName.str() + "'");
  }
  return std::unique_ptr<MCSubtargetInfo>(
      target->createMCSubtargetInfo(triple, cpu, join(known, ",")));
}

/// Whether the user asked for 256-bit vectors. LLVM prefers them for some named
/// CPUs, too, but on account of code in which a few wide instructions stand
/// alone.
static bool prefers256Bits(StringRef features) {
  SmallVector<StringRef> parts;
  features.split(parts, ',');
  return llvm::is_contained(parts, "+prefer-256-bit");
}

static void readX86(const MCSubtargetInfo &subtarget, StringRef features,
                    TargetFacts &facts) {
  auto has = [&](StringRef feature) {
    return subtarget.checkFeatures(("+" + feature).str());
  };
  facts.architecture = Architecture::X86;
  facts.sse41 = has("sse4.1");
  facts.avx2 = has("avx2");
  facts.fma = facts.avx2 && has("fma");
  facts.avxVNNI = has("avxvnni");
  facts.avx512 =
      has("avx512f") && has("avx512bw") && has("avx512dq") && has("avx512vl");
  facts.avx512VBMI = facts.avx512 && has("avx512vbmi");
  facts.avx512VNNI = facts.avx512 && has("avx512vnni");
  facts.amxInt8 = has("amx-tile") && has("amx-int8");
  bool isWide = facts.avx512 && !prefers256Bits(features);
  facts.vectorBytes = isWide ? 64 : facts.avx2 ? 32 : 16;
  facts.vectorRegisters = facts.avx512 ? 32 : 16;
  facts.l2Bytes = 1024 * 1024;
}

static void readAArch64(const MCSubtargetInfo &subtarget, TargetFacts &facts) {
  auto has = [&](StringRef feature) {
    return subtarget.checkFeatures(("+" + feature).str());
  };
  facts.architecture = Architecture::AArch64;
  facts.neon = has("neon");
  facts.dotprod = facts.neon && has("dotprod");
  facts.i8mm = facts.neon && has("i8mm");
  facts.fma = facts.neon;
  facts.vectorRegisters = 32;
  const MCSchedModel &model = subtarget.getSchedModel();
  StringRef cpu = subtarget.getCPU();
  facts.inOrder = !cpu.empty() && cpu != "generic" &&
                  model.hasInstrSchedModel() && !model.isOutOfOrder();
}

Expected<TargetFacts> getTargetFacts(StringRef triple, StringRef cpu,
                                     StringRef features) {
  Expected<std::unique_ptr<MCSubtargetInfo>> subtarget =
      createSubtarget(triple, cpu, features);
  if (!subtarget)
    return subtarget.takeError();
  TargetFacts facts;
  Triple parsed(Triple::normalize(triple));
  if (parsed.getArch() == Triple::x86_64)
    readX86(**subtarget, features, facts);
  else if (parsed.getArch() == Triple::aarch64)
    readAArch64(**subtarget, facts);
  return facts;
}

} // namespace qopt::cpu
