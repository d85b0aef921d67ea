// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The range whose quantized distribution is closest to the observed one in the
// sense of Kullback and Leibler (Migacz 2017, "8-bit inference with TensorRT",
// GTC). P is the histogram cut to the range, with what was cut off added to the
// outermost bins; Q gives each quantization step the mass of its bins, spread
// over those of them that are not empty. Zero is the one value that storage
// always represents exactly, so the bin that begins with it keeps its mass: a
// tensor full of zeros after a ReLU would otherwise be all that counts. A step
// holds one bin at least, as in the original, so with 16 bits nothing is cut.

#include "Estimators.h"

#include <algorithm>
#include <cmath>

using namespace qopt::calibration;

/// KL(P || Q) of a histogram and its quantized form.
static double getDivergence(llvm::ArrayRef<Bin> bins,
                            const RangeRequest &request, Range range,
                            double binWidth, double total) {
  double levels = std::ldexp(1.0, request.bits) - 1;
  double scale = (range.max - range.min) / levels;
  // With less than one bin in a step there is nothing to tell P and Q apart.
  if (!(scale >= binWidth))
    return std::numeric_limits<double>::infinity();
  auto isInside = [&](const Bin &bin) {
    double middle = bin.low + (bin.high - bin.low) / 2;
    return middle >= range.min && middle <= range.max;
  };
  const Bin *first = std::find_if(bins.begin(), bins.end(), isInside);
  if (first == bins.end())
    return std::numeric_limits<double>::infinity();
  const Bin *last = first;
  double cutBelow = 0, cutAbove = 0;
  for (const Bin *bin = bins.begin(); bin != first; ++bin)
    cutBelow += bin->count;
  for (const Bin *bin = first; bin != bins.end(); ++bin) {
    if (isInside(*bin))
      last = bin;
    else
      cutAbove += bin->count;
  }
  // Q is made of the bins inside only, so that it, too, sums up to 1.
  double inside = total - cutBelow - cutAbove;
  auto stepOf = [&](const Bin &bin) {
    double middle = bin.low + (bin.high - bin.low) / 2;
    return std::floor(middle / scale + 0.5);
  };
  double divergence = 0;
  for (const Bin *begin = first; begin <= last;) {
    const Bin *end = begin;
    double mass = 0;
    int64_t numBins = 0;
    for (; end <= last && stepOf(*end) == stepOf(*begin); ++end) {
      if (end->low == 0)
        continue;
      mass += end->count;
      ++numBins;
    }
    for (const Bin *bin = begin; bin != end; ++bin) {
      double p = bin->count + (bin == first ? cutBelow : 0) +
                 (bin == last ? cutAbove : 0);
      double q = bin->low == 0 ? bin->count : mass / numBins;
      divergence += p / total * std::log((p / total) / (q / inside));
    }
    begin = end;
  }
  return divergence;
}

Range qopt::calibration::estimateKLDivergence(const TensorStatistics &tensor,
                                              const RangeRequest &request,
                                              double) {
  std::vector<Bin> bins = collectBins(tensor);
  double total = 0;
  for (const Bin &bin : bins)
    total += bin.count;
  return searchRange(
      getObservedRange(tensor, request), request, [&](Range range) {
        return getDivergence(bins, request, range,
                             tensor.histogram.getBinWidth(), total);
      });
}
