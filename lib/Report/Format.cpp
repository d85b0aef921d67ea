// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// See Format.h.

#include "Format.h"

#include "llvm/Support/ConvertUTF.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"

#include <cmath>

using namespace llvm;
using namespace qopt;

template <typename... Args>
static std::string print(const char *pattern, Args... args) {
  std::string text;
  raw_string_ostream(text) << format(pattern, args...);
  return text;
}

std::string report::formatNumber(double value) { return print("%.4g", value); }

std::string report::formatFixed(double value, unsigned digits) {
  return print("%.*f", digits, value);
}

std::string report::formatSQNR(const SQNR &sqnr) {
  if (!sqnr || std::isnan(*sqnr))
    return "–";
  if (std::isinf(*sqnr))
    return *sqnr > 0 ? "exact" : "lost";
  return formatFixed(*sqnr, 1);
}

std::string report::formatBytes(uint64_t bytes) {
  if (bytes < 1024)
    return std::to_string(bytes) + " B";
  double value = bytes / 1024.0;
  for (const char *unit : {"KiB", "MiB"}) {
    if (value < 1024)
      return formatFixed(value, value < 100 ? 1 : 0) + " " + unit;
    value /= 1024;
  }
  return formatFixed(value, 1) + " GiB";
}

std::string report::formatShare(double share) {
  return formatFixed(100 * share, share != 0 && share < 0.001 ? 4 : 1) + " %";
}

std::string report::formatRange(const Range &range) {
  return "[" + formatNumber(range.low) + ", " + formatNumber(range.high) + "]";
}

std::string report::escapeXML(StringRef text) {
  std::string valid = json::isUTF8(text) ? text.str() : json::fixUTF8(text);
  std::string escaped;
  for (char c : valid) {
    switch (c) {
    case '&':
      escaped += "&amp;";
      break;
    case '<':
      escaped += "&lt;";
      break;
    case '>':
      escaped += "&gt;";
      break;
    case '"':
      escaped += "&quot;";
      break;
    default:
      // XML has no control characters but tab and newlines.
      if (uint8_t(c) < 0x20 && c != '\t' && c != '\n' && c != '\r')
        escaped += "\xEF\xBF\xBD";
      else
        escaped += c;
    }
  }
  return escaped;
}
