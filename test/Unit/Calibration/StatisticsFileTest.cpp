// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What was written is read back; anything else is an error with its place.

#include "qopt/Calibration/Statistics.h"

#include "Message.h"

#include <random>

using namespace qopt::calibration;
using testing::HasSubstr;

static std::string makeText() {
  Statistics statistics;
  statistics.model = "abc";
  statistics.tensors["x"].add({1.5f, -0.1f, 0.0f, 1e-45f}, 2);
  statistics.tensors["a \"b\""].add({3e38f, -3e38f}, 5000);
  statistics.tensors["empty"];
  std::string text;
  llvm::raw_string_ostream out(text);
  write(statistics, out);
  return text;
}

static std::string replaced(std::string from, std::string to) {
  std::string text = makeText();
  size_t at = text.rfind(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

TEST(StatisticsFile, RoundTrip) {
  std::string text = makeText();
  auto read = parse(text, "f");
  ASSERT_THAT(messageOf(read), "");
  std::string again;
  llvm::raw_string_ostream out(again);
  write(*read, out);
  EXPECT_EQ(again, text);
  EXPECT_EQ(read->tensors["x"].min, -0.1f);
}

TEST(StatisticsFile, Errors) {
  EXPECT_THAT(messageOf(parse("{", "f")), (HasSubstr("'f' is no JSON")));
  EXPECT_THAT(messageOf(parse("{}", "f")), (HasSubstr("holds no statistics")));
  EXPECT_THAT(messageOf(parse(replaced("\"version\":1", "\"version\":2"), "f")),
              std::string("'f' has version 2, expected 1; calibrate again with "
                          "this qopt"));
  EXPECT_THAT(
      messageOf(parse(replaced("\"samples\":1", "\"samples\":-1"), "f")),
      std::string("'f', tensor 'x': 'samples' is -1, expected a count"));
  EXPECT_THAT(messageOf(parse(replaced("\"min\":", "\"mim\":"), "f")),
              (HasSubstr("'min' is missing, expected a finite "
                         "float32 number")));
  EXPECT_THAT(messageOf(parse(replaced("\"max\":1.5", "\"max\":1e300"), "f")),
              (HasSubstr("expected a finite float32 number")));
  EXPECT_THAT(
      messageOf(parse(replaced("\"exponent\":-", "\"exponent\":9"), "f")),
      (HasSubstr("expected an integer in [-149, 116]")));
  EXPECT_THAT(
      messageOf(parse(replaced("\"elements\":4", "\"elements\":5"), "f")),
      (HasSubstr("histogram: the bins hold 4 elements, expected 5")));
  EXPECT_THAT(
      messageOf(parse(replaced("\"sum_of_maxima\":\"", "\"sum_of_maxima\":\"x"),
                      "f")),
      (HasSubstr("expected 96 hexadecimal digits")));
  EXPECT_THAT(messageOf(readStatistics("no-such-file")),
              (HasSubstr("cannot read 'no-such-file'")));
}

TEST(StatisticsFile, DamagedFilesAreReadOrRefused) {
  std::string text = makeText();
  std::mt19937 engine(1);
  for (int i = 0; i < 3000; ++i) {
    std::string damaged = text;
    for (unsigned n = engine() % 4 + 1; n-- > 0;)
      damaged[engine() % damaged.size()] = static_cast<char>(engine());
    if (i % 5 == 0)
      damaged.resize(engine() % damaged.size());
    auto read = parse(damaged, "f");
    if (!read)
      llvm::consumeError(read.takeError());
  }
}
