// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Leaves the outermost elements out (Krishnamoorthi 2018, arXiv 1806.08342;
// McKinstry et al. 2018, arXiv 1809.04191). Inside a bin elements count as
// spread evenly.

#include "EstimatorKinds.h"

using namespace qopt::calibration;

/// The value that \p count elements lie below.
static double getQuantile(const Histogram &histogram, double count) {
  double below = 0;
  for (auto [bin, inside] : llvm::enumerate(histogram.getCounts())) {
    if (inside == 0)
      continue;
    if (below + inside >= count)
      return histogram.getBinStart(bin) +
             histogram.getBinWidth() * ((count - below) / inside);
    below += inside;
  }
  return histogram.getBinStart(2 * Histogram::sideBins);
}

Range qopt::calibration::estimatePercentile(const TensorStatistics &tensor,
                                            double percent) {
  double elements = static_cast<double>(tensor.elements);
  double tail = elements * (100 - percent) / 200;
  return intersect({getQuantile(tensor.histogram, tail),
                    getQuantile(tensor.histogram, elements - tail)},
                   tensor);
}
