// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The report as a page: what it came to, then layer by layer.

#include "qopt/Report/Writers.h"

#include "Charts.h"
#include "Format.h"
#include "Page.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace qopt::report;

static void writeCard(raw_ostream &out, StringRef value, StringRef what) {
  out << "<div class=\"card\"><b>" << escapeXML(value) << "</b><span>"
      << escapeXML(what) << "</span></div>\n";
}

static std::string withUnit(const SQNR &sqnr) {
  std::string text = formatSQNR(sqnr);
  return isDigit(text.front()) || text.front() == '-' ? text + " dB" : text;
}

static void writeCards(const Report &report, raw_ostream &out) {
  out << "<div class=\"cards\">\n";
  for (const Output &output : report.outputs) {
    writeCard(out, withUnit(output.integer),
              "SQNR of output '" + output.name + "', integer graph");
    writeCard(out, withUnit(output.simulation),
              "SQNR of output '" + output.name + "', simulated in float");
    if (output.total)
      writeCard(out, std::to_string(output.differing),
                "of " + std::to_string(output.total) +
                    " stored values of output '" + output.name +
                    "' differ between the two");
  }
  if (report.floatConstants)
    writeCard(out, formatBytes(report.quantizedConstants),
              "constants, " + formatBytes(report.floatConstants) +
                  " as floats");
  if (report.quantizedArena)
    writeCard(out, formatBytes(report.quantizedArena),
              report.floatArena
                  ? "arena, " + formatBytes(report.floatArena) + " as floats"
                  : "arena");
  size_t integers = count_if(
      report.layers, [](const Layer &layer) { return layer.isInteger; });
  writeCard(out,
            std::to_string(integers) + " of " +
                std::to_string(report.layers.size()),
            "layers run on integers");
  out << "</div>\n";
}

static void writeHistogram(const Activation &activation, raw_ostream &out) {
  out << "<figure>" << drawHistogram(activation) << "<figcaption><b>"
      << escapeXML(activation.name) << "</b> " << activation.storage
      << ", scale " << formatNumber(activation.scale) << ", zero point "
      << activation.zeroPoint << "; chosen " << formatRange(activation.chosen)
      << ", seen " << formatRange(activation.observed) << ", outside "
      << formatShare(activation.clipped) << "</figcaption></figure>\n";
}

static void writeHistograms(const Report &report, raw_ostream &out) {
  out << "<h2>Activations</h2>\n<p>What the float model computes on the "
         "samples, "
         "with the chosen range shaded between dashed lines. Values outside it "
         "saturate. Counts are logarithmic.</p>\n"
         "<div class=\"plots\">\n";
  for (const Activation &activation : report.inputs)
    if (!activation.histogram.counts.empty())
      writeHistogram(activation, out);
  for (const Layer &layer : report.layers)
    if (layer.activation && !layer.activation->histogram.counts.empty())
      writeHistogram(*layer.activation, out);
  out << "</div>\n";
}

static void writeChannels(const Layer &layer, raw_ostream &out) {
  const Weights &weights = *layer.weights;
  auto write = [&](const std::vector<Range> &ranges,
                   const std::vector<Range> &other, StringRef style,
                   StringRef when) {
    if (ranges.empty())
      return;
    out << "<figure>" << drawChannels(ranges, other, style.str(), layer.name)
        << "<figcaption><b>" << escapeXML(layer.name) << "</b> " << when
        << "</figcaption></figure>\n";
  };
  write(weights.before, weights.after, "before", "before equalization");
  write(weights.after, weights.before, "after", "as quantized");
}

static bool hasWeightRanges(const Layer &layer) {
  return layer.weights && !layer.weights->after.empty();
}

static void writeWeights(const Report &report, raw_ostream &out) {
  out << "<h2>Weights</h2>\n<p>The range of each output channel's weights, as "
         "the model had them and as they were quantized: after folding of "
         "batch "
         "norms and equalization. With one scale for a whole tensor, channels "
         "that are small beside the largest keep few of the integers.</p>\n"
         "<div class=\"plots\">\n";
  for (const Layer &layer : report.layers)
    if (hasWeightRanges(layer))
      writeChannels(layer, out);
  out << "</div>\n";
}

static bool hasHistogram(const Report &report) {
  auto isDrawn = [](const Activation &activation) {
    return !activation.histogram.counts.empty();
  };
  return any_of(report.inputs, isDrawn) ||
         any_of(report.layers, [&](const Layer &layer) {
           return layer.activation && isDrawn(*layer.activation);
         });
}

void qopt::report::writeHTML(const Report &report, raw_ostream &out) {
  std::string title = escapeXML(report.model);
  out << "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"/>\n"
         "<meta name=\"viewport\" content=\"width=device-width, "
         "initial-scale=1\"/>\n<title>"
      << title << ": quantization</title>\n<style>" << getStyle()
      << "</style></head>\n<body><main>\n<h1>" << title << "</h1>\n<p>"
      << escapeXML(report.scheme) << " for profile "
      << escapeXML(report.profile) << ", measured on " << report.samples
      << " samples</p>\n";
  writeCards(report, out);

  out << "<h2>Noise, layer by layer</h2>\n<p>Signal to quantization noise of "
         "each layer’s result: higher is better, 6 dB are one bit. A layer "
         "whose own dot is low is one to give more bits, another estimator, or "
         "to keep float.</p>\n<div class=\"legend\">"
         "<span><i class=\"alone\"></i>this layer alone</span>"
         "<span><i class=\"cumulative\"></i>all layers so far, simulated</span>"
         "<span><i class=\"integer\"></i>all layers so far, integer "
         "graph</span></div>\n"
      << drawSQNR(report) << "<h2>Most sensitive layers first</h2>\n";
  writeSensitivity(report, out);
  if (hasHistogram(report))
    writeHistograms(report, out);
  if (any_of(report.layers, hasWeightRanges))
    writeWeights(report, out);
  out << "<h2>Integers and floats</h2>\n<div class=\"legend\"><span><i "
         "class=\"on\"></i>integers</span><span><i class=\"off\"></i>floats"
         "</span></div>\n";
  writeMap(report, out);
  out << "<h2>Sizes</h2>\n";
  writeSizes(report, out);
  out << "<footer>" << escapeXML(report.version)
      << "</footer>\n</main></body></html>\n";
}
