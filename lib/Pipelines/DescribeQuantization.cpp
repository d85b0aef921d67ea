// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// See DescribeQuantization.h. What is outside a chosen range is known as well
// as the histogram's bins are fine: a bin counts as outside if its middle is.

#include "DescribeQuantization.h"

#include "DescribeLayer.h"
#include "LayerMatching.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "qopt/Calibration/Statistics.h"
#include "llvm/Support/MathExtras.h"

using namespace llvm;
using namespace qopt;
using calibration::Histogram;

static constexpr int64_t mostBins = 64;

/// The bins that hold values, put together to a few.
static report::Histogram rebin(const Histogram &histogram) {
  int64_t first = Histogram::binsPerSide, last = -Histogram::binsPerSide - 1;
  for (int64_t bin = -Histogram::binsPerSide; bin < Histogram::binsPerSide;
       ++bin)
    if (histogram.getCount(bin)) {
      first = std::min(first, bin);
      last = bin;
    }
  report::Histogram result;
  if (first > last)
    return result;
  int64_t group = divideCeil(last - first + 1, mostBins);
  for (int64_t begin = first; begin <= last; begin += group) {
    uint64_t count = 0;
    for (int64_t bin = begin;
         bin < std::min(begin + group, Histogram::binsPerSide); ++bin)
      count += histogram.getCount(bin);
    result.counts.push_back(count);
  }
  result.range.low = histogram.getLowerEnd(first);
  result.range.high = result.range.low + histogram.getBinWidth() * group *
                                             double(result.counts.size());
  return result;
}

/// The share of what was counted outside a range.
static double getShareOutside(const Histogram &histogram,
                              const report::Activation &activation) {
  double half = histogram.getBinWidth() / 2, slack = activation.scale / 2;
  uint64_t outside = 0, total = 0;
  for (int64_t bin = -Histogram::binsPerSide; bin < Histogram::binsPerSide;
       ++bin) {
    uint64_t count = histogram.getCount(bin);
    if (!count)
      continue;
    double middle = histogram.getLowerEnd(bin) + half;
    total += count;
    if (middle < activation.chosen.low - slack ||
        middle > activation.chosen.high + slack)
      outside += count;
  }
  return total ? double(outside) / double(total) : 0;
}

static void complete(std::optional<report::Activation> &activation,
                     const calibration::Statistics &statistics) {
  if (!activation)
    return;
  const calibration::TensorStatistics *known =
      statistics.find(activation->name);
  if (!known || known->extent.isEmpty())
    return;
  activation->observed = {known->extent.min, known->extent.max};
  activation->histogram = rebin(known->histogram);
  activation->clipped = getShareOutside(known->histogram, *activation);
}

Error qopt::describeQuantization(const QuantizationStages &stages,
                                 const QuantizeOptions &options,
                                 report::Report &report) {
  calibration::Statistics statistics;
  if (!options.statistics.empty()) {
    auto loaded = calibration::loadStatistics(options.statistics);
    if (!loaded)
      return loaded.takeError();
    statistics = std::move(*loaded);
  }
  report.samples = statistics.numSamples;
  mlir::ModuleOp simulation = *stages.simulation;
  if (auto main = simulation.lookupSymbol<mlir::func::FuncOp>("main"))
    for (mlir::BlockArgument argument : main.getArguments()) {
      std::optional<report::Activation> input = describeActivation(argument);
      complete(input, statistics);
      if (input)
        report.inputs.push_back(*input);
    }
  for (const MatchedLayer &matched : matchLayers(stages)) {
    report::Layer layer = describeLayer(matched, options);
    layer.activation = describeActivation(matched);
    complete(layer.activation, statistics);
    report.layers.push_back(std::move(layer));
  }
  return Error::success();
}
