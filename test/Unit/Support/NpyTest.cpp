// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// .npy files: round trips, what numpy writes, and hostile bytes.

#include "qopt/Support/Npy.h"

#include "llvm/Support/FileSystem.h"

#include "gtest/gtest.h"

using namespace qopt;

/// A file of format version `major` with the given header and data.
static std::string makeFile(std::string header, std::string data = "",
                            int major = 1) {
  std::string file("\x93NUMPY");
  file += static_cast<char>(major);
  file += '\0';
  for (int i = 0; i < (major == 1 ? 2 : 4); ++i)
    file += static_cast<char>(header.size() >> (8 * i) & 0xff);
  return file + header + data;
}

static std::string reasonFor(const std::string &bytes) {
  llvm::Expected<Tensor> tensor = parseNpy(bytes, "x.npy");
  if (tensor)
    return "no error";
  return llvm::toString(tensor.takeError());
}

TEST(Npy, RoundTripOfEveryKind) {
  for (int k = 0; k <= static_cast<int>(ElementKind::Float64); ++k) {
    for (const std::vector<int64_t> &shape :
         std::vector<std::vector<int64_t>>{{}, {3}, {2, 1, 3}, {2, 0}}) {
      Tensor t(static_cast<ElementKind>(k), shape);
      for (size_t i = 0; i < t.bytes.size(); ++i)
        t.bytes[i] = static_cast<char>(i);
      std::string file = printNpy(t);
      llvm::Expected<Tensor> back = parseNpy(file, "x.npy");
      ASSERT_TRUE(bool(back)) << llvm::toString(back.takeError());
      EXPECT_EQ(*back, t);
      EXPECT_EQ((file.size() - t.bytes.size()) % 64, 0u);
    }
  }
}

TEST(Npy, HeaderIsNumpys) {
  std::string file = printNpy(Tensor(ElementKind::Float32, {1, 8}));
  EXPECT_NE(file.find("{'descr': '<f4', 'fortran_order': False, 'shape': "
                      "(1, 8), }"),
            std::string::npos);
  file = printNpy(Tensor(ElementKind::Int8, {5}));
  EXPECT_NE(file.find("'|i1', 'fortran_order': False, 'shape': (5,), }"),
            std::string::npos);
}

TEST(Npy, ThroughAFile) {
  llvm::SmallString<128> path;
  ASSERT_FALSE(llvm::sys::fs::createTemporaryFile("qopt", "npy", path));
  Tensor t(ElementKind::Int32, {2});
  t.get<int32_t>()[1] = -7;
  EXPECT_FALSE(bool(writeNpy(path, t)));
  llvm::Expected<Tensor> back = readNpy(path);
  ASSERT_TRUE(bool(back));
  EXPECT_EQ(*back, t);
  llvm::sys::fs::remove(path);
  EXPECT_EQ(llvm::toString(readNpy(path).takeError()),
            (path + ": No such file or directory").str());
  EXPECT_EQ(llvm::toString(writeNpy("no-such-folder/x.npy", t)),
            "no-such-folder/x.npy: No such file or directory");
}

TEST(Npy, AllFormatVersionsAndSpellings) {
  std::string header =
      "{\"shape\":(2,), 'fortran_order':False,'descr':'<i2'}\n";
  for (int major : {1, 2, 3}) {
    llvm::Expected<Tensor> t =
        parseNpy(makeFile(header, std::string("\1\0\2\0", 4), major), "x.npy");
    ASSERT_TRUE(bool(t)) << llvm::toString(t.takeError());
    EXPECT_EQ(t->get<int16_t>()[1], 2);
  }
  // One dimension has no order; '<i1' is '|i1'.
  EXPECT_EQ(reasonFor(makeFile(
                "{'descr': '<i1', 'fortran_order': True, 'shape': (1,)}", "x")),
            "no error");
}

TEST(Npy, Reasons) {
  const std::string end = ", 'fortran_order': False, 'shape': (2,)}";
  EXPECT_EQ(reasonFor("PK\3\4"),
            "x.npy: not a .npy file, expected it to begin with \\x93NUMPY");
  EXPECT_EQ(reasonFor("\x93NUMPY\1"), "x.npy: truncated in the npy preamble");
  EXPECT_EQ(reasonFor(makeFile("{}", "", 4)),
            "x.npy: npy format version 4 is not supported, expected 1, 2 or 3");
  EXPECT_EQ(reasonFor(makeFile(std::string(300, ' ')).substr(0, 100)),
            "x.npy: npy header of 300 bytes, but only 90 are left");
  EXPECT_EQ(reasonFor(makeFile("[]")),
            "x.npy: npy header: expected a dictionary, found '[]'");
  EXPECT_EQ(reasonFor(makeFile("{'descr': '<f2'" + end)),
            "x.npy: element type '<f2' is not supported, expected one of bool, "
            "int8, uint8, int16, uint16, int32, uint32, int64, float32, "
            "float64 in little endian; convert with array.astype()");
  EXPECT_NE(reasonFor(makeFile("{'descr': '>i4'" + end)).find("'>i4'"),
            std::string::npos);
  EXPECT_EQ(reasonFor(makeFile("{'descr': '|i1'" + end, "abc")),
            "x.npy: array of int8 2 needs 2 bytes, found 3");
  EXPECT_EQ(reasonFor(makeFile("{'descr': '|i1'" + end, "a")),
            "x.npy: array of int8 2 needs 2 bytes, found 1");
  EXPECT_EQ(
      reasonFor(makeFile(
          "{'descr': '|i1', 'fortran_order': True, 'shape': (1, 1)}", "a")),
      "x.npy: array is in Fortran order, expected C order; convert with "
      "numpy.ascontiguousarray()");
  EXPECT_EQ(reasonFor(makeFile("{'descr': '|i1'}")),
            "x.npy: npy header: expected the keys 'descr', 'fortran_order' and "
            "'shape'");
  EXPECT_EQ(reasonFor(makeFile("{'descr': '|i1', 'descr': '|i1'}")),
            "x.npy: npy header: unexpected key 'descr'");
}

TEST(Npy, HostileShapes) {
  auto withShape = [](const std::string &shape) {
    return reasonFor(makeFile(
        "{'descr': '<f8', 'fortran_order': False, 'shape': " + shape + "}"));
  };
  EXPECT_EQ(withShape("(4611686018427387904, 4611686018427387904)"),
            "x.npy: array of float64 4611686018427387904x4611686018427387904 "
            "needs more than 2^64 bytes, found 0");
  EXPECT_EQ(withShape("(4611686018427387904, 4611686018427387904, 0)"),
            "no error");
  EXPECT_EQ(withShape("(-1,)"), "x.npy: npy header: expected a dimension of 0 "
                                "or more, found '-1,)}'");
  EXPECT_EQ(withShape("(99999999999999999999,)"),
            "x.npy: npy header: expected a dimension of 0 or more, found "
            "'9999999999999999'");
  EXPECT_EQ(withShape("(1 2)"),
            "x.npy: npy header: expected ',' or ')' in 'shape', found '2)}'");
  std::string many = "(";
  for (int i = 0; i < 40; ++i)
    many += "1,";
  EXPECT_EQ(withShape(many + ")"),
            "x.npy: npy header: more than 32 dimensions");
}

TEST(Npy, EveryPrefixAndEveryFlippedByteIsAnErrorOrATensor) {
  Tensor t(ElementKind::Int16, {3, 5});
  std::string file = printNpy(t);
  for (size_t n = 0; n < file.size(); ++n)
    EXPECT_NE(reasonFor(file.substr(0, n)), "no error") << n;
  for (size_t i = 0; i < file.size(); ++i)
    for (int bit = 0; bit < 8; ++bit) {
      std::string flipped = file;
      flipped[i] = static_cast<char>(flipped[i] ^ (1 << bit));
      llvm::consumeError(parseNpy(flipped, "x.npy").takeError());
    }
}
