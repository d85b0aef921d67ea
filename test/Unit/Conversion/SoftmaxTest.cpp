// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// kernel.softmax, arg_max and resize_bilinear, run.

#include "KernelTest.h"

#include "qopt/Numerics/Pooling.h"
#include "qopt/Numerics/Softmax.h"

#include <cmath>

using namespace qopt;
using namespace qopt::test;

namespace {

template <typename Array>
std::string dense(const Array &values, const char *element) {
  std::string text = "dense<[";
  for (size_t i = 0; i < values.size(); ++i)
    text += (i ? ", " : "") + std::to_string(values[i]);
  return text + "]> : tensor<" + std::to_string(values.size()) + "x" + element +
         ">";
}

//===----------------------------------------------------------------------===//
// softmax
//===----------------------------------------------------------------------===//

template <typename T>
void checkSoftmax8(double beta, double scale, const Shape &shape,
                   bool unsignedOutput) {
  auto p = numerics::prepareSoftmax8(beta, scale);
  ASSERT_TRUE(static_cast<bool>(p));
  auto input = randomValues<T>(elements(shape));
  int64_t depth = shape.back();
  std::vector<int8_t> expected;
  for (int64_t row = 0; row < elements(shape); row += depth) {
    std::vector<int32_t> x(input.begin() + row, input.begin() + row + depth);
    std::vector<int32_t> y(depth);
    numerics::softmaxRow8(x.data(), y.data(), depth, unsignedOutput ? 0 : -128,
                          *p);
    for (int32_t value : y)
      expected.push_back(static_cast<int8_t>(value));
  }
  expectKernel<int8_t>(
      std::string("kernel.softmax %arg0 outs %out {") +
          (std::is_unsigned<T>::value ? "input_unsigned, " : "") +
          (unsignedOutput ? "output_unsigned, " : "") + "tables = [" +
          dense(p->exp, "i32") + "]} : TYPES",
      {Argument::of(shape, input)}, shape, expected);
}

TEST(Softmax, of_8_bits) {
  for (int64_t depth : {1, 2, 10, 16, 17, 100, 3000})
    checkSoftmax8<int8_t>(1.0, 0.1, {2, depth}, false);
  checkSoftmax8<int8_t>(1.0, 0.0001, {2, 4000}, false);
  checkSoftmax8<int8_t>(2.0, 3.0, {1, 2, 33}, false);
  checkSoftmax8<uint8_t>(1.0, 0.05, {3, 21}, true);
}

TEST(Softmax, of_16_bits) {
  for (double scale : {10.0 / 65535, 0.001, 0.00001})
    for (int64_t depth : {1, 10, 17, 100}) {
      auto p = numerics::prepareSoftmax16(1.0, scale);
      ASSERT_TRUE(static_cast<bool>(p));
      Shape shape = {3, depth};
      auto input = randomValues<int16_t>(elements(shape));
      std::vector<int16_t> expected;
      for (int64_t row = 0; row < 3; ++row) {
        std::vector<int32_t> x(input.begin() + row * depth,
                               input.begin() + (row + 1) * depth);
        std::vector<int32_t> y(depth);
        numerics::softmaxRow16(x.data(), y.data(), depth, *p);
        for (int32_t value : y)
          expected.push_back(static_cast<int16_t>(value));
      }
      expectKernel<int16_t>(
          "kernel.softmax %arg0 outs %out {multiplier = " +
              std::to_string(p->inputBeta.mantissa) +
              " : i32, shift = " + std::to_string(p->inputBeta.shift) +
              " : i32, tables = [" + dense(p->exp, "i16") + ", " +
              dense(p->oneOverOnePlusX, "i16") + "]} : TYPES",
          {Argument::of(shape, input)}, shape, expected);
    }
}

TEST(Softmax, of_floats) {
  for (double beta : {1.0, 0.5})
    for (int64_t depth : {1, 3, 16, 100}) {
      auto input = randomValues<float>(2 * depth);
      std::vector<double> expected;
      for (int64_t row = 0; row < 2; ++row) {
        double sum = 0, largest = -1e9;
        auto at = [&](int64_t i) { return double(input[row * depth + i]); };
        for (int64_t i = 0; i < depth; ++i)
          largest = std::max(largest, at(i));
        for (int64_t i = 0; i < depth; ++i)
          sum += std::exp((at(i) - largest) * beta);
        for (int64_t i = 0; i < depth; ++i)
          expected.push_back(std::exp((at(i) - largest) * beta) / sum);
      }
      expectNear("kernel.softmax %arg0 outs %out {beta = " +
                     std::to_string(beta) + " : f32} : TYPES",
                 {Argument::of({2, depth}, input)}, {2, depth}, expected);
    }
}

//===----------------------------------------------------------------------===//
// arg_max
//===----------------------------------------------------------------------===//

template <typename T, typename Index>
void checkArgMax(const Shape &shape, size_t axis, const std::vector<T> &input) {
  Shape output = shape;
  output.erase(output.begin() + static_cast<int64_t>(axis));
  int64_t inner = 1, size = shape[axis];
  for (size_t d = axis + 1; d < shape.size(); ++d)
    inner *= shape[d];
  std::vector<Index> expected;
  for (int64_t i = 0; i < elements(output); ++i) {
    int64_t base = i / inner * inner * size + i % inner, best = 0;
    for (int64_t k = 1; k < size; ++k)
      if (input[base + k * inner] > input[base + best * inner])
        best = k;
    expected.push_back(static_cast<Index>(best));
  }
  expectKernel<Index>(
      "kernel.arg_max %arg0 outs %out {axis = " + std::to_string(axis) +
          " : i64" + (std::is_unsigned<T>::value ? ", input_unsigned" : "") +
          "} : TYPES",
      {Argument::of(shape, input)}, output, expected);
}

TEST(ArgMax, along_every_axis) {
  for (size_t axis : {0, 1, 2}) {
    Shape shape = {3, 5, 37};
    checkArgMax<int8_t, int32_t>(shape, axis,
                                 randomValues<int8_t>(elements(shape)));
    checkArgMax<uint8_t, int64_t>(shape, axis,
                                  randomValues<uint8_t>(elements(shape)));
    checkArgMax<float, int32_t>(shape, axis,
                                randomValues<float>(elements(shape)));
  }
}

TEST(ArgMax, of_ties_is_the_first) {
  for (int64_t size : {1, 7, 16, 33, 100}) {
    std::vector<int8_t> input(size, -128);
    checkArgMax<int8_t, int32_t>({size}, 0, input);
    input[size / 2] = input[size - 1] = 3;
    checkArgMax<int8_t, int32_t>({size}, 0, input);
  }
}

//===----------------------------------------------------------------------===//
// resize_bilinear
//===----------------------------------------------------------------------===//

template <typename T>
void checkResize(const Shape &from, const Shape &to, bool align, bool half) {
  using Taps = std::vector<numerics::ResizeTap>;
  constexpr bool isFloat =
      std::is_same<T, float>::value || std::is_unsigned<T>::value;
  auto compute =
      isFloat ? numerics::resizeTapsFloat : numerics::resizeTapsInteger;
  Taps rows = compute(from[1], to[1], align, half);
  Taps columns = compute(from[2], to[2], align, half);
  auto input = randomValues<T>(elements(from));
  std::vector<T> expected;
  for (int64_t n = 0; n < to[0]; ++n)
    for (const auto &r : rows)
      for (const auto &c : columns)
        for (int64_t channel = 0; channel < to[3]; ++channel) {
          auto at = [&](int64_t y, int64_t x) {
            return input[((n * from[1] + y) * from[2] + x) * from[3] + channel];
          };
          T ll = at(r.lower, c.lower), lu = at(r.lower, c.upper);
          T ul = at(r.upper, c.lower), uu = at(r.upper, c.upper);
          if (!isFloat) {
            expected.push_back(static_cast<T>(numerics::resizeElement(
                int32_t(ll), int32_t(lu), int32_t(ul), int32_t(uu), r, c)));
            continue;
          }
          float dy = r.floatWeight, dx = c.floatWeight;
          float sum = float(ll) * (1 - dy) * (1 - dx) +
                      float(ul) * dy * (1 - dx) + float(lu) * (1 - dy) * dx +
                      float(uu) * dy * dx;
          expected.push_back(
              static_cast<T>(std::is_same<T, float>::value ? sum : sum + 0.5f));
        }
  expectKernel<T>(std::string("kernel.resize_bilinear %arg0 outs %out {") +
                      (align ? "align_corners, " : "") +
                      (half ? "half_pixel_centers, " : "") +
                      (std::is_unsigned<T>::value ? "input_unsigned, " : "") +
                      "name = 0 : i8} : TYPES",
                  {Argument::of(from, input)}, to, expected);
}

template <typename T>
void checkResizes() {
  for (int mode = 0; mode < 3; ++mode) {
    checkResize<T>({1, 4, 5, 3}, {1, 7, 9, 3}, mode == 1, mode == 2);
    checkResize<T>({2, 6, 7, 17}, {2, 3, 4, 17}, mode == 1, mode == 2);
    checkResize<T>({1, 1, 1, 33}, {1, 3, 2, 33}, mode == 1, mode == 2);
  }
}

TEST(ResizeBilinear, of_every_type) {
  checkResizes<int8_t>();
  checkResizes<int16_t>();
  checkResizes<uint8_t>();
  checkResizes<float>();
}

TEST(Softmax, on_aarch64) {
  if (guestLevels().empty())
    GTEST_SKIP();
  LevelScope scope(neonLevel());
  checkSoftmax8<int8_t>(1.0, 0.1, {2, 33}, false);
  checkArgMax<int8_t, int32_t>({3, 37}, 1, randomValues<int8_t>(3 * 37));
  checkResize<int8_t>({1, 4, 5, 3}, {1, 7, 9, 3}, false, true);
  checkResize<uint8_t>({1, 4, 5, 3}, {1, 7, 9, 3}, true, false);
}

} // namespace
