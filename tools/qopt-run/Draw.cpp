// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A pixel is two characters wide, so that it looks square, in five shades.
#include "Draw.h"
#include <algorithm>

using namespace qopt::run;

static constexpr const char *kShades[] = {"  ", "░░", "▒▒", "▓▓", "██"};
static constexpr unsigned kMaxWidth = 32;

/// The mean over the channels and over `factor`×`factor` pixels.
static Picture shrink(const Picture &in) {
  unsigned factor = (in.width + kMaxWidth - 1) / kMaxWidth;
  Picture out{std::max(1u, in.height / factor),
              std::max(1u, in.width / factor),
              1,
              {},
              in.caption};
  for (unsigned y = 0; y < out.height; ++y)
    for (unsigned x = 0; x < out.width; ++x) {
      float sum = 0;
      for (unsigned dy = 0; dy < factor && y * factor + dy < in.height; ++dy)
        for (unsigned dx = 0; dx < factor; ++dx)
          for (unsigned c = 0; c < in.channels; ++c)
            sum += in.values[((y * factor + dy) * in.width + x * factor + dx) *
                                 in.channels +
                             c];
      out.values.push_back(sum / (factor * factor * in.channels));
    }
  return out;
}

static void drawRow(llvm::raw_ostream &os, llvm::ArrayRef<Picture> row) {
  unsigned height = 0;
  for (const Picture &picture : row)
    height = std::max(height, picture.height);
  for (unsigned y = 0; y < height; ++y) {
    for (const Picture &picture : row) {
      auto [low, high] =
          std::minmax_element(picture.values.begin(), picture.values.end());
      float range = *high - *low;
      for (unsigned x = 0; x < picture.width; ++x) {
        float value = y < picture.height
                          ? picture.values[y * picture.width + x] - *low
                          : 0;
        unsigned shade = range > 0 ? unsigned(value / range * 4 + 0.5f) : 0;
        os << kShades[std::min(shade, 4u)];
      }
      os << "  ";
    }
    os << '\n';
  }
  for (const Picture &picture : row) {
    unsigned width = 2 * picture.width + 2;
    std::string caption = picture.caption.substr(0, width);
    os << caption << std::string(width - caption.size(), ' ');
  }
  os << "\n\n";
}

void qopt::run::drawPictures(llvm::raw_ostream &os,
                             llvm::ArrayRef<Picture> pictures,
                             unsigned columns) {
  std::vector<Picture> row;
  unsigned used = 0;
  for (const Picture &picture : pictures) {
    Picture small = shrink(picture);
    unsigned width = 2 * small.width + 2;
    if (!row.empty() && used + width > columns) {
      drawRow(os, row);
      row.clear();
      used = 0;
    }
    used += width;
    row.push_back(std::move(small));
  }
  if (!row.empty())
    drawRow(os, row);
}
