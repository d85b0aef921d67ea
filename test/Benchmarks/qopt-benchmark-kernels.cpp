// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Generated kernels against plain loops: each layer is timed both ways, the two
// results are compared, and a table follows: ratios, and for products of bytes
// the share of what the target's dot instruction reaches on registers alone.
// The flags are those of Google Benchmark, and
//   --strict                     the exit code is 1 when a kernel lost
//   --cpu=NAME, --features=LIST  another level than this machine's best
//   --grid                       many shapes of convolutions instead, for which
//                                the loops are not timed
//   --grid=large                 those of at least 128 channels in and out,
//   with
//                                strides and odd sizes
//   --weights=N                  the largest weight, 127 unless given: up to 32
//                                the peak is that of sums in 16 bits

#include "Cases.h"
#include "CompiledGraph.h"
#include "PeakRates.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"

#include <benchmark/benchmark.h>

#include <cmath>
#include <cstring>
#include <map>
#include <random>

using namespace qopt;
using namespace qopt::bench;

std::vector<int8_t> qopt::bench::randomBytes(size_t count, int least, int most,
                                             unsigned seed) {
  std::mt19937 random(seed);
  std::vector<int8_t> bytes(count);
  for (int8_t &b : bytes)
    b = static_cast<int8_t>(least + int(random() % unsigned(most - least + 1)));
  return bytes;
}

std::string qopt::bench::denseHex(const void *data, size_t size) {
  return "dense<\"0x" +
         llvm::toHex(llvm::ArrayRef<uint8_t>(static_cast<const uint8_t *>(data),
                                             size)) +
         "\">";
}

static void fillInput(char *data, size_t size, bool isFloat, unsigned seed) {
  std::vector<int8_t> bytes = randomBytes(size, -128, 127, seed);
  if (!isFloat) {
    std::memcpy(data, bytes.data(), size);
    return;
  }
  for (size_t i = 0; i < size / 4; ++i) {
    float value = bytes[i] * 0.0627f;
    std::memcpy(data + 4 * i, &value, 4);
  }
}

/// What differs between two results, or nothing.
static std::string compare(const char *found, const char *expected, size_t size,
                           double tolerance) {
  if (tolerance == 0) {
    for (size_t i = 0; i < size; ++i)
      if (found[i] != expected[i])
        return "byte " + std::to_string(i) + " is " + std::to_string(found[i]) +
               ", the plain loops have " + std::to_string(expected[i]);
    return "";
  }
  double largest = 0, difference = 0;
  for (size_t i = 0; i < size / 4; ++i) {
    float a, b;
    std::memcpy(&a, found + 4 * i, 4);
    std::memcpy(&b, expected + 4 * i, 4);
    largest = std::max(largest, std::abs(double(b)));
    difference = std::max(difference, std::abs(double(a) - b));
  }
  if (difference <= tolerance * largest)
    return "";
  return "results differ by " + std::to_string(difference);
}

namespace {

/// A case on its way: compiled when it first runs.
struct Contest {
  Case layer;
  std::unique_ptr<CompiledGraph> graph;
  std::vector<char> expected;

  void prepare() {
    if (graph)
      return;
    graph = std::make_unique<CompiledGraph>(layer.text);
    for (unsigned i = 0; i < layer.numInputs; ++i)
      fillInput(graph->getBuffer(i), graph->getSize(i), layer.takesFloats,
                i + 1);
    expected.resize(graph->getSize(layer.numInputs));
  }
  void runPlain() {
    const char *inputs[2];
    for (unsigned i = 0; i < layer.numInputs; ++i)
      inputs[i] = graph->getBuffer(i);
    layer.plain(inputs, expected.data());
  }
  std::string check() {
    graph->run();
    runPlain();
    return compare(graph->getBuffer(layer.numInputs), expected.data(),
                   expected.size(), layer.tolerance);
  }
};

/// Prints as usual and remembers the shortest time of each name.
class Remember : public benchmark::ConsoleReporter {
public:
  Remember() : ConsoleReporter(OO_Tabular) {}
  void ReportRuns(const std::vector<Run> &runs) override {
    ConsoleReporter::ReportRuns(runs);
    for (const Run &run : runs) {
      if (run.error_occurred) {
        failed = true;
        continue;
      }
      if (run.run_type != Run::RT_Iteration)
        continue;
      double time = run.cpu_accumulated_time / double(run.iterations);
      auto [it, isNew] = times.try_emplace(run.run_name.function_name, time);
      it->second = std::min(it->second, time);
    }
  }
  std::map<std::string, double> times;
  bool failed = false;
};

} // namespace

static void addContest(const std::shared_ptr<Contest> &contest,
                       bool timesPlain) {
  auto time = [&](const char *suffix, auto run) {
    benchmark::RegisterBenchmark(
        (contest->layer.name + suffix).c_str(),
        [contest, run](benchmark::State &state) {
          contest->prepare();
          std::string difference = contest->check();
          if (!difference.empty())
            return state.SkipWithError(difference.c_str());
          for (auto turn : state)
            run(*contest);
          state.counters["work/s"] =
              benchmark::Counter(double(contest->layer.work),
                                 benchmark::Counter::kIsIterationInvariantRate);
        })
        ->Unit(benchmark::kMicrosecond);
  };
  time(":qopt", [](Contest &c) { c.graph->run(); });
  if (timesPlain)
    time(":plain", [](Contest &c) { c.runPlain(); });
}

/// What two measurements of the same code may differ by.
static constexpr double even = 0.95;

/// Plain time over generated time, and how many are clearly below 1.
static unsigned printRatios(const std::vector<std::shared_ptr<Contest>> &all,
                            const Remember &times, bool isByteSum) {
  llvm::raw_ostream &os = llvm::outs();
  PeakRate peak = measurePeakRate(CompiledGraph::getFacts(), isByteSum);
  if (peak.macsPerSecond > 0)
    os << llvm::format("\npeak of %s: %.1f GMAC/s\n", peak.instructions.c_str(),
                       peak.macsPerSecond / 1e9);
  os << "\n"
     << llvm::left_justify("layer", 44)
     << "    qopt us    plain us   plain/qopt   GMAC/s  of peak\n";
  unsigned lost = 0, compared = 0;
  double sum = 0;
  for (const auto &contest : all) {
    auto a = times.times.find(contest->layer.name + ":qopt");
    auto b = times.times.find(contest->layer.name + ":plain");
    if (a == times.times.end())
      continue;
    os << llvm::left_justify(contest->layer.name, 44)
       << llvm::format("%11.3f", a->second * 1e6);
    double ratio = 1;
    if (b != times.times.end()) {
      ratio = b->second / a->second;
      sum += std::log(ratio);
      ++compared;
      os << llvm::format(" %11.3f %12.2f", b->second * 1e6, ratio);
    } else {
      os << llvm::format(" %11s %12s", "-", "-");
    }
    if (contest->layer.isDotProducts && peak.macsPerSecond > 0) {
      double rate = double(contest->layer.work) / a->second;
      os << llvm::format(" %8.1f %6.1f %%", rate / 1e9,
                         100 * rate / peak.macsPerSecond);
    }
    os << (ratio < even ? "  lost\n" : "\n");
    lost += ratio < even;
  }
  os << llvm::format("%u layers, %u lost", compared, lost);
  if (compared)
    os << llvm::format(", geometric mean %.2f", std::exp(sum / compared));
  os << "\n";
  return lost;
}

namespace {
/// The flags that are not Google Benchmark's.
struct Flags {
  bool isStrict = false, isGrid = false, isLarge = false;
  std::string cpu, features;
  int weights = 127;

  /// Takes them out of the list.
  void take(int &argc, char **argv) {
    int kept = 0;
    for (int i = 0; i < argc; ++i) {
      llvm::StringRef argument(argv[i]);
      if (argument == "--strict")
        isStrict = true;
      else if (argument == "--grid" || argument == "--grid=large") {
        isGrid = true;
        isLarge = argument != "--grid";
      } else if (argument.consume_front("--cpu="))
        cpu = argument.str();
      else if (argument.consume_front("--features="))
        features = argument.str();
      else if (argument.consume_front("--weights=") &&
               !argument.getAsInteger(10, weights) && weights >= 1 &&
               weights <= 127)
        continue;
      else
        argv[kept++] = argv[i];
    }
    argc = kept;
    argv[argc] = nullptr;
  }
};
} // namespace

int main(int argc, char **argv) {
  Flags flags;
  flags.take(argc, argv);
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv))
    return 1;
  setLargestWeight(flags.weights);
  CompiledGraph::setLevel(flags.cpu, flags.features);
  std::vector<std::shared_ptr<Contest>> contests;
  auto addAll = [&](std::vector<Case> cases) {
    for (Case &layer : cases) {
      contests.push_back(std::make_shared<Contest>());
      contests.back()->layer = std::move(layer);
      addContest(contests.back(), !flags.isGrid);
    }
  };
  if (flags.isGrid) {
    addAll(flags.isLarge ? largeGridCases() : gridCases());
  } else {
    addAll(convolutionCases());
    addAll(elementwiseCases());
    addAll(movementCases());
  }
  Remember reporter;
  benchmark::RunSpecifiedBenchmarks(&reporter);
  unsigned lost = printRatios(contests, reporter, flags.weights <= 32);
  return reporter.failed || (flags.isStrict && lost > 0);
}
