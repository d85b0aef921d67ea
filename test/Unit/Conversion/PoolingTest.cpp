// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// kernel.pool_2d and kernel.mean, run.

#include "KernelTest.h"

#include "qopt/Numerics/FixedPoint.h"
#include "qopt/Numerics/Pooling.h"

using namespace qopt;
using namespace qopt::test;

namespace {

struct Pool {
  Shape input, kernel, strides, padding;
  Shape output() const {
    auto size = [&](int64_t axis) {
      return (input[axis + 1] + padding[2 * axis] + padding[2 * axis + 1] -
              kernel[axis]) /
                 strides[axis] +
             1;
    };
    return {input[0], size(0), size(1), input[3]};
  }
};

const Pool pools[] = {
    {{1, 6, 6, 4}, {2, 2}, {2, 2}, {0, 0, 0, 0}},
    {{2, 7, 5, 17}, {3, 2}, {1, 2}, {1, 1, 0, 1}},
    {{1, 5, 5, 70}, {5, 5}, {1, 1}, {0, 0, 0, 0}},
    {{1, 4, 4, 1}, {3, 3}, {1, 1}, {2, 2, 2, 2}},
    {{1, 9, 3, 33}, {4, 1}, {3, 1}, {1, 2, 0, 0}},
};

/// Calls `reduce` with each window's elements.
template <typename T, typename Reduce>
std::vector<T> poolNaively(const Pool &p, const std::vector<T> &input,
                           Reduce reduce) {
  Shape out = p.output();
  std::vector<T> result;
  for (int64_t n = 0; n < out[0]; ++n)
    for (int64_t oy = 0; oy < out[1]; ++oy)
      for (int64_t ox = 0; ox < out[2]; ++ox)
        for (int64_t c = 0; c < out[3]; ++c) {
          std::vector<T> window;
          for (int64_t ky = 0; ky < p.kernel[0]; ++ky)
            for (int64_t kx = 0; kx < p.kernel[1]; ++kx) {
              int64_t y = oy * p.strides[0] - p.padding[0] + ky;
              int64_t x = ox * p.strides[1] - p.padding[2] + kx;
              if (y >= 0 && y < p.input[1] && x >= 0 && x < p.input[2])
                window.push_back(
                    input[((n * p.input[1] + y) * p.input[2] + x) * p.input[3] +
                          c]);
            }
          result.push_back(reduce(window));
        }
  return result;
}

template <typename T, typename Reduce>
void checkPools(const std::string &kind, Reduce reduce,
                const std::string &stages = "") {
  bool isUnsigned = std::is_unsigned<T>::value;
  for (const Pool &p : pools) {
    auto input = randomValues<T>(elements(p.input));
    expectKernel<T>("kernel.pool_2d " + kind + " %arg0 outs %out {kernel = " +
                        array(p.kernel) + ", strides = " + array(p.strides) +
                        ", padding = " + array(p.padding) +
                        (isUnsigned ? ", input_unsigned" : "") +
                        ", stages = [" + stages + "]} : TYPES",
                    {Argument::of(p.input, input)}, p.output(),
                    poolNaively<T>(p, input, reduce));
  }
}

template <typename T>
T maximum(const std::vector<T> &window) {
  return *std::max_element(window.begin(), window.end());
}

template <typename T>
T average(const std::vector<T> &window) {
  int32_t sum = 0;
  for (T value : window)
    sum += value;
  return static_cast<T>(
      numerics::averageOfWindow(sum, static_cast<int32_t>(window.size())));
}

TEST(Pooling, max_of_every_type) {
  checkPools<int8_t>("max", maximum<int8_t>);
  checkPools<uint8_t>("max", maximum<uint8_t>);
  checkPools<int16_t>("max", maximum<int16_t>);
  checkPools<float>("max", maximum<float>);
}

TEST(Pooling, max_with_a_clamp) {
  checkPools<int8_t>(
      "max",
      [](const std::vector<int8_t> &window) {
        return std::max<int8_t>(maximum(window), -5);
      },
      "#kernel.clamp<min = -5, max = 127>");
  checkPools<uint8_t>(
      "max",
      [](const std::vector<uint8_t> &window) {
        return std::min<uint8_t>(maximum(window), 200);
      },
      "#kernel.clamp<min = 3, max = 200>");
}

TEST(Pooling, average_rounds_half_away_from_zero) {
  checkPools<int8_t>("average", average<int8_t>);
  checkPools<uint8_t>("average", average<uint8_t>);
  checkPools<int16_t>("average", average<int16_t>);
}

TEST(Pooling, average_of_large_windows) {
  // From 2^24 on, sums leave the exact range of float32.
  for (int64_t side : {23, 130, 200}) {
    Pool p{{1, side, side, 3}, {side, side}, {1, 1}, {0, 0, 0, 0}};
    std::vector<int16_t> input(elements(p.input), 32767);
    input[0] = 1;
    input[1] = -32768;
    expectKernel<int16_t>(
        "kernel.pool_2d average %arg0 outs %out {kernel = " + array(p.kernel) +
            ", strides = " + array(p.strides) +
            ", padding = " + array(p.padding) + ", stages = []} : TYPES",
        {Argument::of(p.input, input)}, p.output(),
        poolNaively<int16_t>(p, input, average<int16_t>));
  }
}

/// All quotients of small windows, where ties are frequent.
TEST(Pooling, average_of_all_pairs) {
  std::vector<int8_t> input;
  for (int a = -128; a < 128; ++a)
    for (int b = -128; b < 128; ++b) {
      input.push_back(static_cast<int8_t>(a));
      input.push_back(static_cast<int8_t>(b));
    }
  Pool p{{1, 1 << 16, 2, 1}, {1, 2}, {1, 1}, {0, 0, 0, 0}};
  expectKernel<int8_t>(
      "kernel.pool_2d average %arg0 outs %out {kernel = array<i64: 1, 2>, "
      "strides = array<i64: 1, 1>, padding = array<i64: 0, 0, 0, 0>, stages = "
      "[]} : TYPES",
      {Argument::of(p.input, input)}, p.output(),
      poolNaively<int8_t>(p, input, average<int8_t>));
}

TEST(Pooling, average_of_floats) {
  checkPools<float>("average", [](const std::vector<float> &window) {
    float sum = 0;
    for (float value : window)
      sum += value;
    return sum / static_cast<float>(window.size());
  });
}

//===----------------------------------------------------------------------===//
// mean
//===----------------------------------------------------------------------===//

struct Mean {
  Shape input, axes, output;
};

const Mean means[] = {
    {{1, 4, 4, 8}, {1, 2}, {1, 8}},
    {{2, 3, 5, 70}, {1, 2}, {2, 1, 1, 70}},
    {{3, 37}, {1}, {3}},
    {{3, 5, 70}, {0, 2}, {5}},
    {{2, 3, 4, 5}, {0, 2}, {3, 5}},
    {{2, 3, 4, 5}, {0, 1, 2, 3}, {}},
    {{2, 3, 4, 5}, {1, 3}, {2, 4}},
    {{2, 1, 17}, {1}, {2, 17}},
    {{1, 1, 1}, {1}, {1, 1}},
};

template <typename T>
std::vector<double> sumNaively(const Mean &m, const std::vector<T> &input) {
  std::vector<double> sums(elements(m.output));
  for (size_t i = 0; i < input.size(); ++i) {
    int64_t rest = static_cast<int64_t>(i), to = 0, step = 1;
    for (size_t d = m.input.size(); d-- > 0;) {
      int64_t at = rest % m.input[d];
      rest /= m.input[d];
      if (std::count(m.axes.begin(), m.axes.end(), int64_t(d)))
        continue;
      to += at * step;
      step *= m.input[d];
    }
    sums[to] += static_cast<double>(input[i]);
  }
  return sums;
}

template <typename T>
void checkMeans(bool wide, const std::string &stage,
                const std::function<int64_t(int64_t)> &finish) {
  for (const Mean &m : means) {
    auto input = randomValues<T>(elements(m.input));
    std::vector<T> expected;
    for (double sum : sumNaively(m, input))
      expected.push_back(static_cast<T>(finish(int64_t(sum) - 77)));
    expectKernel<T>("kernel.mean %arg0 outs %out {axes = " + array(m.axes) +
                        ", initial = -77 : i64, " + (wide ? "wide, " : "") +
                        (std::is_unsigned<T>::value ? "input_unsigned, " : "") +
                        "stages = [" + stage + "]} : TYPES",
                    {Argument::of(m.input, input)}, m.output, expected);
  }
}

TEST(Pooling, mean_of_integers) {
  // A mantissa below 2^30, as a division folded into it leaves.
  numerics::FixedPointMultiplier m{123456789, -1};
  std::string requantize = "#kernel.requantize<multiplier = 123456789, shift = "
                           "-1, zero_point = 4>, #kernel.clamp<min = ";
  auto finish = [&](int64_t min, int64_t max) {
    return [=](int64_t sum) {
      return numerics::saturate(
          numerics::requantizeDouble(static_cast<int32_t>(sum), m) + 4, min,
          max);
    };
  };
  checkMeans<int8_t>(false, requantize + "-128, max = 127>", finish(-128, 127));
  checkMeans<uint8_t>(false, requantize + "0, max = 255>", finish(0, 255));
  checkMeans<int16_t>(false, requantize + "-32768, max = 32767>",
                      finish(-32768, 32767));
}

TEST(Pooling, mean_with_64_bit_sums) {
  numerics::FixedPointMultiplier m{1518500250, -6};
  checkMeans<int16_t>(true,
                      "#kernel.requantize<rounding = wide, multiplier = "
                      "1518500250, shift = -6>, #kernel.clamp<min = -32768, "
                      "max = 32767>",
                      [&](int64_t sum) {
                        return numerics::saturate(
                            numerics::requantizeWide(sum, m), -32768, 32767);
                      });
}

TEST(Pooling, mean_of_floats) {
  for (const Mean &m : means) {
    auto input = randomValues<float>(elements(m.input));
    // Of one sign, so that sums in another order stay close.
    for (float &value : input)
      value = std::abs(value);
    auto expected = sumNaively(m, input);
    double count = double(elements(m.input)) / double(elements(m.output));
    for (double &sum : expected)
      sum /= count;
    expectNear("kernel.mean %arg0 outs %out {axes = " + array(m.axes) +
                   ", stages = []} : TYPES",
               {Argument::of(m.input, input)}, m.output, expected);
  }
}

TEST(Pooling, on_aarch64) {
  if (guestLevels().empty())
    GTEST_SKIP();
  LevelScope scope(neonLevel());
  checkPools<int8_t>("average", average<int8_t>);
  checkPools<uint8_t>("max", maximum<uint8_t>);
  numerics::FixedPointMultiplier m{123456789, -1};
  checkMeans<int8_t>(
      false,
      "#kernel.requantize<multiplier = 123456789, shift = -1>, "
      "#kernel.clamp<min = -128, max = 127>",
      [&](int64_t sum) {
        return numerics::saturate(
            numerics::requantizeDouble(static_cast<int32_t>(sum), m), -128,
            127);
      });
}

} // namespace
