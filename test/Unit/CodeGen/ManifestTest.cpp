// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The manifest survives writing and reading, and refuses what is not one.

#include "qopt/CodeGen/Manifest.h"
#include "gtest/gtest.h"

using namespace qopt;

static ModelInterface makeModel() {
  ModelInterface model;
  model.name = "net";
  model.inputs.push_back({"in \"1\"",
                          {1, 2, 2, 3},
                          ElementKind::Int8,
                          {0.1, 0.2, 0.30000000000000004},
                          {0, 1, -128},
                          3});
  model.outputs.push_back(
      {"out", {1, 10}, ElementKind::UInt8, {1.0 / 3}, {255}, -1});
  model.outputs.push_back({"plain", {}, ElementKind::Float32, {}, {}, -1});
  model.arenaSize = 4096;
  model.target = {"aarch64-unknown-linux-gnu", "generic", "+dotprod"};
  model.layers.push_back({"conv", "conv_2d", 123456789});
  return model;
}

static std::string parseError(llvm::StringRef text) {
  auto model = parseManifest(text);
  return model ? "" : llvm::toString(model.takeError());
}

/// The text of makeModel's manifest with one piece replaced.
static std::string replaced(llvm::StringRef from, llvm::StringRef to) {
  std::string text = writeManifest(makeModel());
  size_t at = text.find(from.str());
  EXPECT_NE(at, std::string::npos) << from.str();
  return text.replace(at, from.size(), to.str());
}

TEST(Manifest, RoundTripKeepsEverything) {
  ModelInterface model = makeModel();
  auto read = parseManifest(writeManifest(model));
  ASSERT_TRUE(static_cast<bool>(read)) << llvm::toString(read.takeError());
  EXPECT_EQ(writeManifest(*read), writeManifest(model));
  EXPECT_EQ(read->inputs[0].scales, model.inputs[0].scales);
  EXPECT_EQ(read->inputs[0].zeroPoints, model.inputs[0].zeroPoints);
  EXPECT_EQ(read->inputs[0].axis, 3);
  EXPECT_EQ(read->outputs[1].getNumElements(), 1);
  EXPECT_EQ(read->layers[0].macs, 123456789);
}

TEST(Manifest, RefusesOtherText) {
  EXPECT_NE(parseError("").find("not JSON"), std::string::npos);
  EXPECT_NE(parseError("[]").find("'manifest.format' is missing"),
            std::string::npos);
  EXPECT_EQ(parseError(replaced("\"version\": 1", "\"version\": 2")),
            "manifest: version 2 of 'qopt.manifest' is not known, expected 1 "
            "of 'qopt.manifest'");
}

TEST(Manifest, RefusesWrongFields) {
  EXPECT_NE(parseError(replaced("\"net\"", "\"a b\"")).find("a C identifier"),
            std::string::npos);
  EXPECT_NE(parseError(replaced("\"uint8\"", "\"int3\""))
                .find("the name of an element type"),
            std::string::npos);
  EXPECT_NE(parseError(replaced("4096", "-1")).find("manifest.arena.size"),
            std::string::npos);
  EXPECT_NE(parseError(replaced("64\n", "48\n")).find("a power of two"),
            std::string::npos);
  EXPECT_NE(parseError(replaced("0.1", "-0.1")).find("positive numbers"),
            std::string::npos);
  EXPECT_NE(
      parseError(replaced("\"axis\": 3", "\"axis\": 1")).find("of 2 entries"),
      std::string::npos);
  EXPECT_NE(parseError(replaced("\"axis\": 3", "\"axis\": 4"))
                .find("an axis of the shape"),
            std::string::npos);
}

TEST(Manifest, RefusesSizesThatOverflow) {
  EXPECT_NE(parseError(replaced(" 10\n", " 1099511627776,1099511627776\n"))
                .find("an array of sizes"),
            std::string::npos);
}

TEST(ModelInterface, MakesIdentifiers) {
  EXPECT_EQ(makeIdentifier("net"), "net");
  EXPECT_EQ(makeIdentifier("8x8 net-1"), "m8x8_net_1");
  EXPECT_EQ(makeIdentifier(""), "m");
}
