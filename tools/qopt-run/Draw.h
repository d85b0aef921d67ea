// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Draws small images side by side in a terminal, for `qopt-run --draw`.
#ifndef QOPT_TOOLS_QOPT_RUN_DRAW_H
#define QOPT_TOOLS_QOPT_RUN_DRAW_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/raw_ostream.h"
#include <string>
#include <vector>

namespace qopt::run {

/// One picture: height × width × channels values in row-major order, and the
/// line that stands below it.
struct Picture {
  unsigned height, width, channels;
  std::vector<float> values;
  std::string caption;
};

/// Draws the pictures in rows that fit `columns` characters. The darkest shade
/// is the largest value of a picture, channels are averaged, and a picture
/// wider than 32 pixels is shrunk by an integer factor (mean of the pixels).
void drawPictures(llvm::raw_ostream &os, llvm::ArrayRef<Picture> pictures,
                  unsigned columns = 80);

} // namespace qopt::run

#endif
