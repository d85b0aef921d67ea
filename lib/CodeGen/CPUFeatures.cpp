// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Where CPUs report what they have: on x86 leaves of CPUID and XGETBV (what the
// operating system saves), on AArch64 the identification registers, which Linux
// lets programs read.

#include "qopt/CodeGen/Variants.h"

#include "llvm/ADT/StringSwitch.h"
#include "llvm/MC/MCSubtargetInfo.h"

using namespace llvm;
using namespace qopt;

namespace {
/// Words of x86; see x86Reader in ChooseVariant.cpp.
enum X86Word : unsigned {
  Leaf1C,
  Leaf7B,
  Leaf7C,
  Leaf7D,
  Leaf7_1A,
  Leaf7_1D,
  ExtendedC,
  LeafDA,
  XCR0,
};

/// Words of AArch64, of four bits a feature, each with a reader of its own.
enum ArmWord : unsigned { ISAR0, ISAR1, PFR0 };

struct Bit {
  StringLiteral feature;
  unsigned word, bit;
};

/// A field of four bits, and the number that it is at least.
struct Field {
  StringLiteral feature;
  unsigned word, shift;
};
} // namespace

static constexpr Bit x86Bits[] = {
    {"sse3", Leaf1C, 0},
    {"pclmul", Leaf1C, 1},
    {"ssse3", Leaf1C, 9},
    {"fma", Leaf1C, 12},
    {"cx16", Leaf1C, 13},
    {"sse4.1", Leaf1C, 19},
    {"sse4.2", Leaf1C, 20},
    {"crc32", Leaf1C, 20},
    {"movbe", Leaf1C, 22},
    {"popcnt", Leaf1C, 23},
    {"aes", Leaf1C, 25},
    {"xsave", Leaf1C, 26},
    {"avx", Leaf1C, 28},
    {"f16c", Leaf1C, 29},
    {"rdrnd", Leaf1C, 30},
    {"fsgsbase", Leaf7B, 0},
    {"bmi", Leaf7B, 3},
    {"avx2", Leaf7B, 5},
    {"bmi2", Leaf7B, 8},
    {"avx512f", Leaf7B, 16},
    {"avx512dq", Leaf7B, 17},
    {"rdseed", Leaf7B, 18},
    {"adx", Leaf7B, 19},
    {"avx512ifma", Leaf7B, 21},
    {"clflushopt", Leaf7B, 23},
    {"clwb", Leaf7B, 24},
    {"avx512cd", Leaf7B, 28},
    {"sha", Leaf7B, 29},
    {"avx512bw", Leaf7B, 30},
    {"avx512vl", Leaf7B, 31},
    {"avx512vbmi", Leaf7C, 1},
    {"avx512vbmi2", Leaf7C, 6},
    {"gfni", Leaf7C, 8},
    {"vaes", Leaf7C, 9},
    {"vpclmulqdq", Leaf7C, 10},
    {"avx512vnni", Leaf7C, 11},
    {"avx512bitalg", Leaf7C, 12},
    {"avx512vpopcntdq", Leaf7C, 14},
    {"rdpid", Leaf7C, 22},
    {"movdiri", Leaf7C, 27},
    {"movdir64b", Leaf7C, 28},
    {"avx512vp2intersect", Leaf7D, 8},
    {"serialize", Leaf7D, 14},
    {"amx-bf16", Leaf7D, 22},
    {"avx512fp16", Leaf7D, 23},
    {"amx-tile", Leaf7D, 24},
    {"amx-int8", Leaf7D, 25},
    {"avxvnni", Leaf7_1A, 4},
    {"avx512bf16", Leaf7_1A, 5},
    {"amx-fp16", Leaf7_1A, 21},
    {"avxifma", Leaf7_1A, 23},
    {"avxvnniint8", Leaf7_1D, 4},
    {"avxneconvert", Leaf7_1D, 5},
    {"avxvnniint16", Leaf7_1D, 10},
    {"sahf", ExtendedC, 0},
    {"lzcnt", ExtendedC, 5},
    {"sse4a", ExtendedC, 6},
    {"prfchw", ExtendedC, 8},
    {"xsaveopt", LeafDA, 0},
    {"xsavec", LeafDA, 1},
};

static constexpr Field armFields[] = {
    {"aes", ISAR0, 4},        {"sha2", ISAR0, 12},    {"crc", ISAR0, 16},
    {"lse", ISAR0, 20},       {"rdm", ISAR0, 28},     {"sha3", ISAR0, 32},
    {"dotprod", ISAR0, 44},   {"fp16fml", ISAR0, 48}, {"jsconv", ISAR1, 12},
    {"complxnum", ISAR1, 16}, {"rcpc", ISAR1, 20},    {"bf16", ISAR1, 44},
    {"i8mm", ISAR1, 52},      {"sve", PFR0, 32},
};

/// Features that change the code and that this table cannot tell of.
static bool isUnknown(StringRef feature) {
  return feature.starts_with("avx10") || feature.starts_with("amx-") ||
         feature == "egpr" || feature == "ndd" || feature == "push2pop2" ||
         feature == "ccmp" || feature.starts_with("sve2") ||
         feature.starts_with("sme");
}

/// What the operating system must save for the feature.
static uint64_t getSavedState(StringRef feature) {
  if (feature.starts_with("amx"))
    return 3 << 17;
  if (feature.starts_with("avx512"))
    return 0xe6;
  if (feature.starts_with("avx") || feature == "fma" || feature == "f16c" ||
      feature == "vaes" || feature == "vpclmulqdq")
    return 0x6;
  return 0;
}

static bool requireX86(StringRef feature, FeatureWords &words) {
  for (const Bit &bit : x86Bits) {
    if (bit.feature != feature)
      continue;
    words[bit.word] |= uint64_t(1) << bit.bit;
    words[XCR0] |= getSavedState(feature);
    return true;
  }
  return false;
}

static bool requireArm(StringRef feature, FeatureWords &words) {
  for (const Field &field : armFields) {
    if (field.feature != feature)
      continue;
    // One bit a field, where the reader puts it: the field is not zero.
    words[field.word] |= uint64_t(1) << field.shift;
    return true;
  }
  return false;
}

Expected<FeatureWords> qopt::getRequiredFeatures(const TargetMachine &machine) {
  FeatureWords words = {};
  bool isX86 = machine.getTargetTriple().isX86();
  for (const SubtargetFeatureKV &feature :
       machine.getMCSubtargetInfo()->getEnabledProcessorFeatures()) {
    StringRef name = feature.Key;
    // The rest are features of every 64-bit CPU, of the operating system, and
    // hints on what is fast.
    bool isFound = isX86 ? requireX86(name, words) : requireArm(name, words);
    if (!isFound && isUnknown(name))
      return createStringError("feature '" + name.str() +
                               "' cannot be asked for at run time: take it "
                               "from --cpus, or compile for one CPU");
  }
  return words;
}

/// Short names of the levels that kernels are made for.
static StringRef getLevel(StringRef name) {
  return StringSwitch<StringRef>(name)
      .Case("sse4.1", "x86-64-v2")
      .Case("avx2", "x86-64-v3")
      .Case("avxvnni", "x86-64-v3+avxvnni")
      .Case("avx512", "x86-64-v4")
      .Case("avx512vnni", "x86-64-v4+avx512vnni")
      .Case("amx", "x86-64-v4+avx512vnni+avx512vbmi+amx-tile+amx-int8")
      .Case("neon", "generic")
      .Case("dotprod", "generic+dotprod")
      .Case("i8mm", "generic+dotprod+i8mm")
      .Default(name);
}

TargetSpec qopt::parseVariant(StringRef triple, StringRef item) {
  auto [name, more] = item.split('+');
  auto [cpu, features] = getLevel(name).split('+');
  TargetSpec spec;
  spec.triple = triple.str();
  spec.cpu = cpu.str();
  for (StringRef list : {features, more})
    while (!list.empty()) {
      auto [feature, rest] = list.split('+');
      spec.features += (spec.features.empty() ? "+" : ",+") + feature.str();
      list = rest;
    }
  return spec;
}
