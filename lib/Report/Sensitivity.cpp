// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// See Report.h.

#include "qopt/Report/Report.h"

#include <algorithm>
#include <cmath>
#include <tuple>

using namespace qopt::report;

std::vector<const Layer *>
qopt::report::sortBySensitivity(const Report &report) {
  std::vector<const Layer *> layers;
  for (const Layer &layer : report.layers)
    layers.push_back(&layer);
  // Not measured: after the layers that lose nothing. Equal ones stay in order.
  auto key = [](const Layer *layer) {
    bool isMeasured = layer->alone && !std::isnan(*layer->alone);
    return std::make_tuple(!isMeasured, isMeasured ? *layer->alone : 0, layer);
  };
  std::sort(
      layers.begin(), layers.end(),
      [&](const Layer *lhs, const Layer *rhs) { return key(lhs) < key(rhs); });
  return layers;
}
