// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Bilinear interpolation: in float32 for float and unsigned 8-bit tensors, in
// fixed point with 10 fractional bits a coordinate for signed ones.

#include "Evaluate.h"
#include "Interpolate.h"
#include "Rounding.h"

#include <cmath>

using namespace mlir;
using namespace qopt;
using namespace qopt::reference;

namespace {
/// Where an output coordinate lies between two input coordinates. T is float
/// with weights of 1, or int64_t with weights of 1024.
template <typename T>
struct Tap {
  int64_t lower, upper;
  T lowerWeight, upperWeight;
};
} // namespace

static std::vector<Tap<float>> floatTaps(int64_t in, int64_t out,
                                         bool alignCorners, bool halfPixel) {
  float scale = static_cast<float>(in) / static_cast<float>(out);
  if (alignCorners && out > 1)
    scale = static_cast<float>(in - 1) / static_cast<float>(out - 1);
  std::vector<Tap<float>> taps;
  for (int64_t i = 0; i < out; ++i) {
    auto x = static_cast<float>(i);
    float position = halfPixel ? (x + 0.5f) * scale - 0.5f : x * scale;
    auto lower =
        std::max<int64_t>(static_cast<int64_t>(std::floor(position)), 0);
    auto upper = std::min(static_cast<int64_t>(std::ceil(position)), in - 1);
    float weight = position - static_cast<float>(lower);
    taps.push_back({lower, upper, 1 - weight, weight});
  }
  return taps;
}

static std::vector<Tap<int64_t>>
integerTaps(int64_t in, int64_t out, bool alignCorners, bool halfPixel) {
  int64_t scale = (1024 * in + out / 2) / out;
  if (alignCorners && out > 1)
    scale = (1024 * (in - 1) + (out - 1) / 2) / (out - 1);
  std::vector<Tap<int64_t>> taps;
  for (int64_t i = 0; i < out; ++i) {
    int64_t position = i * scale + (halfPixel ? scale / 2 - 512 : 0);
    int64_t lower = std::max<int64_t>(position / 1024, 0);
    int64_t upper = std::min((position + 1023) / 1024, in - 1);
    int64_t weight = position - 1024 * lower;
    taps.push_back({lower, upper, 1024 - weight, weight});
  }
  return taps;
}

/// Weighted sums of four neighbours, [N, H', W', C], in the kernel's order of
/// additions; \p finish makes an element of each.
template <typename T, typename Function>
static std::vector<T>
interpolate(llvm::ArrayRef<T> x, llvm::ArrayRef<int64_t> in,
            const std::vector<Tap<T>> &rows, const std::vector<Tap<T>> &columns,
            Function finish) {
  std::vector<T> result;
  for (int64_t n = 0; n < in[0]; ++n)
    for (const Tap<T> &row : rows)
      for (const Tap<T> &column : columns)
        for (int64_t c = 0; c < in[3]; ++c) {
          auto at = [&](int64_t y, int64_t xx) {
            return x[((n * in[1] + y) * in[2] + xx) * in[3] + c];
          };
          result.push_back(finish(at(row.lower, column.lower) *
                                      row.lowerWeight * column.lowerWeight +
                                  at(row.upper, column.lower) *
                                      row.upperWeight * column.lowerWeight +
                                  at(row.lower, column.upper) *
                                      row.lowerWeight * column.upperWeight +
                                  at(row.upper, column.upper) *
                                      row.upperWeight * column.upperWeight));
        }
  return result;
}

std::vector<int64_t> reference::resizeIntegers(const std::vector<int64_t> &x,
                                               llvm::ArrayRef<int64_t> in,
                                               llvm::ArrayRef<int64_t> out,
                                               bool alignCorners,
                                               bool halfPixel) {
  return interpolate<int64_t>(
      x, in, integerTaps(in[1], out[1], alignCorners, halfPixel),
      integerTaps(in[2], out[2], alignCorners, halfPixel), [](int64_t sum) {
        return static_cast<int64_t>(nearestTiesAway(sum, powerOfTwo(20)));
      });
}

std::vector<float> reference::resizeFloats(const std::vector<float> &x,
                                           llvm::ArrayRef<int64_t> in,
                                           llvm::ArrayRef<int64_t> out,
                                           bool alignCorners, bool halfPixel,
                                           float offset) {
  return interpolate<float>(x, in,
                            floatTaps(in[1], out[1], alignCorners, halfPixel),
                            floatTaps(in[2], out[2], alignCorners, halfPixel),
                            [&](float sum) { return sum + offset; });
}

Outcome reference::evaluate(nn::ResizeBilinearOp op, Operands operands) {
  const Tensor &x = *operands[0];
  llvm::ArrayRef<int64_t> in = x.shape, out = op.getType().getShape();
  bool align = op.getAlignCorners(), half = op.getHalfPixelCenters();
  if (x.kind == ElementKind::Float32) {
    Outcome result = makeTensor(op.getType());
    if (!result)
      return result;
    llvm::copy(resizeFloats(x.get<float>().vec(), in, out, align, half, 0),
               result->get<float>().begin());
    return result;
  }
  std::vector<int64_t> stored = loadIntegers(x);
  if (x.kind != ElementKind::UInt8)
    return storeIntegers(op, op.getType(),
                         resizeIntegers(stored, in, out, align, half));
  // Half is added as one more term, then the conversion truncates.
  std::vector<float> y =
      resizeFloats({stored.begin(), stored.end()}, in, out, align, half, 0.5f);
  return storeIntegers(op, op.getType(),
                       std::vector<int64_t>(y.begin(), y.end()));
}
