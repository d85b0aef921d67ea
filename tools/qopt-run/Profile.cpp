// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// --profile: where the time goes, layer by layer.

#include "Commands.h"

#include "qopt/Support/Names.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"

using namespace llvm;
using namespace qoptrun;

namespace {
struct Row {
  std::string name;
  std::string kernel;
  double seconds;
  double share;
  int64_t macs;
  double getGMacs() const { return seconds > 0 ? macs / seconds * 1e-9 : 0; }
};
} // namespace

static void printTable(ArrayRef<Row> rows, double perRun, int64_t macs) {
  size_t nameWidth = 5, kernelWidth = 6;
  for (const Row &row : rows) {
    nameWidth = std::max(nameWidth, std::min<size_t>(row.name.size(), 48));
    kernelWidth = std::max(kernelWidth, row.kernel.size());
  }
  auto print = [&](StringRef name, StringRef kernel, StringRef time,
                   StringRef share, StringRef speed) {
    outs() << left_justify(qopt::shortenName(name, nameWidth), nameWidth)
           << "  " << left_justify(kernel, kernelWidth)
           << right_justify(time, 12) << right_justify(share, 9)
           << right_justify(speed, 9) << "\n";
  };
  print("layer", "kernel", "time", "share", "GMAC/s");
  auto speed = [](const Row &row) {
    return row.macs > 0 ? formatv("{0:f1}", row.getGMacs()).str()
                        : std::string("-");
  };
  for (const Row &row : rows)
    print(row.name, row.kernel, formatv("{0:f2} us", row.seconds * 1e6).str(),
          formatv("{0:f1} %", row.share * 100).str(), speed(row));
  Row total{"total", "", perRun, 1, macs};
  print(total.name, "", formatv("{0:f2} us", perRun * 1e6).str(), "100.0 %",
        speed(total));
}

static void printJSON(ArrayRef<Row> rows, double perRun) {
  json::OStream out(outs(), /*IndentSize=*/1);
  out.object([&] {
    out.attribute("total_us", perRun * 1e6);
    out.attributeArray("layers", [&] {
      for (const Row &row : rows)
        out.object([&] {
          out.attribute("name", json::fixUTF8(row.name));
          out.attribute("kernel", row.kernel);
          out.attribute("us", row.seconds * 1e6);
          out.attribute("share", row.share);
          out.attribute("macs", row.macs);
          out.attribute("gmacs_per_s", row.getGMacs());
        });
    });
  });
  outs() << "\n";
}

Error qoptrun::runProfile(OpenedModel &model, const Options &options) {
  Engine &engine = *model.engine;
  Example example = makeTimingExample(engine.getInterface());
  auto run = [&](size_t count, double &seconds) -> Error {
    auto results = engine.run(std::vector<Example>(count, example));
    if (!results)
      return results.takeError();
    for (const Result &result : *results)
      seconds += result.seconds;
    return Error::success();
  };
  double warm = 0;
  if (Error error = run(2, warm))
    return error;
  std::vector<uint64_t> before = engine.getTicks();
  double seconds = 0;
  size_t numRuns = 0;
  while (seconds < options.seconds) {
    size_t batch = std::clamp<size_t>(numRuns, 1, 64);
    if (Error error = run(batch, seconds))
      return error;
    numRuns += batch;
  }
  std::vector<uint64_t> ticks = engine.getTicks();
  uint64_t sum = 0;
  for (size_t i = 0; i < ticks.size(); ++i)
    sum += ticks[i] -= before[i];
  // The clock's frequency is not known: the ticks of all layers make up the
  // whole run but for the time between them, which is a few instructions.
  double perRun = seconds / numRuns;
  std::vector<Row> rows;
  int64_t macs = 0;
  for (auto [layer, count] : zip(engine.getInterface().layers, ticks)) {
    double share = sum > 0 ? static_cast<double>(count) / sum : 0;
    rows.push_back(
        {layer.name, layer.kernel, share * perRun, share, layer.macs});
    macs += layer.macs;
  }
  if (options.json)
    printJSON(rows, perRun);
  else
    printTable(rows, perRun, macs);
  return Error::success();
}
