// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Samples of .npy, .npz and raw files, of one input and of two.

#include "Files.h"

#include "llvm/Support/Endian.h"

#include <zlib.h>

using namespace qopt;
using namespace qopt::samples;
using testing::ElementsAre;
using testing::HasSubstr;

static const InputFormat pair{"x", ElementKind::Float32, {1, 2}};
static const InputFormat single{"y", ElementKind::Float32, {1, 1}};

static void append16(std::string &to, uint16_t value) {
  to.append({char(value), char(value >> 8)});
}
static void append32(std::string &to, uint32_t value) {
  append16(to, value);
  append16(to, value >> 16);
}

/// A zip archive, written by hand; every second member is deflated.
static std::string
makeZip(llvm::ArrayRef<std::pair<std::string, std::string>> members) {
  std::string file, directory;
  for (auto [index, member] : llvm::enumerate(members)) {
    auto &[name, content] = member;
    std::string packed = content;
    bool deflate = index % 2;
    if (deflate) {
      z_stream stream = {};
      deflateInit2(&stream, 9, Z_DEFLATED, -MAX_WBITS, 8, 0);
      packed.resize(content.size() + 1000);
      stream.next_in =
          reinterpret_cast<Bytef *>(const_cast<char *>(content.data()));
      stream.avail_in = content.size();
      stream.next_out = reinterpret_cast<Bytef *>(packed.data());
      stream.avail_out = packed.size();
      ::deflate(&stream, Z_FINISH);
      packed.resize(stream.total_out);
      deflateEnd(&stream);
    }
    std::string common;
    append16(common, 20);
    append16(common, 0);
    append16(common, deflate ? 8 : 0);
    append32(common, 0);
    append32(common, 0);
    append32(common, packed.size());
    append32(common, content.size());
    append16(common, name.size());
    directory += "PK\1\2";
    append16(directory, 20);
    directory += common;
    append16(directory, 0);
    append16(directory, 0);
    append32(directory, 0);
    append32(directory, 0);
    append32(directory, file.size());
    directory += name;
    file += "PK\3\4" + common;
    append16(file, 0);
    file += name + packed;
  }
  std::string end = "PK\5\6";
  append32(end, 0);
  append16(end, members.size());
  append16(end, members.size());
  append32(end, directory.size());
  append32(end, file.size());
  append16(end, 0);
  return file + directory + end;
}

TEST_F(SamplesTest, npy_in_order) {
  std::string a =
      write("a.npy", printNpy(makeTensor<float>({3, 2}, {1, 2, 3, 4, 5, 6})));
  std::string b = write("b.npy", printNpy(makeTensor<float>({1, 2}, {7, 8})));
  EXPECT_THAT(readAll({a, b}, pair), ElementsAre(1, 2, 3, 4, 5, 6, 7, 8));
  // A batch of one may be missing in the file.
  EXPECT_THAT(readAll({a}, InputFormat{"x", ElementKind::Float32, {1, 2, 1}}),
              ElementsAre(1, 2, 3, 4, 5, 6));
}

TEST_F(SamplesTest, mean_and_scale_of_channels) {
  std::string a =
      write("a.npy", printNpy(makeTensor<uint8_t>({2, 2}, {10, 20, 30, 40})));
  SampleOptions options;
  options.mean = {10, 20};
  options.scale = {0.5, 2};
  EXPECT_THAT(readAll({a}, pair, options), ElementsAre(0, 0, 10, 40));
  options.mean = {1, 2, 3};
  EXPECT_EQ(getError({a}, pair, options),
            "3 means were given, expected 1 or, for the channels of input 'x', "
            "2");
}

TEST_F(SamplesTest, two_inputs) {
  std::string x =
      write("x.npy", printNpy(makeTensor<float>({2, 2}, {1, 2, 3, 4})));
  std::string y = write("y.npy", printNpy(makeTensor<double>({2, 1}, {5, 6})));
  std::vector<InputFormat> inputs = {pair, single};
  EXPECT_THAT(readAll({x, y}, inputs), ElementsAre(1, 2, 5, 3, 4, 6));
  EXPECT_THAT(readAll({"y=" + y, "x=" + x}, inputs),
              ElementsAre(1, 2, 5, 3, 4, 6));
  EXPECT_EQ(getError({x, y, x}, inputs),
            "input 'y' has 2 samples, expected 4 as for input 'x'");
  EXPECT_THAT(getError({"z=" + x}, inputs),
              HasSubstr("'z' no input of the model; expected 'x' or 'y'"));
}

TEST_F(SamplesTest, raw) {
  std::string raw = write("a.raw", llvm::StringRef("\1\2\3\4", 4));
  SampleOptions options;
  options.rawKind = ElementKind::UInt8;
  EXPECT_THAT(readAll({raw}, pair, options), ElementsAre(1, 2, 3, 4));
  EXPECT_EQ(getError({raw}, pair),
            "'" + raw +
                "' has 4 bytes, expected a multiple of 8: samples of float32 "
                "for input 'x' of shape 1x2");
}

TEST_F(SamplesTest, npz_by_name_and_by_order) {
  std::string x = printNpy(makeTensor<float>({2, 2}, {1, 2, 3, 4}));
  std::string y = printNpy(makeTensor<float>({2, 1}, {5, 6}));
  std::vector<InputFormat> inputs = {pair, single};
  std::string named = write("named.npz", makeZip({{"y.npy", y}, {"x.npy", x}}));
  EXPECT_THAT(readAll({named}, inputs), ElementsAre(1, 2, 5, 3, 4, 6));
  std::string ordered =
      write("ordered.npz", makeZip({{"arr_0.npy", x}, {"arr_1.npy", y}}));
  EXPECT_THAT(readAll({ordered}, inputs), ElementsAre(1, 2, 5, 3, 4, 6));
  EXPECT_THAT(getError({ordered}, pair),
              HasSubstr("holds arr_0.npy, arr_1.npy; expected 'x.npy' for "
                        "input 'x', or as many"));
}

TEST_F(SamplesTest, deflated_members_are_read_in_pieces) {
  std::vector<float> values(200000);
  for (size_t i = 0; i < values.size(); ++i)
    values[i] = i;
  std::string packed = write(
      "big.npz",
      makeZip({{"other.npy", ""},
               {"x.npy", printNpy(makeTensor<float>({100000, 2}, values))}}));
  EXPECT_EQ(readAll({packed}, pair), values);
  // Backwards, too.
  auto set = SampleSet::open({packed}, pair);
  ASSERT_TRUE(bool(set));
  std::vector<Tensor> sample;
  for (int64_t index : {99999, 5, 6, 0}) {
    ASSERT_FALSE(bool(set->read(index, sample)));
    EXPECT_EQ(sample[0].get<float>()[0], 2 * index);
  }
}

TEST_F(SamplesTest, damaged_archives_are_errors) {
  std::string x = printNpy(makeTensor<float>({2, 2}, {1, 2, 3, 4}));
  std::string good = makeZip({{"y.npy", x}, {"x.npy", x}});
  // Any prefix, and any byte changed: an error or other numbers, no crash.
  for (size_t size = 0; size < good.size(); size += 7)
    getError({write("cut.npz", good.substr(0, size))}, pair);
  for (size_t i = 0; i < good.size(); ++i) {
    std::string bad = good;
    bad[i] = ~bad[i];
    getError({write("bad.npz", bad)}, pair);
  }
  EXPECT_THAT(getError({write("cut.npz", good.substr(0, 100))}, pair),
              HasSubstr("no .npz or damaged: it has no end record"));
}

TEST_F(SamplesTest, wrong_arrays_are_named) {
  std::string x =
      write("x.npy", printNpy(makeTensor<float>({3, 1}, {1, 2, 3})));
  EXPECT_EQ(getError({x}, pair), "'" + x +
                                     "' has shape 3x1, expected N times 2 "
                                     "elements for input 'x' of shape 1x2");
  std::string turned =
      write("t.npy", printNpy(makeTensor<float>({2, 3}, {1, 2, 3, 4, 5, 6})));
  EXPECT_THAT(getError({turned}, pair),
              HasSubstr("expected a first dimension of 3"));
  InputFormat tokens{"ids", ElementKind::Int32, {1, 2}};
  std::string floats =
      write("f.npy", printNpy(makeTensor<float>({1, 2}, {1, 2})));
  EXPECT_THAT(getError({floats}, tokens),
              HasSubstr("holds float32, expected int32 for input 'ids'"));
  std::string bytes = printNpy(makeTensor<float>({3, 2}, {1, 2, 3, 4, 5, 6}));
  EXPECT_THAT(
      getError({write("c.npy", bytes.substr(0, bytes.size() - 1))}, pair),
      HasSubstr("needs 24 bytes, but has 23"));
  EXPECT_THAT(getError({path("none.npy")}, pair), HasSubstr("cannot read"));
  EXPECT_EQ(getError({}, pair), "no samples were given");
}
