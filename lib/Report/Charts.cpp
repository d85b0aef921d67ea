// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// See Charts.h.

#include "Charts.h"

#include "Format.h"
#include "Plot.h"

#include <algorithm>
#include <cmath>

using namespace qopt::report;

//===----------------------------------------------------------------------===//
// SQNR
//===----------------------------------------------------------------------===//

namespace {
struct Series {
  const char *name;
  const char *style;
  SQNR Layer::*value;
};
} // namespace

/// Dots of the last one lie on top.
static constexpr Series series[] = {
    {"all layers so far, simulated", "cumulative", &Layer::cumulative},
    {"all layers so far, integer graph", "integer", &Layer::integer},
    {"this layer alone", "alone", &Layer::alone}};

/// Tens of decibels around all finite values.
static Range getDecibels(const Report &report) {
  Range range{0, 0};
  bool isFirst = true;
  for (const Layer &layer : report.layers)
    for (const Series &s : series)
      if (SQNR value = layer.*s.value; value && std::isfinite(*value)) {
        range.low = isFirst ? *value : std::min(range.low, *value);
        range.high = isFirst ? *value : std::max(range.high, *value);
        isFirst = false;
      }
  range.low = 10 * std::floor(range.low / 10 - 0.1);
  range.high = 10 * std::ceil(range.high / 10 + 0.1);
  return range;
}

std::string qopt::report::drawSQNR(const Report &report) {
  Range decibels = getDecibels(report);
  Range places{0.5, double(report.layers.size()) + 0.5};
  std::vector<double> ticks = chooseTicks(places, 20);
  llvm::erase_if(ticks, [](double tick) { return tick != std::floor(tick); });
  Plot plot(960, 300, {places, "layer, in program order", ticks},
            {decibels, "SQNR in dB", chooseTicks(decibels, 6)},
            "signal to quantization noise of each layer");
  for (const Series &s : series) {
    std::vector<std::pair<double, double>> line;
    for (auto [i, layer] : llvm::enumerate(report.layers))
      if (SQNR value = layer.*s.value; value && !std::isnan(*value))
        line.push_back({i + 1.0, *value});
    if (s.value != &Layer::alone)
      plot.addLine(line, s.style);
    for (auto [place, value] : line) {
      const Layer &layer = report.layers[size_t(place) - 1];
      plot.addDot(place, value, s.style,
                  std::to_string(int(place)) + " " + layer.name + ", " +
                      s.name + ": " + formatSQNR(value) + " dB");
    }
  }
  return plot.str();
}

//===----------------------------------------------------------------------===//
// Histograms
//===----------------------------------------------------------------------===//

/// Rare values matter and would not be seen beside common ones.
static double getHeight(uint64_t count) {
  return count == 0 ? 0 : 1 + std::log10(double(count));
}

/// Observed values and chosen range, with a little air.
static Range getValues(const Activation &activation) {
  Range range = activation.chosen;
  for (const Range &other : {activation.observed, activation.histogram.range}) {
    if (!std::isfinite(other.low) || !std::isfinite(other.high))
      continue;
    range.low = std::min(range.low, other.low);
    range.high = std::max(range.high, other.high);
  }
  double air = 0.03 * (range.high - range.low);
  return {range.low - air, range.high + air};
}

std::string qopt::report::drawHistogram(const Activation &activation) {
  const Histogram &histogram = activation.histogram;
  double tallest = 1;
  for (uint64_t count : histogram.counts)
    tallest = std::max(tallest, getHeight(count));
  Range heights{0, std::ceil(tallest)}, values = getValues(activation);
  Plot::Axis counts{heights, "count", {0}, {"0"}};
  for (int power = 0; power < heights.high; ++power) {
    counts.ticks.push_back(power + 1);
    counts.names.push_back(power < 4 ? formatNumber(std::pow(10, power))
                                     : "1e" + std::to_string(power));
  }
  Plot plot(400, 190, {values, "value", chooseTicks(values, 6)}, counts,
            "histogram of " + activation.name);
  plot.addBand(activation.chosen.low, activation.chosen.high, "chosen");
  size_t bins = histogram.counts.size();
  double step = (histogram.range.high - histogram.range.low) / bins;
  for (auto [i, count] : llvm::enumerate(histogram.counts)) {
    if (count == 0)
      continue;
    double from = histogram.range.low + i * step;
    plot.addBar(from, from + step, 0, getHeight(count), "bin",
                formatRange({from, from + step}) + ": " +
                    std::to_string(count));
  }
  plot.addRule(activation.chosen.low, "bound");
  plot.addRule(activation.chosen.high, "bound");
  return plot.str();
}

//===----------------------------------------------------------------------===//
// Channels
//===----------------------------------------------------------------------===//

std::string qopt::report::drawChannels(const std::vector<Range> &ranges,
                                       const std::vector<Range> &other,
                                       const std::string &style,
                                       const std::string &name) {
  Range values{0, 0};
  for (const auto *list : {&ranges, &other})
    for (const Range &range : *list) {
      values.low = std::min(values.low, range.low);
      values.high = std::max(values.high, range.high);
    }
  if (values.low == values.high)
    values = {-1, 1};
  Range channels{-0.5, double(ranges.size()) - 0.5};
  std::vector<double> ticks = chooseTicks(channels, 8);
  llvm::erase_if(ticks, [](double tick) { return tick != std::floor(tick); });
  Plot plot(400, 190, {channels, "output channel", ticks},
            {values, "weights", chooseTicks(values, 5)},
            "weight ranges of " + name);
  for (auto [i, range] : llvm::enumerate(ranges))
    plot.addBar(i - 0.4, i + 0.4, range.low, range.high, style,
                "channel " + std::to_string(i) + ": " + formatRange(range));
  return plot.str();
}

//===----------------------------------------------------------------------===//
// Shares
//===----------------------------------------------------------------------===//

std::string qopt::report::drawMap(const Report &report) {
  std::string map = "<div class=\"map\">";
  for (auto [i, layer] : llvm::enumerate(report.layers)) {
    std::string what = std::to_string(i + 1) + " " + layer.name + " (" +
                       layer.kind +
                       "): " + (layer.isInteger ? "integer" : layer.reason);
    map += std::string("<span class=\"") +
           (layer.isInteger ? "cell on" : "cell off") + "\" title=\"" +
           escapeXML(what) + "\"></span>";
  }
  return map + "</div>\n";
}

std::string qopt::report::drawShare(double share, const std::string &style) {
  double percent = 100 * std::clamp(share, 0.0, 1.0);
  return "<span class=\"share\"><span class=\"" + style +
         "\" style=\"width:" + formatFixed(percent, 1) + "%\"></span></span>";
}
