// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// --bench: the time of whole runs.

#include "Commands.h"

#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"
#include <algorithm>

using namespace llvm;
using namespace qoptrun;

Example qoptrun::makeTimingExample(const qopt::ModelInterface &model) {
  Example example;
  for (const qopt::TensorInterface &input : model.inputs) {
    qopt::Tensor &tensor = example.emplace_back(input.kind, input.shape);
    if (input.kind == qopt::ElementKind::Float32)
      for (auto [index, value] : enumerate(tensor.get<float>()))
        value = 0.0625f * (index % 16);
    else if (!qopt::isFloat(input.kind))
      for (auto [index, byte] : enumerate(tensor.bytes))
        byte = static_cast<char>(
            input.kind == qopt::ElementKind::Bool ? index % 2 : index % 64);
  }
  return example;
}

Error qoptrun::runBench(OpenedModel &model, const Options &options) {
  Engine &engine = *model.engine;
  Example example = makeTimingExample(engine.getInterface());
  std::vector<double> times;
  double total = 0;
  size_t batch = 1;
  while (total < options.seconds) {
    // Batches grow, so that starting an emulator does not dominate.
    auto results = engine.run(std::vector<Example>(batch, example));
    if (!results)
      return results.takeError();
    double before = total;
    for (const Result &result : *results) {
      times.push_back(result.seconds);
      total += result.seconds;
    }
    // The first batch warms caches and is not counted.
    if (before == 0) {
      total = std::max(total * 1e-3, 1e-9);
      times.clear();
    }
    batch = std::min<size_t>(batch * 2, 256);
    if (times.size() > 10'000'000)
      break;
  }
  if (times.empty()) {
    auto results = engine.run(example);
    if (!results)
      return results.takeError();
    times.push_back(results->front().seconds);
  }
  llvm::sort(times);
  auto at = [&](double fraction) {
    return times[static_cast<size_t>(fraction * (times.size() - 1) + 0.5)];
  };
  if (options.json) {
    json::OStream out(outs(), /*IndentSize=*/1);
    out.object([&] {
      out.attribute("median_ms", at(0.5) * 1e3);
      out.attribute("min_ms", times.front() * 1e3);
      out.attribute("p95_ms", at(0.95) * 1e3);
      out.attribute("runs", static_cast<int64_t>(times.size()));
    });
    outs() << "\n";
    return Error::success();
  }
  outs() << formatv("median  {0,10:f4} ms\n", at(0.5) * 1e3)
         << formatv("minimum {0,10:f4} ms\n", times.front() * 1e3)
         << formatv("p95     {0,10:f4} ms\n", at(0.95) * 1e3)
         << formatv("runs    {0,10}\n", times.size());
  return Error::success();
}
