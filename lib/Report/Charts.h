// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The plots of the page, each an SVG element.

#ifndef QOPT_LIB_REPORT_CHARTS_H
#define QOPT_LIB_REPORT_CHARTS_H

#include "qopt/Report/Report.h"

namespace qopt::report {

/// SQNR over the layers in program order: alone, cumulative, integer graph.
std::string drawSQNR(const Report &report);

/// How often which values were seen, and the range that was chosen.
std::string drawHistogram(const Activation &activation);

/// The range of each output channel's weights; `other` is drawn beside and
/// decides about the axis, too, so that two plots can be compared.
std::string drawChannels(const std::vector<Range> &ranges,
                         const std::vector<Range> &other,
                         const std::string &style, const std::string &name);

/// One square a layer, in program order: on integers or not.
std::string drawMap(const Report &report);

/// A horizontal bar of so large a share of its room.
std::string drawShare(double share, const std::string &style);

} // namespace qopt::report

#endif // QOPT_LIB_REPORT_CHARTS_H
