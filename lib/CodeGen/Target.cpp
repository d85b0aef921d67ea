// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Finds and checks the target. LLVM itself aborts or only warns on an unknown
// CPU or feature, so names are compared with its tables first.

#include "qopt/CodeGen/Target.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/MC/MCSubtargetInfo.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/TargetParser/Host.h"
#include "llvm/TargetParser/Triple.h"

using namespace llvm;

bool qopt::TargetSpec::isX86() const {
  return Triple(triple).getArch() == Triple::x86_64;
}

bool qopt::TargetSpec::isAArch64() const {
  return Triple(triple).getArch() == Triple::aarch64;
}

/// Only what a freestanding ELF object can be made for.
static bool initializeTarget(const Triple &triple) {
  switch (triple.getArch()) {
  case Triple::x86_64:
    LLVMInitializeX86TargetInfo();
    LLVMInitializeX86Target();
    LLVMInitializeX86TargetMC();
    LLVMInitializeX86AsmPrinter();
    LLVMInitializeX86AsmParser();
    return true;
  case Triple::aarch64:
    LLVMInitializeAArch64TargetInfo();
    LLVMInitializeAArch64Target();
    LLVMInitializeAArch64TargetMC();
    LLVMInitializeAArch64AsmPrinter();
    LLVMInitializeAArch64AsmParser();
    return true;
  default:
    return false;
  }
}

static std::string hostFeatures() {
  // A StringMap has no order; the object's bytes must not depend on it.
  std::vector<std::string> features;
  // What this machine lacks, the generic CPU lacks as well.
  for (const auto &feature : sys::getHostCPUFeatures())
    if (feature.second)
      features.push_back("+" + feature.first().str());
  sort(features);
  return join(features, ",");
}

qopt::TargetSpec qopt::resolveTarget(StringRef triple, StringRef cpu,
                                     StringRef features) {
  TargetSpec spec;
  std::string host = sys::getDefaultTargetTriple();
  spec.triple = triple.empty() ? host : Triple::normalize(triple);
  bool native = triple.empty() && (cpu.empty() || cpu == "native");
  if (native)
    spec.features = hostFeatures();
  spec.cpu = native || cpu.empty() ? "" : cpu.str();
  if (spec.cpu.empty())
    spec.cpu = spec.isX86() ? "x86-64" : "generic";
  if (!features.empty())
    spec.features += (spec.features.empty() ? "" : ",") + features.str();
  return spec;
}

static Error checkNames(const MCSubtargetInfo &info,
                        const qopt::TargetSpec &spec) {
  if (!info.isCPUStringValid(spec.cpu))
    return createStringError("unknown CPU '" + spec.cpu + "' for target '" +
                             spec.triple +
                             "', expected one of those that 'llc -march=… "
                             "-mcpu=help' lists, for example x86-64-v3");
  SmallVector<StringRef> given;
  StringRef(spec.features).split(given, ',', -1, /*KeepEmpty=*/false);
  for (StringRef feature : given) {
    StringRef name = feature;
    if (!name.consume_front("+") && !name.consume_front("-"))
      return createStringError("feature '" + feature +
                               "' must start with + or -, for example +" +
                               feature);
    if (none_of(
            info.getAllProcessorFeatures(),
            [&](const SubtargetFeatureKV &known) { return name == known.Key; }))
      return createStringError("unknown feature '" + name + "' for target '" +
                               spec.triple + "'");
  }
  return Error::success();
}

Expected<std::unique_ptr<TargetMachine>>
qopt::createTargetMachine(const TargetSpec &spec) {
  Triple triple(spec.triple);
  if (!initializeTarget(triple))
    return createStringError(
        "unsupported target '" + spec.triple +
        "', expected x86_64 or aarch64, for example aarch64-linux-gnu");
  if (!triple.isOSBinFormatELF())
    return createStringError("unsupported object format of target '" +
                             spec.triple + "', expected an ELF platform");
  std::string message;
  const Target *target = TargetRegistry::lookupTarget(triple, message);
  if (!target)
    return createStringError(message);
  std::unique_ptr<MCSubtargetInfo> info(
      target->createMCSubtargetInfo(triple, "", ""));
  if (Error error = checkNames(*info, spec))
    return std::move(error);

  TargetOptions options;
  // One profile, one result: a fused multiply-add would round differently.
  options.AllowFPOpFusion = FPOpFusion::Strict;
  options.TrapUnreachable = false;
  std::unique_ptr<TargetMachine> machine(target->createTargetMachine(
      triple, spec.cpu, spec.features, options, Reloc::PIC_, std::nullopt,
      CodeGenOptLevel::Aggressive));
  if (!machine)
    return createStringError("no code generator for '" + spec.triple + "'");
  return std::move(machine);
}

Error qopt::checkHostCanRun(const TargetMachine &machine) {
  Triple host(sys::getDefaultTargetTriple());
  if (machine.getTargetTriple().getArch() != host.getArch())
    return createStringError("this machine (" + host.str() +
                             ") cannot run code for '" +
                             machine.getTargetTriple().str() + "'");
  StringMap<bool> have = sys::getHostCPUFeatures();
  for (const SubtargetFeatureKV &feature :
       machine.getMCSubtargetInfo()->getEnabledProcessorFeatures()) {
    // Tuning flags are in this list too, but not in the host's.
    auto it = have.find(feature.Key);
    if (it != have.end() && !it->second)
      return createStringError(
          "this machine lacks the feature '" + Twine(feature.Key) +
          "' that the code may use, add --features=-" + feature.Key);
  }
  return Error::success();
}
