// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The report for a terminal: a few lines of summary and one table, most
// sensitive layers first.

#include "Format.h"

#include "qopt/Report/Writers.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/Unicode.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace qopt::report;

static unsigned getWidth(StringRef text) {
  int width = sys::unicode::columnWidthUTF8(text);
  return width < 0 ? text.size() : width;
}

/// `text` without bytes that a terminal could take for commands.
static std::string clean(StringRef text) {
  std::string result;
  for (char c : text)
    result += uint8_t(c) < 0x20 || c == 0x7f ? '?' : c;
  return result;
}

/// The end of a name says most: `…/block_3/conv`.
static std::string shorten(StringRef name, unsigned width) {
  std::string text = clean(name);
  if (getWidth(text) <= width || width < 2)
    return text;
  StringRef rest = text;
  while (!rest.empty() && (getWidth(rest) >= width || (rest[0] & 0xc0) == 0x80))
    rest = rest.drop_front();
  return ("…" + rest).str();
}

namespace {
/// Rows of texts; columns are as wide as their widest text.
class Grid {
public:
  explicit Grid(std::vector<bool> isRight) : isRight(std::move(isRight)) {}
  void add(std::vector<std::string> row) { rows.push_back(std::move(row)); }
  void print(raw_ostream &out) const;

private:
  std::vector<bool> isRight;
  std::vector<std::vector<std::string>> rows;
};
} // namespace

void Grid::print(raw_ostream &out) const {
  std::vector<unsigned> widths(isRight.size());
  for (const auto &row : rows)
    for (auto [width, text] : llvm::zip(widths, row))
      width = std::max(width, getWidth(text));
  for (const auto &row : rows) {
    std::string line;
    for (auto [width, text, right] : llvm::zip(widths, row, isRight)) {
      std::string space(width - getWidth(text), ' ');
      line += right ? space + text : text + space;
      line += "  ";
    }
    out << StringRef(line).rtrim() << "\n";
  }
}

/// A bar of eighths that is full at `limit`.
static std::string drawBar(double value, double limit, unsigned width) {
  static const char *const eighths[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
  double share = std::clamp(value / limit, 0.0, 1.0);
  auto total = unsigned(share * width * 8 + 0.5);
  std::string bar;
  for (unsigned i = 0; i < total / 8; ++i)
    bar += "█";
  return bar + eighths[total % 8];
}

static std::string describeBits(const Layer &layer) {
  if (!layer.isInteger)
    return layer.weights ? layer.weights->storage + "/f32" : "float";
  std::string text;
  if (layer.weights)
    text = layer.weights->storage + "/";
  return text + (layer.activation ? layer.activation->storage : "");
}

static void writeSummary(const Report &report, raw_ostream &out) {
  out << clean(report.model) << ": " << report.scheme << ", profile "
      << clean(report.profile) << ", " << report.samples << " samples\n";
  for (const Output &output : report.outputs) {
    out << "output '" << clean(output.name) << "': simulation "
        << formatSQNR(output.simulation) << " dB, integer graph "
        << formatSQNR(output.integer) << " dB";
    if (output.total)
      out << ", " << output.differing << " of " << output.total
          << " stored values differ";
    out << "\n";
  }
  out << "constants: " << formatBytes(report.floatConstants) << " float, "
      << formatBytes(report.quantizedConstants) << " quantized\n";
  if (report.quantizedArena) {
    out << "arena: ";
    if (report.floatArena)
      out << formatBytes(report.floatArena) << " float, ";
    out << formatBytes(report.quantizedArena) << " quantized\n";
  }
}

void qopt::report::writeTable(const Report &report, raw_ostream &out,
                              unsigned columns) {
  writeSummary(report, out);
  out << "\n";
  // What the other columns take: rank, op, bits, three numbers, a bar.
  constexpr unsigned others = 66, minName = 12, barWidth = 10;
  // Where quantization of one layer stops to matter.
  constexpr double fullBar = 60;
  unsigned nameWidth = std::max(columns, others + minName) - others;
  Grid grid({true, false, false, false, true, true, true, false});
  out << "layers, most sensitive first:\n";
  grid.add(
      {"", "layer", "op", "bits", "alone dB", "so far dB", "integer dB", ""});
  for (auto [rank, layer] : llvm::enumerate(sortBySensitivity(report)))
    grid.add({std::to_string(rank + 1), shorten(layer->name, nameWidth),
              layer->kind, describeBits(*layer), formatSQNR(layer->alone),
              formatSQNR(layer->cumulative), formatSQNR(layer->integer),
              layer->alone ? drawBar(*layer->alone, fullBar, barWidth) : ""});
  grid.print(out);
  bool hasTitle = false;
  for (const Layer &layer : report.layers) {
    if (layer.isInteger)
      continue;
    if (!hasTitle)
      out << "\nnot on integers:\n";
    hasTitle = true;
    out << "  " << clean(layer.name) << " (" << layer.kind
        << "): " << clean(layer.reason) << "\n";
  }
}
