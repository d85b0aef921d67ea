// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// See Plot.h.

#include "Plot.h"

#include "Format.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>
#include <cmath>

using namespace llvm;
using namespace qopt::report;

// Room for tick labels and axis labels around the data.
static constexpr double leftMargin = 52, rightMargin = 10, topMargin = 8,
                        bottomMargin = 36;

std::vector<double> qopt::report::chooseTicks(const Range &range,
                                              unsigned count) {
  std::vector<double> ticks;
  double extent = range.high - range.low;
  if (!(extent > 0) || !std::isfinite(extent) || count == 0)
    return ticks;
  // The step is 1, 2 or 5 times a power of ten.
  double raw = extent / count;
  double power = std::pow(10, std::floor(std::log10(raw)));
  double step = power * 10;
  for (double factor : {1.0, 2.0, 5.0})
    if (factor * power >= raw) {
      step = factor * power;
      break;
    }
  if (!(step > 0))
    return ticks;
  double slack = step * 1e-9;
  for (double i = std::ceil((range.low - slack) / step);
       i * step <= range.high + slack; ++i)
    ticks.push_back(i == 0 ? 0 : i * step);
  return ticks;
}

Plot::Plot(double width, double height, Axis x, Axis y, StringRef description)
    : width(width), height(height), x(std::move(x)), y(std::move(y)),
      description(description) {}

static double map(double value, const Range &range, double from, double to) {
  double extent = range.high - range.low;
  double share = (value - range.low) / extent;
  if (std::isnan(share))
    share = 0.5;
  return from + std::clamp(share, 0.0, 1.0) * (to - from);
}

double Plot::mapX(double value) const {
  return map(value, x.range, leftMargin, width - rightMargin);
}

double Plot::mapY(double value) const {
  return map(value, y.range, height - bottomMargin, topMargin);
}

/// A coordinate; a tenth of a pixel is enough.
static std::string at(double value) { return formatFixed(value, 1); }

static std::string attribute(StringRef name, StringRef value) {
  return (" " + name + "=\"" + value + "\"").str();
}

static std::string makeLine(double x1, double y1, double x2, double y2,
                            StringRef style) {
  return "<line" + attribute("class", style) + attribute("x1", at(x1)) +
         attribute("y1", at(y1)) + attribute("x2", at(x2)) +
         attribute("y2", at(y2)) + "/>\n";
}

static std::string makeText(double x, double y, StringRef style,
                            StringRef text) {
  return "<text" + attribute("class", style) + attribute("x", at(x)) +
         attribute("y", at(y)) + ">" + escapeXML(text) + "</text>\n";
}

static std::string makeRect(double x1, double y1, double x2, double y2,
                            StringRef style, StringRef title) {
  std::string rect = "<rect" + attribute("class", style) +
                     attribute("x", at(x1)) + attribute("y", at(y1)) +
                     attribute("width", at(x2 - x1)) +
                     attribute("height", at(y2 - y1));
  if (title.empty())
    return rect + "/>\n";
  return rect + "><title>" + escapeXML(title) + "</title></rect>\n";
}

void Plot::addBand(double from, double to, StringRef style) {
  marks += makeRect(mapX(from), topMargin, mapX(to), height - bottomMargin,
                    style, "");
}

void Plot::addRule(double value, StringRef style) {
  marks += makeLine(mapX(value), topMargin, mapX(value), height - bottomMargin,
                    style);
}

void Plot::addBar(double fromX, double toX, double fromY, double toY,
                  StringRef style, StringRef title) {
  // Also what is thin must be seen.
  constexpr double minPixels = 0.8;
  double left = mapX(fromX), right = mapX(toX);
  double top = mapY(toY), bottom = mapY(fromY);
  marks += makeRect(left, std::min(top, bottom - minPixels),
                    std::max(right, left + minPixels), bottom, style, title);
}

void Plot::addLine(ArrayRef<std::pair<double, double>> points,
                   StringRef style) {
  if (points.empty())
    return;
  std::string list;
  for (auto [px, py] : points)
    list += at(mapX(px)) + "," + at(mapY(py)) + " ";
  list.pop_back();
  marks += "<polyline" + attribute("class", style) + attribute("points", list) +
           "/>\n";
}

void Plot::addDot(double px, double py, StringRef style, StringRef title) {
  marks += "<circle" + attribute("class", style) +
           attribute("cx", at(mapX(px))) + attribute("cy", at(mapY(py))) +
           attribute("r", "3.5") + "><title>" + escapeXML(title) +
           "</title></circle>\n";
}

void Plot::addAxes(std::string &svg) const {
  double bottom = height - bottomMargin;
  auto getName = [](const Axis &axis, size_t i) {
    return i < axis.names.size() ? axis.names[i] : formatNumber(axis.ticks[i]);
  };
  for (auto [i, tick] : enumerate(y.ticks)) {
    svg += makeLine(leftMargin, mapY(tick), width - rightMargin, mapY(tick),
                    "grid");
    svg += makeText(leftMargin - 6, mapY(tick) + 3.5, "tick y", getName(y, i));
  }
  for (auto [i, tick] : enumerate(x.ticks)) {
    svg += makeLine(mapX(tick), bottom, mapX(tick), bottom + 4, "axis");
    svg += makeText(mapX(tick), bottom + 15, "tick x", getName(x, i));
  }
  svg += makeLine(leftMargin, bottom, width - rightMargin, bottom, "axis");
  svg += makeLine(leftMargin, topMargin, leftMargin, bottom, "axis");
  svg += makeText((leftMargin + width - rightMargin) / 2, height - 5, "label x",
                  x.label);
  double middle = (topMargin + bottom) / 2;
  svg += "<text class=\"label x\" transform=\"translate(11 " + at(middle) +
         ") rotate(-90)\">" + escapeXML(y.label) + "</text>\n";
}

std::string Plot::str() const {
  std::string svg =
      "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\"" +
      attribute("viewBox", "0 0 " + at(width) + " " + at(height)) +
      attribute("aria-label", escapeXML(description)) + ">\n";
  addAxes(svg);
  return svg + marks + "</svg>\n";
}
