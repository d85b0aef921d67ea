// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// SHA-256 of known messages, and the version strings.

#include "qopt/Support/Hash.h"
#include "qopt/Support/Version.h"

#include "gtest/gtest.h"

using namespace qopt;

TEST(SHA256, KnownMessages) {
  EXPECT_EQ(sha256({}), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca49599"
                        "1b7852b855");
  const char abc[] = {'a', 'b', 'c'};
  EXPECT_EQ(sha256(abc),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff"
            "61f20015ad");
}

TEST(Version, NamesQoptAndLLVM) {
  EXPECT_TRUE(getVersionString().starts_with("qopt " + getVersion().str()));
  EXPECT_TRUE(getVersionString().contains("LLVM 22."));
}
