// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A plot as SVG: axes with ticks, a grid, and marks placed in the units of the
// data. Colours are classes of the page's style.

#ifndef QOPT_LIB_REPORT_PLOT_H
#define QOPT_LIB_REPORT_PLOT_H

#include "qopt/Report/Report.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

#include <string>
#include <utility>
#include <vector>

namespace qopt::report {

/// Round numbers inside `range`, about `count` of them.
std::vector<double> chooseTicks(const Range &range, unsigned count);

class Plot {
public:
  struct Axis {
    Range range;
    std::string label;
    std::vector<double> ticks;
    /// What stands at the ticks; by default their numbers.
    std::vector<std::string> names = {};
  };

  /// Sizes are in pixels; the plot scales with the page. `description` is for
  /// those who do not see it.
  Plot(double width, double height, Axis x, Axis y,
       llvm::StringRef description);

  // Marks, in the units of the axes. `title` is shown when pointed at.

  /// A filled area between two x over the plot's whole height.
  void addBand(double from, double to, llvm::StringRef style);
  /// A vertical line over the plot's whole height.
  void addRule(double x, llvm::StringRef style);
  void addBar(double fromX, double toX, double fromY, double toY,
              llvm::StringRef style, llvm::StringRef title = "");
  void addLine(llvm::ArrayRef<std::pair<double, double>> points,
               llvm::StringRef style);
  void addDot(double x, double y, llvm::StringRef style, llvm::StringRef title);

  /// The finished element.
  std::string str() const;

private:
  double mapX(double x) const;
  double mapY(double y) const;
  void addAxes(std::string &svg) const;

  double width, height;
  Axis x, y;
  std::string description;
  std::string marks;
};

} // namespace qopt::report

#endif // QOPT_LIB_REPORT_PLOT_H
