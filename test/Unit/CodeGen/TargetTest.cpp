// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a user's target means.

#include "qopt/CodeGen/Target.h"
#include "llvm/MC/MCSubtargetInfo.h"
#include "gtest/gtest.h"

using namespace qopt;

static std::string targetError(const TargetSpec &spec) {
  auto machine = createTargetMachine(spec);
  return machine ? "" : llvm::toString(machine.takeError());
}

TEST(Target, NamedTargetBringsNothingOfThisMachine) {
  TargetSpec spec = resolveTarget("x86_64-linux-gnu", "", "+avx2");
  EXPECT_EQ(spec.triple, "x86_64-unknown-linux-gnu");
  EXPECT_EQ(spec.cpu, "x86-64");
  EXPECT_EQ(spec.features, "+avx2");
  EXPECT_TRUE(spec.isX86());
  spec = resolveTarget("aarch64-linux-gnu", "", "");
  EXPECT_EQ(spec.cpu, "generic");
  EXPECT_EQ(spec.features, "");
  EXPECT_TRUE(spec.isAArch64());
}

TEST(Target, LaterFeaturesWin) {
  auto machine = createTargetMachine(
      resolveTarget("x86_64-linux-gnu", "", "+avx512f,+avx512vnni,-avx512f"));
  ASSERT_TRUE(static_cast<bool>(machine));
  auto *info = (*machine)->getMCSubtargetInfo();
  EXPECT_FALSE(info->checkFeatures("+avx512vnni"));
  EXPECT_TRUE(info->checkFeatures("+avx2"));
}

TEST(Target, UnknownNamesAreErrors) {
  EXPECT_EQ(targetError({"x86_64-unknown-linux-gnu", "x86-64", "+nothing"}),
            "unknown feature 'nothing' for target 'x86_64-unknown-linux-gnu'");
  EXPECT_NE(targetError({"x86_64-unknown-linux-gnu", "nothing", ""})
                .find("unknown CPU 'nothing'"),
            std::string::npos);
  EXPECT_NE(targetError({"riscv64-unknown-linux-gnu", "generic", ""})
                .find("unsupported target"),
            std::string::npos);
}

TEST(Target, HostRunsItsOwnCode) {
  TargetSpec spec = resolveTarget("", "", "");
  auto machine = createTargetMachine(spec);
  ASSERT_TRUE(static_cast<bool>(machine));
  EXPECT_EQ(llvm::toString(checkHostCanRun(**machine)), "");
  TargetSpec other = resolveTarget(
      spec.isX86() ? "aarch64-linux-gnu" : "x86_64-linux-gnu", "", "");
  machine = createTargetMachine(other);
  ASSERT_TRUE(static_cast<bool>(machine));
  EXPECT_NE(llvm::toString(checkHostCanRun(**machine)).find("cannot run code"),
            std::string::npos);
}
