//===- TargetFactsTest.cpp - Facts follow feature bits, not names ---------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "qopt/Target/CPU/TargetFacts.h"
#include "gtest/gtest.h"

using namespace qopt::cpu;

static TargetFacts facts(llvm::StringRef triple, llvm::StringRef cpu,
                         llvm::StringRef features) {
  llvm::Expected<TargetFacts> result = getTargetFacts(triple, cpu, features);
  if (!result) {
    ADD_FAILURE() << llvm::toString(result.takeError());
    return {};
  }
  return *result;
}

static std::string factsError(llvm::StringRef triple, llvm::StringRef cpu,
                              llvm::StringRef features) {
  llvm::Expected<TargetFacts> result = getTargetFacts(triple, cpu, features);
  return result ? "no error" : llvm::toString(result.takeError());
}

static const char *const linux64 = "x86_64-unknown-linux-gnu";
static const char *const arm64 = "aarch64-unknown-linux-gnu";

TEST(TargetFacts, PlainX86HasSSE2) {
  TargetFacts f = facts(linux64, "x86-64", "");
  EXPECT_EQ(f.architecture, Architecture::X86);
  EXPECT_EQ(f.vectorBytes, 16u);
  EXPECT_EQ(f.vectorRegisters, 16u);
  EXPECT_FALSE(f.sse41 || f.avx2 || f.fma || f.avxVNNI || f.avx512);
}

TEST(TargetFacts, LevelsOfX86) {
  EXPECT_TRUE(facts(linux64, "x86-64-v2", "").sse41);
  TargetFacts v3 = facts(linux64, "x86-64-v3", "");
  EXPECT_TRUE(v3.avx2 && v3.fma && v3.sse41);
  EXPECT_EQ(v3.vectorBytes, 32u);
  TargetFacts v4 = facts(linux64, "x86-64-v4", "");
  EXPECT_TRUE(v4.avx512);
  EXPECT_FALSE(v4.avx512VNNI);
  EXPECT_EQ(v4.vectorBytes, 64u);
  EXPECT_EQ(v4.vectorRegisters, 32u);
}

TEST(TargetFacts, FeatureBitsAddAndTakeAway) {
  EXPECT_TRUE(facts(linux64, "x86-64-v3", "+avxvnni").avxVNNI);
  EXPECT_TRUE(facts(linux64, "x86-64-v4", "+avx512vnni").avx512VNNI);
  TargetFacts f = facts(linux64, "x86-64-v4", "+avx512vnni,-avx512vl");
  EXPECT_FALSE(f.avx512 || f.avx512VNNI);
  EXPECT_EQ(f.vectorBytes, 32u);
  EXPECT_TRUE(facts(linux64, "x86-64-v4", "+amx-tile,+amx-int8").amxInt8);
  EXPECT_TRUE(facts(linux64, "x86-64-v4", "+amx-int8").amxInt8)
      << "amx-int8 implies amx-tile";
}

TEST(TargetFacts, LevelsOfAArch64) {
  TargetFacts f = facts(arm64, "generic", "");
  EXPECT_EQ(f.architecture, Architecture::AArch64);
  EXPECT_TRUE(f.neon && f.fma);
  EXPECT_FALSE(f.dotprod || f.i8mm);
  EXPECT_EQ(f.vectorRegisters, 32u);
  EXPECT_TRUE(facts(arm64, "generic", "+dotprod").dotprod);
  EXPECT_TRUE(facts(arm64, "generic", "+i8mm").i8mm);
  EXPECT_FALSE(facts(arm64, "generic", "+dotprod,-neon").dotprod);
}

TEST(TargetFacts, OrderOfCoresOfAArch64) {
  EXPECT_TRUE(facts(arm64, "cortex-a55", "").inOrder);
  EXPECT_FALSE(facts(arm64, "cortex-a76", "").inOrder);
  EXPECT_FALSE(facts(arm64, "neoverse-v1", "").inOrder);
  // A model that stands for no core.
  EXPECT_FALSE(facts(arm64, "generic", "").inOrder);
  EXPECT_FALSE(facts(arm64, "", "").inOrder);
}

TEST(TargetFacts, OtherArchitecturesAreGeneric) {
  TargetFacts f = facts("riscv64-unknown-linux-gnu", "", "");
  EXPECT_EQ(f.architecture, Architecture::Generic);
}

TEST(TargetFacts, UnknownThingsAreNamed) {
  EXPECT_EQ(factsError("cpu9000-a-b", "", ""),
            "unknown target triple 'cpu9000-a-b'");
  EXPECT_EQ(factsError(linux64, "z80", ""),
            "unknown cpu 'z80' for target 'x86_64-unknown-linux-gnu'");
  EXPECT_EQ(factsError(linux64, "x86-64", "+dotprod"),
            "unknown feature '+dotprod' for target "
            "'x86_64-unknown-linux-gnu'");
  EXPECT_EQ(factsError(linux64, "x86-64", "avx2"),
            "feature 'avx2' must begin with '+' or '-'");
}

TEST(ResolveTarget, NativeIsWrittenAsFeatures) {
  llvm::Expected<TargetName> host = resolveTarget("", "", "");
  ASSERT_TRUE(static_cast<bool>(host));
  EXPECT_NE(host->cpu, "native");
  EXPECT_FALSE(host->triple.empty());
  // What was resolved can be asked for its facts.
  EXPECT_EQ(factsError(host->triple, host->cpu, host->features), "no error");
  llvm::Expected<TargetName> again =
      resolveTarget(host->triple, "native", "");
  ASSERT_TRUE(static_cast<bool>(again));
  EXPECT_EQ(again->features, host->features);
}

TEST(ResolveTarget, ForeignTripleHasAPlainCPU) {
  llvm::Expected<TargetName> arm = resolveTarget("aarch64-linux-gnu", "", "");
  llvm::Expected<TargetName> x86 = resolveTarget("x86_64-linux-gnu", "", "");
  ASSERT_TRUE(arm && x86);
  EXPECT_EQ(arm->cpu, "generic");
  EXPECT_EQ(arm->triple, "aarch64-unknown-linux-gnu");
  EXPECT_EQ(x86->cpu, "x86-64");
  EXPECT_EQ(x86->features, "");
}

TEST(ResolveTarget, NativeOfAForeignTripleIsAnError) {
  llvm::Expected<TargetName> r =
      resolveTarget("riscv64-unknown-linux-gnu", "native", "");
  ASSERT_FALSE(static_cast<bool>(r));
  EXPECT_NE(llvm::toString(r.takeError()).find("name a cpu of that target"),
            std::string::npos);
}
