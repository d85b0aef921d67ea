// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// --show: a table of tensors with their extents and ranges.

#include "Commands.h"

#include "llvm/Support/Format.h"
#include "llvm/Support/FormatVariadic.h"

#include <cmath>

using namespace llvm;
using namespace qoptcalibrate;
using namespace qopt::calibration;

std::string qoptcalibrate::printNumber(double value) {
  std::string text;
  raw_string_ostream(text) << format("%.4g", value);
  return text;
}

std::optional<Range> qoptcalibrate::getRange(const TensorStatistics &tensor,
                                             const RangeEstimator &estimator,
                                             const Options &options) {
  if (tensor.extent.isEmpty())
    return std::nullopt;
  RangeRequest request;
  request.bits = options.bits;
  request.symmetric = options.symmetric;
  auto range = estimator.estimate(tensor, request);
  if (range)
    return *range;
  consumeError(range.takeError());
  return std::nullopt;
}

Error qoptcalibrate::show(const Options &options) {
  auto estimator = parseRangeEstimator(options.estimator);
  if (!estimator)
    return estimator.takeError();
  for (StringRef path : options.files) {
    auto statistics = loadStatistics(path);
    if (!statistics)
      return statistics.takeError();
    outs() << formatv("{0}: {1} samples, {2} tensors, model {3}\n", path,
                      statistics->numSamples, statistics->tensors.size(),
                      StringRef(statistics->fingerprint).take_front(12));
    size_t width = 6;
    for (const TensorStatistics &tensor : statistics->tensors)
      width = std::max(width, tensor.name.size());
    outs() << left_justify("tensor", width)
           << formatv(" {0,12} {1,12} {2,12} {3,12} {4,8}\n", "min", "max",
                      "range from", "to", "dB");
    for (const TensorStatistics &tensor : statistics->tensors) {
      outs() << left_justify(tensor.name, width);
      std::optional<Range> range = getRange(tensor, *estimator, options);
      if (!range) {
        outs() << " nothing finite\n";
        continue;
      }
      // What storing the values in this range does to them.
      RangeRequest request;
      request.bits = options.bits;
      request.symmetric = options.symmetric;
      double power = 0, total = 0;
      const Histogram &histogram = tensor.histogram;
      for (int64_t bin = -Histogram::binsPerSide; bin < Histogram::binsPerSide;
           ++bin) {
        double middle =
            histogram.getLowerEnd(bin) + histogram.getBinWidth() / 2;
        power += histogram.getCount(bin) * middle * middle;
        total += histogram.getCount(bin);
      }
      double error = getMeanSquaredError(tensor, request, *range);
      std::string ratio =
          error > 0 ? printNumber(10 * std::log10(power / total / error))
                    : "inf";
      outs() << formatv(" {0,12} {1,12} {2,12} {3,12} {4,8}\n",
                        printNumber(tensor.extent.min),
                        printNumber(tensor.extent.max), printNumber(range->min),
                        printNumber(range->max), ratio);
    }
  }
  return Error::success();
}
