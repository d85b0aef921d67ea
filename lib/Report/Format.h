// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Numbers and names as text, the same way in every writer.

#ifndef QOPT_LIB_REPORT_FORMAT_H
#define QOPT_LIB_REPORT_FORMAT_H

#include "qopt/Report/Report.h"

#include "llvm/ADT/StringRef.h"

namespace qopt::report {

/// Four significant digits: `0.03125`, `1.2e-07`.
std::string formatNumber(double value);
/// With a fixed number of digits behind the point.
std::string formatFixed(double value, unsigned digits);
/// `31.4`, `exact` where nothing differs, `–` where it was not measured.
std::string formatSQNR(const SQNR &sqnr);
/// `1.5 KiB`.
std::string formatBytes(uint64_t bytes);
/// `12.3 %`.
std::string formatShare(double share);
/// `[-1.2, 3.4]`.
std::string formatRange(const Range &range);

/// Text inside XML, also inside attributes. Bytes that are no UTF-8, and
/// characters that XML does not have, become U+FFFD.
std::string escapeXML(llvm::StringRef text);

} // namespace qopt::report

#endif // QOPT_LIB_REPORT_FORMAT_H
