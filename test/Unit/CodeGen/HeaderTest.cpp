// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Names from model files cannot break out of the header, and numbers can be
// read back.

#include "qopt/CodeGen/Header.h"
#include "gtest/gtest.h"

using namespace qopt;

static std::string header(const TensorInterface &input) {
  ModelInterface model;
  model.name = "net";
  model.inputs.push_back(input);
  std::string text;
  llvm::raw_string_ostream stream(text);
  writeHeader(model, stream);
  return text;
}

TEST(Header, EscapesNames) {
  std::string text =
      header({"a*/ #error \\ \"??/\n", {4}, ElementKind::Int8, {}, {}, -1});
  EXPECT_NE(text.find("/** input 0: \"a_/ #error"), std::string::npos);
  EXPECT_NE(text.find("#define NET_INPUT_0_NAME \"a*/ #error \\134 "
                      "\\042\\077\\077/\\012\""),
            std::string::npos)
      << text;
}

TEST(Header, PrintsParameters) {
  std::string text = header({"x", {2, 3}, ElementKind::UInt8, {2.0}, {-5}, -1});
  EXPECT_NE(text.find("#define NET_INPUT_0_SCALE 2.0\n"), std::string::npos);
  EXPECT_NE(text.find("#define NET_INPUT_0_ZERO_POINT (-5)\n"),
            std::string::npos);
  EXPECT_NE(text.find("2x3 of uint8, real = 2.0 * (q - (-5))"),
            std::string::npos);
  text = header({"x", {2}, ElementKind::Int16, {1e-9, 0.1}, {0, 1}, 0});
  EXPECT_NE(text.find("#define NET_INPUT_0_SCALES {1.0000000000000001e-09, "
                      "0.10000000000000001}"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("#define NET_INPUT_0_ZERO_POINTS {0, 1}"),
            std::string::npos);
}

TEST(Header, ScalarHasNoShape) {
  std::string text = header({"x", {}, ElementKind::Float32, {}, {}, -1});
  EXPECT_NE(text.find("#define NET_INPUT_0_RANK 0"), std::string::npos);
  EXPECT_EQ(text.find("INPUT_0_SHAPE"), std::string::npos);
  EXPECT_NE(text.find("int net_run(const float *input_0, void *arena);"),
            std::string::npos);
}
