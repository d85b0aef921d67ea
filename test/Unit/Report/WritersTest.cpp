// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A report with everything that can be in one, names that would break out of
// markup among them, through each writer.

#include "qopt/Report/Writers.h"

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include <cmath>
#include <limits>

using namespace qopt::report;
using testing::HasSubstr;
using testing::Not;

static const double infinity = std::numeric_limits<double>::infinity();

static Activation makeActivation(std::string name) {
  return {std::move(name),
          {-1.5, 6},
          {-1, 5},
          0.0235,
          -85,
          "i8",
          0.001,
          {{-2, 8}, {3, 0, 100000, 52, 1}}};
}

static Report makeReport() {
  Report report;
  report.model = "a<b>&\"c\".onnx";
  report.scheme = "int8";
  report.profile = "tflite";
  report.version = "qopt test";
  report.samples = 40;
  report.inputs = {makeActivation("image")};
  Layer quiet;
  quiet.name = "conv/1";
  quiet.kind = "conv_2d";
  quiet.alone = 45.25;
  quiet.cumulative = 40.5;
  quiet.integer = 40.5;
  quiet.activation = makeActivation("conv/1");
  quiet.weights =
      Weights{"i4", true, {{-1, 2}, {-8, 9}}, {{-1, 1}, {-1, 1}}, 4096, 512};
  Layer loud = quiet;
  loud.name = "conv/2 </td><script>";
  loud.alone = 12.5;
  Layer exact;
  exact.name = "pool";
  exact.kind = "max_pool_2d";
  exact.alone = infinity;
  Layer floating;
  floating.name = floating.kind = "softmax";
  floating.isInteger = false;
  floating.reason = "the recipe keeps it float";
  report.layers = {quiet, loud, exact, floating};
  report.outputs = {{"logits", 33.25, 33.0, 2, 1000}};
  report.floatConstants = 99000;
  report.quantizedConstants = 26000;
  report.quantizedArena = 4096;
  return report;
}

template <typename Writer>
static std::string write(Writer writer, const Report &report) {
  std::string text;
  llvm::raw_string_ostream out(text);
  writer(report, out);
  return text;
}

/// The first tag that is not closed where it should be; empty when all are.
static std::string findOpenTag(llvm::StringRef page) {
  std::vector<std::string> open;
  page.consume_front("<!DOCTYPE html>");
  while (true) {
    size_t begin = page.find('<');
    if (begin == llvm::StringRef::npos)
      return open.empty() ? "" : open.back();
    page = page.drop_front(begin + 1);
    size_t end = page.find('>');
    if (end == llvm::StringRef::npos)
      return "<";
    llvm::StringRef tag = page.take_front(end);
    page = page.drop_front(end + 1);
    if (tag.ends_with("/"))
      continue;
    std::string name = tag.take_until([](char c) { return c == ' '; }).str();
    if (name.empty())
      return "<>";
    if (name[0] != '/') {
      open.push_back(name);
      continue;
    }
    if (open.empty() || "/" + open.back() != name)
      return name;
    open.pop_back();
  }
}

TEST(WritersTest, OrdersByWhatALayerLosesAlone) {
  Report report = makeReport();
  auto layers = sortBySensitivity(report);
  ASSERT_EQ(layers.size(), 4u);
  EXPECT_EQ(layers[0]->name, "conv/2 </td><script>");
  EXPECT_EQ(layers[1]->name, "conv/1");
  EXPECT_EQ(layers[2]->name, "pool");
  EXPECT_EQ(layers[3]->name, "softmax");
}

TEST(WritersTest, PageIsOneWellFormedFile) {
  std::string page = write(writeHTML, makeReport());
  EXPECT_EQ(findOpenTag(page), "");
  EXPECT_THAT(page, Not(HasSubstr("<script")));
  EXPECT_THAT(page, Not(HasSubstr("src=")));
  EXPECT_THAT(page, Not(HasSubstr("href=")));
  EXPECT_THAT(page, Not(HasSubstr("url(")));
  EXPECT_THAT(page, HasSubstr("a&lt;b&gt;&amp;&quot;c&quot;.onnx"));
  EXPECT_THAT(page, HasSubstr("the recipe keeps it float"));
  EXPECT_THAT(page, HasSubstr("SQNR in dB"));
  EXPECT_THAT(page, HasSubstr("output channel"));
  EXPECT_THAT(page, HasSubstr("25.4 KiB"));
}

TEST(WritersTest, PageTakesDarkFromTheSystem) {
  EXPECT_THAT(write(writeHTML, makeReport()),
              HasSubstr("@media (prefers-color-scheme: dark)"));
}

TEST(WritersTest, EmptyReportIsStillAPage) {
  std::string page = write(writeHTML, Report());
  EXPECT_EQ(findOpenTag(page), "");
  EXPECT_THAT(page, Not(HasSubstr("nan")));
}

TEST(WritersTest, StrangeNumbersStayOutOfThePlots) {
  Report report = makeReport();
  report.layers[0].alone = std::nan("");
  report.layers[0].cumulative = -infinity;
  report.layers[0].activation->observed = {-infinity, infinity};
  report.layers[0].activation->chosen = {0, 0};
  report.layers[0].weights->after = {{0, 0}};
  std::string page = write(writeHTML, report);
  EXPECT_EQ(findOpenTag(page), "");
  EXPECT_THAT(page, Not(HasSubstr("=\"nan")));
  EXPECT_THAT(page, Not(HasSubstr("=\"-nan")));
  EXPECT_THAT(page, Not(HasSubstr("inf\"")));
}

TEST(WritersTest, JSONCanBeRead) {
  Report report = makeReport();
  report.layers[1].name = "\xff broken";
  auto parsed = llvm::json::parse(write(writeJSON, report));
  ASSERT_TRUE(bool(parsed)) << toString(parsed.takeError());
  const auto &root = *parsed->getAsObject();
  EXPECT_EQ(root.getInteger("format"), 1);
  EXPECT_EQ(root.getString("scheme"), "int8");
  const auto &layers = *root.getArray("layers");
  ASSERT_EQ(layers.size(), 4u);
  const auto &first = *layers[0].getAsObject();
  EXPECT_EQ(first.getNumber("sqnr_alone"), 45.25);
  EXPECT_EQ(first.getObject("weights")->getArray("ranges_before")->size(), 2u);
  EXPECT_EQ(first.getObject("activation")
                ->getObject("histogram")
                ->getArray("counts")
                ->size(),
            5u);
  EXPECT_EQ(layers[2].getAsObject()->getString("sqnr_alone"), "inf");
  EXPECT_TRUE(layers[3].getAsObject()->getNull("sqnr_alone"));
  EXPECT_EQ(layers[3].getAsObject()->getBoolean("integer"), false);
  EXPECT_EQ(root.getArray("most_sensitive")->size(), 3u);
}

TEST(WritersTest, TableLinesUp) {
  Report report = makeReport();
  report.layers[0].name = "größe/é";
  std::string text;
  llvm::raw_string_ostream out(text);
  writeTable(report, out, 100);
  EXPECT_THAT(text, HasSubstr("   layer                 op           "
                              "bits   alone dB  so far dB  integer dB\n"
                              "1  conv/2 </td><script>  conv_2d      "
                              "i4/i8      12.5       40.5        40.5  ██▏\n"
                              "2  größe/é               conv_2d      "
                              "i4/i8      45.2       40.5        40.5  "));
  EXPECT_THAT(text, HasSubstr("2 of 1000 stored values differ"));
  EXPECT_THAT(text, HasSubstr("softmax (softmax): the recipe keeps it float"));
}

TEST(WritersTest, NarrowTableKeepsTheEndOfNames) {
  Report report = makeReport();
  report.layers[0].name = "model/stage_1/block_1/conv_2d/BiasAdd_end";
  std::string text;
  llvm::raw_string_ostream out(text);
  writeTable(report, out, 80);
  EXPECT_THAT(text, HasSubstr("…d/BiasAdd_end "));
}
