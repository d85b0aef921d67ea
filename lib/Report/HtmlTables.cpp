// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The tables of the page.

#include "Page.h"

#include "Charts.h"
#include "Format.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/raw_ostream.h"

#include <cmath>

using namespace llvm;
using namespace qopt::report;

static std::string cell(StringRef style, StringRef content) {
  return ("<td class=\"" + style + "\">" + content + "</td>").str();
}

static std::string number(StringRef content) { return cell("n", content); }

static std::string nameCell(StringRef name) {
  return cell("name", escapeXML(name));
}

static void beginTable(raw_ostream &out,
                       ArrayRef<std::pair<const char *, bool>> columns) {
  out << "<div class=\"scroll\"><table><thead><tr>";
  for (auto [title, isNumber] : columns)
    out << (isNumber ? "<th class=\"n\">" : "<th>") << title << "</th>";
  out << "</tr></thead><tbody>\n";
}

static void endTable(raw_ostream &out) { out << "</tbody></table></div>\n"; }

void qopt::report::writeSensitivity(const Report &report, raw_ostream &out) {
  beginTable(out, {{"#", true},
                   {"layer", false},
                   {"op", false},
                   {"weights", false},
                   {"result", false},
                   {"alone, dB", true},
                   {"", false},
                   {"so far, dB", true},
                   {"integer, dB", true}});
  // A layer that loses less is not what limits a network.
  constexpr double fullBar = 60;
  for (auto [rank, layer] : enumerate(sortBySensitivity(report))) {
    std::string bar;
    if (layer->alone && !std::isnan(*layer->alone))
      bar = drawShare(*layer->alone / fullBar, "alone");
    std::string weights = layer->weights ? layer->weights->storage : "–";
    std::string result = !layer->isInteger   ? "float"
                         : layer->activation ? layer->activation->storage
                                             : "–";
    out << "<tr>" << number(std::to_string(rank + 1)) << nameCell(layer->name)
        << cell("", escapeXML(layer->kind)) << cell("", weights)
        << cell("", result) << number(formatSQNR(layer->alone)) << cell("", bar)
        << number(formatSQNR(layer->cumulative))
        << number(formatSQNR(layer->integer)) << "</tr>\n";
  }
  endTable(out);
}

void qopt::report::writeMap(const Report &report, raw_ostream &out) {
  out << drawMap(report);
  beginTable(
      out,
      {{"layer", false}, {"op", false}, {"runs on", false}, {"why", false}});
  for (const Layer &layer : report.layers)
    out << "<tr>" << nameCell(layer.name) << cell("", escapeXML(layer.kind))
        << cell("", layer.isInteger ? "integers" : "floats")
        << cell("text", escapeXML(layer.reason)) << "</tr>\n";
  endTable(out);
}

static void writeSizeRow(raw_ostream &out, StringRef what, uint64_t before,
                         uint64_t after) {
  double share = before ? double(after) / before : 0;
  out << "<tr>" << what << number(before ? formatBytes(before) : "–")
      << number(after ? formatBytes(after) : "–");
  if (before && after)
    out << number(formatShare(share)) << cell("", drawShare(share, "size"));
  else
    out << number("") << cell("", "");
  out << "</tr>\n";
}

void qopt::report::writeSizes(const Report &report, raw_ostream &out) {
  beginTable(out, {{"", false},
                   {"float", true},
                   {"quantized", true},
                   {"share", true},
                   {"", false}});
  writeSizeRow(out, cell("", "<b>all constants</b>"), report.floatConstants,
               report.quantizedConstants);
  if (report.quantizedArena)
    writeSizeRow(out, cell("", "<b>arena</b> (all intermediate tensors)"),
                 report.floatArena, report.quantizedArena);
  for (const Layer &layer : report.layers)
    if (layer.weights)
      writeSizeRow(out, nameCell(layer.name), layer.weights->floatBytes,
                   layer.weights->quantizedBytes);
  endTable(out);
}
