// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Windows of an image, averages, and walks along the dimensions of a tensor.

#ifndef QOPT_LIB_REFERENCE_REDUCE_H
#define QOPT_LIB_REFERENCE_REDUCE_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLExtras.h"

#include <cstdint>
#include <vector>

namespace qopt::reference {

/// Padding is top, bottom, left, right.
struct Windows {
  llvm::ArrayRef<int64_t> kernel, strides, padding;
};

/// Calls \p reduce with the elements of each window that lie inside the image.
template <typename T, typename Function>
std::vector<T>
reduceWindows(const std::vector<T> &x, llvm::ArrayRef<int64_t> in,
              llvm::ArrayRef<int64_t> out, const Windows &w, Function reduce) {
  std::vector<T> results, inside;
  for (int64_t n = 0; n < out[0]; ++n)
    for (int64_t oy = 0; oy < out[1]; ++oy)
      for (int64_t ox = 0; ox < out[2]; ++ox)
        for (int64_t c = 0; c < out[3]; ++c) {
          int64_t top = oy * w.strides[0] - w.padding[0];
          int64_t left = ox * w.strides[1] - w.padding[2];
          inside.clear();
          for (int64_t y = std::max<int64_t>(top, 0);
               y < std::min(top + w.kernel[0], in[1]); ++y)
            for (int64_t xx = std::max<int64_t>(left, 0);
                 xx < std::min(left + w.kernel[1], in[2]); ++xx)
              inside.push_back(x[((n * in[1] + y) * in[2] + xx) * in[3] + c]);
          results.push_back(reduce(inside));
        }
  return results;
}

inline float average(const std::vector<float> &window) {
  float sum = 0;
  for (float v : window)
    sum += v;
  return sum / static_cast<float>(window.size());
}

/// Nearest, ties away from zero (an odd count has no ties, and count / 2 is
/// rounded down).
inline int64_t average(const std::vector<int64_t> &window) {
  auto count = static_cast<int64_t>(window.size());
  int64_t sum = 0;
  for (int64_t v : window)
    sum += v;
  return sum > 0 ? (sum + count / 2) / count : (sum - count / 2) / count;
}

/// Row-major number, in the shape without `axes`, of each element of `shape`.
inline std::vector<int64_t> reducedIndices(llvm::ArrayRef<int64_t> shape,
                                           llvm::ArrayRef<int64_t> axes) {
  int64_t count = 1;
  for (int64_t dim : shape)
    count *= dim;
  std::vector<int64_t> indices(count);
  for (int64_t i = 0; i < count; ++i) {
    int64_t rest = i, index = 0, stride = 1;
    for (size_t d = shape.size(); d-- > 0; rest /= shape[d]) {
      if (llvm::is_contained(axes, static_cast<int64_t>(d)))
        continue;
      index += rest % shape[d] * stride;
      stride *= shape[d];
    }
    indices[i] = index;
  }
  return indices;
}

/// Index of the first largest element along an axis.
template <typename T>
std::vector<int64_t> argMax(llvm::ArrayRef<T> x, llvm::ArrayRef<int64_t> shape,
                            int64_t axis) {
  int64_t inner = 1;
  for (int64_t dim : shape.drop_front(axis + 1))
    inner *= dim;
  int64_t extent = shape[axis];
  int64_t rows = static_cast<int64_t>(x.size()) / extent;
  std::vector<int64_t> result(rows);
  for (int64_t row = 0; row < rows; ++row) {
    const T *first = x.data() + row / inner * extent * inner + row % inner;
    int64_t best = 0;
    for (int64_t i = 1; i < extent; ++i)
      if (first[i * inner] > first[best * inner])
        best = i;
    result[row] = best;
  }
  return result;
}

} // namespace qopt::reference

#endif // QOPT_LIB_REFERENCE_REDUCE_H
