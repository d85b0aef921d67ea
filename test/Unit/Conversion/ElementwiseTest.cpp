// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// kernel.elementwise and its stages, run: every stage, broadcasting, lengths
// around the width of a vector, unsigned storage, work in place.

#include "KernelTest.h"

#include "qopt/Numerics/Elementwise.h"

#include <cmath>

using namespace qopt;
using namespace qopt::test;
using numerics::FixedPointMultiplier;
using numerics::RoundingMode;

namespace {

const int64_t lengths[] = {1, 7, 17, 67};

std::string elementwise(bool operand, const std::string &stages,
                        const std::string &more = "") {
  return std::string("kernel.elementwise %arg0 ") +
         (operand ? "with %arg1 " : "") + "outs %out {" + more + "stages = [" +
         stages + "]} : TYPES";
}

/// Index into a row-major buffer of this shape that is broadcast to `full`.
int64_t broadcastIndex(int64_t index, const Shape &full, const Shape &shape) {
  int64_t result = 0, step = 1;
  for (size_t i = 1; i <= full.size(); ++i) {
    int64_t at = index % full[full.size() - i];
    index /= full[full.size() - i];
    if (i > shape.size())
      continue;
    int64_t size = shape[shape.size() - i];
    if (size != 1)
      result += at * step;
    step *= size;
  }
  return result;
}

/// A stage with one operand, on 8-bit or 16-bit storage of any shapes.
template <typename T, typename Function>
void checkBinary(const std::string &stages, const Shape &lhsShape,
                 const Shape &rhsShape, const Shape &full, Function function,
                 const std::string &more = "") {
  auto lhs = randomValues<T>(elements(lhsShape), 1);
  auto rhs = randomValues<T>(elements(rhsShape), 2);
  std::vector<T> expected;
  for (int64_t i = 0; i < elements(full); ++i)
    expected.push_back(
        static_cast<T>(function(lhs[broadcastIndex(i, full, lhsShape)],
                                rhs[broadcastIndex(i, full, rhsShape)])));
  expectKernel<T>(elementwise(true, stages, more),
                  {Argument::of(lhsShape, lhs), Argument::of(rhsShape, rhs)},
                  full, expected);
}

template <typename Function>
void checkUnary(const std::string &stages, Function function,
                const std::string &more = "") {
  for (int64_t length : lengths) {
    auto input = randomValues<int8_t>(length);
    std::vector<int8_t> expected;
    for (int8_t x : input)
      expected.push_back(static_cast<int8_t>(function(x)));
    expectKernel<int8_t>(elementwise(false, stages, more),
                         {Argument::of({length}, input)}, {length}, expected);
  }
}

std::string affine(int32_t offset, FixedPointMultiplier m) {
  return "<offset = " + std::to_string(offset) +
         ", multiplier = " + std::to_string(m.mantissa) +
         ", shift = " + std::to_string(m.shift) + ">";
}

std::string clamp(int32_t min, int32_t max) {
  return ", #kernel.clamp<min = " + std::to_string(min) +
         ", max = " + std::to_string(max) + ">";
}

std::string sum(const std::string &name, const numerics::AddParameters &p,
                const std::string &more = "") {
  return "#kernel." + name + "<left_shift = " + std::to_string(p.leftShift) +
         ", value = " + affine(-p.lhsZeroPoint, p.lhs) +
         ", operand = " + affine(-p.rhsZeroPoint, p.rhs) +
         ", output = " + affine(p.resultZeroPoint, p.result) + more + ">" +
         clamp(p.min, p.max);
}

numerics::AddParameters addParameters() {
  auto p =
      numerics::prepareAdd({0.05, -7}, {0.02, 11}, {0.04, -3}, 8, {-128, 127});
  EXPECT_TRUE(static_cast<bool>(p));
  return *p;
}

//===----------------------------------------------------------------------===//
// Two operands
//===----------------------------------------------------------------------===//

// Signed and unsigned operands; sums of both signs.
TEST(Elementwise, scaledSum) {
  for (bool isUnsigned : {false, true})
    for (int64_t length : lengths)
      checkBinary<int8_t>(
          std::string("#kernel.scaled_sum<value = 8578262, operand = -3243230, "
                      "offset = -32215822, shift = 22, is_unsigned = ") +
              (isUnsigned ? "true>" : "false>") + clamp(-128, 127),
          {length}, {length}, {length}, [&](int32_t a, int32_t b) {
            b = isUnsigned ? b & 255 : b;
            return std::clamp((a * 8578262 - b * 3243230 - 32215822) >> 22,
                              -128, 127);
          });
}

TEST(Elementwise, add_of_equal_shapes_at_all_lengths) {
  numerics::AddParameters p = addParameters();
  for (int64_t length : lengths)
    checkBinary<int8_t>(sum("add", p), {length}, {length}, {length},
                        [&](int a, int b) { return numerics::add(a, b, p); });
}

TEST(Elementwise, add_broadcasts) {
  numerics::AddParameters p = addParameters();
  struct {
    Shape lhs, rhs, full;
  } cases[] = {
      {{2, 3, 4, 17}, {17}, {2, 3, 4, 17}},
      {{2, 3, 4, 17}, {1}, {2, 3, 4, 17}},
      {{1}, {2, 3, 4, 5}, {2, 3, 4, 5}},
      {{2, 1, 4, 1}, {3, 1, 18}, {2, 3, 4, 18}},
      {{2, 3, 1, 1}, {2, 3, 4, 5}, {2, 3, 4, 5}},
      {{1, 1, 1, 40}, {1, 5, 1, 40}, {1, 5, 1, 40}},
      {{}, {}, {}},
  };
  for (const auto &c : cases)
    checkBinary<int8_t>(sum("add", p), c.lhs, c.rhs, c.full,
                        [&](int a, int b) { return numerics::add(a, b, p); });
}

TEST(Elementwise, add_of_unsigned_storage) {
  auto p =
      numerics::prepareAdd({0.05, 120}, {0.02, 3}, {0.04, 130}, 8, {0, 255});
  ASSERT_TRUE(static_cast<bool>(p));
  checkBinary<uint8_t>(
      sum("add", *p, ", is_unsigned = true"), {3, 19}, {3, 19}, {3, 19},
      [&](int a, int b) { return numerics::add(a, b, *p); },
      "input_unsigned, ");
}

TEST(Elementwise, add_of_16_bits) {
  auto p = numerics::prepareAdd({0.0005, 0}, {0.002, 0}, {0.0021, 0}, 16,
                                {-32768, 32767});
  ASSERT_TRUE(static_cast<bool>(p));
  checkBinary<int16_t>(sum("add", *p), {35}, {35}, {35},
                       [&](int a, int b) { return numerics::add(a, b, *p); });
}

TEST(Elementwise, sub_and_reversed_sub) {
  numerics::AddParameters p = addParameters();
  checkBinary<int8_t>(sum("sub", p), {37}, {37}, {37},
                      [&](int a, int b) { return numerics::sub(a, b, p); });
  numerics::AddParameters swapped = p;
  std::swap(swapped.lhs, swapped.rhs);
  std::swap(swapped.lhsZeroPoint, swapped.rhsZeroPoint);
  checkBinary<int8_t>(
      sum("sub", p, ", reversed = true"), {37}, {37}, {37},
      [&](int a, int b) { return numerics::sub(b, a, swapped); });
}

TEST(Elementwise, power_of_two_add) {
  for (int lhs : {0, 1, 5})
    for (int rhs : {0, 2}) {
      numerics::PowerOfTwoAddParameters p;
      p.lhsRightShift = lhs;
      p.rhsRightShift = rhs;
      std::string shifts = "value_shift = " + std::to_string(lhs) +
                           ", operand_shift = " + std::to_string(rhs);
      checkBinary<int16_t>(
          "#kernel.add_pot<" + shifts + ">", {35}, {35}, {35},
          [&](int a, int b) { return numerics::addPowerOfTwo(a, b, p); });
      checkBinary<int16_t>(
          "#kernel.add_pot<" + shifts + ", subtract = true>", {35}, {35}, {35},
          [&](int a, int b) { return numerics::subPowerOfTwo(a, b, p); });
    }
}

TEST(Elementwise, mul) {
  auto p =
      numerics::prepareMul({0.05, -7}, {0.02, 11}, {0.01, -3}, {-128, 127});
  ASSERT_TRUE(static_cast<bool>(p));
  std::string stages =
      "#kernel.mul<value_offset = 7, operand_offset = -11, output = " +
      affine(-3, p->result) + ">" + clamp(-128, 127);
  for (int64_t length : lengths)
    checkBinary<int8_t>(stages, {2, length}, {length}, {2, length},
                        [&](int a, int b) { return numerics::mul(a, b, *p); });
}

//===----------------------------------------------------------------------===//
// One operand
//===----------------------------------------------------------------------===//

TEST(Elementwise, requantize_with_immediates) {
  for (FixedPointMultiplier m :
       {FixedPointMultiplier{1518500250, -3},
        FixedPointMultiplier{1340543111, 0}, FixedPointMultiplier{1 << 30, 4}})
    checkUnary("#kernel.requantize<multiplier = " + std::to_string(m.mantissa) +
                   ", shift = " + std::to_string(m.shift) +
                   ", zero_point = 5>" + clamp(-100, 90),
               [&](int x) {
                 return numerics::saturate(numerics::requantizeDouble(x, m) + 5,
                                           -100, 90);
               });
}

TEST(Elementwise, requantize_by_channel) {
  for (int64_t channels : {1, 3, 16, 21})
    for (const char *name : {"double", "single", "wide", "shift"}) {
      RoundingMode mode =
          name[0] == 'd' ? RoundingMode::Double
          : name[1] == 'i'
              ? (name[0] == 's' ? RoundingMode::Single : RoundingMode::Wide)
              : RoundingMode::Shift;
      auto input = randomValues<int32_t>(3 * channels);
      std::vector<int32_t> multiplier, shift;
      for (int64_t c = 0; c < channels; ++c) {
        multiplier.push_back(mode == RoundingMode::Shift
                                 ? 1 << 30
                                 : (1 << 30) + int32_t(c) * 12345677);
        shift.push_back(static_cast<int32_t>(c % 9) - 7);
      }
      std::vector<int8_t> expected;
      for (int64_t i = 0; i < 3 * channels; ++i) {
        input[i] >>= 16;
        int64_t c = i % channels;
        expected.push_back(static_cast<int8_t>(
            numerics::saturate(numerics::applyMultiplier(
                                   input[i], {multiplier[c], shift[c]}, mode) -
                                   3,
                               -128, 127)));
      }
      expectKernel<int8_t>(
          std::string("kernel.elementwise %arg0 scale %arg1, %arg2 outs %out "
                      "{stages = [#kernel.requantize<rounding = ") +
              name + ", zero_point = -3>" + clamp(-128, 127) + "]} : TYPES",
          {Argument::of({3, channels}, input),
           Argument::of({channels}, multiplier),
           Argument::of({channels}, shift)},
          {3, channels}, expected);
    }
}

/// The modes on real numbers, on accumulators of 32 and of 64 bits: near the
/// steps of each channel, and far away.
template <typename T>
void checkRealByChannel(bool isReal) {
  for (int64_t channels : {1, 3, 16, 21}) {
    std::vector<T> input;
    std::vector<int32_t> high, low;
    std::vector<int8_t> expected;
    std::vector<double> multipliers;
    for (int64_t c = 0; c < channels; ++c) {
      double m = c % 3 == 0 ? std::ldexp(1.0, -static_cast<int>(c % 12))
                            : std::exp2(-0.37 * double(c) - 1);
      if (!isReal) {
        m = static_cast<float>(m);
        high.push_back(llvm::bit_cast<int32_t>(static_cast<float>(m)));
        low.push_back(0);
      } else {
        auto bits = llvm::bit_cast<uint64_t>(m);
        high.push_back(static_cast<int32_t>(bits >> 32));
        low.push_back(static_cast<int32_t>(bits));
      }
      multipliers.push_back(m);
    }
    const int64_t rows = 40;
    auto random = randomValues<T>(rows * channels);
    for (int64_t i = 0; i < rows * channels; ++i) {
      double m = multipliers[i % channels];
      double step = (static_cast<double>(i / channels) - 20.5) / m;
      T x = i % 5 == 4 ? random[i] : static_cast<T>(step + double(i % 3) - 1);
      input.push_back(x);
      expected.push_back(static_cast<int8_t>(
          isReal ? numerics::requantizeReal(x, m, -3, -100, 127)
                 : numerics::requantizeFloat(x, static_cast<float>(m), -3, -100,
                                             127)));
    }
    expectKernel<int8_t>(
        std::string("kernel.elementwise %arg0 scale %arg1, %arg2 outs %out "
                    "{stages = [#kernel.requantize_real<rounding = ") +
            (isReal ? "real" : "float") +
            ", zero_point = -3, min = -100, max = 127>]} : TYPES",
        {Argument::of({rows, channels}, input), Argument::of({channels}, high),
         Argument::of({channels}, low)},
        {rows, channels}, expected);
  }
}

TEST(Elementwise, requantize_float_by_channel) {
  checkRealByChannel<int32_t>(false);
  checkRealByChannel<int64_t>(false);
}

TEST(Elementwise, requantize_real_by_channel) {
  checkRealByChannel<int32_t>(true);
  checkRealByChannel<int64_t>(true);
}

TEST(Elementwise, requantize_float_and_real_on_aarch64) {
  if (guestLevels().empty())
    GTEST_SKIP();
  LevelScope scope(neonLevel());
  checkRealByChannel<int32_t>(false);
  checkRealByChannel<int32_t>(true);
  checkRealByChannel<int64_t>(true);
}

TEST(Elementwise, requantize_real_with_immediates) {
  for (const char *mode : {"float", "real"})
    for (const char *text : {"0.5", "0.03125", "0.0123", "1.5"}) {
      bool isReal = mode[0] == 'r';
      double m = std::strtod(text, nullptr);
      if (!isReal)
        m = static_cast<float>(m);
      llvm::SmallString<32> exact;
      llvm::APFloat(m).toString(exact, 17, 0);
      checkUnary(std::string("#kernel.requantize_real<rounding = ") + mode +
                     ", multiplier = " + exact.str().str() +
                     " : f64, zero_point = 5, min = -100, max = 90>",
                 [&](int x) {
                   return isReal ? numerics::requantizeReal(x, m, 5, -100, 90)
                                 : numerics::requantizeFloat(
                                       x, static_cast<float>(m), 5, -100, 90);
                 });
    }
}

void checkTables() {
  std::string entries;
  std::vector<int> table;
  for (int i = 0; i < 256; ++i) {
    table.push_back((i * 37 + 11) % 256 - 128);
    entries += (i ? ", " : "") + std::to_string(table.back());
  }
  std::string stage =
      "#kernel.table<entries = dense<[" + entries + "]> : tensor<256xi8>>";
  auto look = [&](int x) { return table[x & 255]; };
  checkUnary(stage, look);
  // Behind another stage, where no byte is an index yet.
  checkUnary("#kernel.clamp<min = -100, max = 90>, " + stage,
             [&](int x) { return look(std::min(std::max(x, -100), 90)); });
}

TEST(Elementwise, table_of_8_bits) { checkTables(); }

TEST(Elementwise, table_of_8_bits_on_aarch64) {
  if (guestLevels().empty())
    GTEST_SKIP();
  LevelScope scope(neonLevel());
  checkTables();
}

TEST(Elementwise, table_of_16_bits) {
  // A splat is the shortest text for 65536 entries.
  auto input = randomValues<int16_t>(33);
  expectKernel<int16_t>(
      elementwise(false, "#kernel.table<entries = dense<-77> : "
                         "tensor<65536xi16>>"),
      {Argument::of({33}, input)}, {33}, std::vector<int16_t>(33, -77));
}

TEST(Elementwise, copy_truncation_and_extension) {
  for (int64_t length : lengths) {
    auto input = randomValues<int16_t>(length);
    expectKernel<int16_t>(elementwise(false, ""),
                          {Argument::of({length}, input)}, {length}, input);
    auto wide = randomValues<int32_t>(length);
    std::vector<int8_t> low(wide.begin(), wide.end());
    for (int64_t i = 0; i < length; ++i)
      low[i] = static_cast<int8_t>(wide[i]);
    expectKernel<int8_t>(elementwise(false, ""), {Argument::of({length}, wide)},
                         {length}, low);
  }
}

TEST(Elementwise, in_place) {
  numerics::AddParameters p = addParameters();
  for (int64_t length : lengths) {
    std::string type = memref({length}, "i8");
    auto jit = Jit::compile(
        "func.func @f(%x: " + type + ", %y: " + type + ") {\n" +
        "kernel.elementwise %x with %y outs %x {stages = [" + sum("add", p) +
        "]} : (" + type + ", " + type + ", " + type + ") -> ()\nreturn\n}");
    ASSERT_TRUE(jit);
    auto x = randomValues<int8_t>(length, 3),
         y = randomValues<int8_t>(length, 4);
    Guarded<int8_t> a(x), b(y);
    ASSERT_TRUE(jit->call("f", {a.data(), b.data()}));
    for (int64_t i = 0; i < length; ++i)
      ASSERT_EQ(numerics::add(x[i], y[i], p), a.values()[i]) << i;
  }
}

//===----------------------------------------------------------------------===//
// Float
//===----------------------------------------------------------------------===//

const float infinity = std::numeric_limits<float>::infinity();

TEST(Elementwise, quantize_rounds_and_saturates) {
  std::vector<float> input = {0,           0.25f,     -0.25f, 0.75f, -0.75f,
                              0.24999999f, 1.25f,     -1.25f, 1e30f, -1e30f,
                              infinity,    -infinity, 63.9f,  64.f,  -64.f,
                              0.2500001f,  NAN,       1e-40f};
  for (bool even : {false, true}) {
    std::vector<int8_t> expected;
    for (float x : input) {
      double q = x / 0.5f;
      double rounded = even ? std::nearbyint(q) : std::round(q);
      expected.push_back(std::isnan(x)
                             ? -128
                             : static_cast<int8_t>(std::min(
                                   127.0, std::max(-128.0, rounded - 1))));
    }
    int64_t size = static_cast<int64_t>(input.size());
    expectKernel<int8_t>(
        elementwise(false,
                    std::string("#kernel.quantize<scale = 5.0e-01 : f32, "
                                "zero_point = -1, min = -128, max = 127") +
                        (even ? ", ties_to_even = true>" : ">")),
        {Argument::of({size}, input)}, {size}, expected);
  }
}

/// The floats around each tie and each integer.
TEST(Elementwise, quantize_near_every_tie) {
  std::vector<float> input;
  for (int k = -300; k <= 300; ++k)
    for (float x : {float(k) / 2, std::nextafterf(float(k) / 2, 1e9f),
                    std::nextafterf(float(k) / 2, -1e9f)})
      input.push_back(x);
  for (bool even : {false, true}) {
    std::vector<int8_t> expected;
    for (float x : input)
      expected.push_back(static_cast<int8_t>(std::min(
          127.0f,
          std::max(-128.0f, even ? std::nearbyint(x) : std::round(x)))));
    auto size = static_cast<int64_t>(input.size());
    expectKernel<int8_t>(
        elementwise(
            false, std::string("#kernel.quantize<scale = 1.0 : f32, zero_point "
                               "= 0, min = -128, max = 127") +
                       (even ? ", ties_to_even = true>" : ">")),
        {Argument::of({size}, input)}, {size}, expected);
  }
}

TEST(Elementwise, quantize_to_32_bits) {
  std::vector<float> input = {0.5f,        1.5f,      -2.5f,     8388607.5f,
                              8388606.5f,  1e30f,     -infinity, 2147483520.f,
                              -4194304.5f, 4194305.5f};
  for (bool even : {false, true}) {
    std::vector<int32_t> expected;
    for (double x : input) {
      double rounded = even ? std::nearbyint(x) : std::round(x);
      expected.push_back(static_cast<int32_t>(
          std::min(2147483647.0, std::max(-2147483648.0, rounded + 3))));
    }
    int64_t size = static_cast<int64_t>(input.size());
    expectKernel<int32_t>(
        elementwise(false, std::string("#kernel.quantize<scale = 1.0 : f32, "
                                       "zero_point = 3, min = -2147483648, "
                                       "max = 2147483647") +
                               (even ? ", ties_to_even = true>" : ">")),
        {Argument::of({size}, input)}, {size}, expected);
  }
}

TEST(Elementwise, dequantize) {
  for (int64_t length : lengths) {
    auto input = randomValues<int8_t>(length);
    std::vector<float> expected;
    for (int8_t x : input)
      expected.push_back(0.1f * static_cast<float>(x + 3));
    expectKernel<float>(elementwise(false,
                                    "#kernel.dequantize<scale = 0.1 : f32, "
                                    "zero_point = -3>"),
                        {Argument::of({length}, input)}, {length}, expected);
  }
}

TEST(Elementwise, float_arithmetic) {
  auto a = randomValues<float>(3 * 17, 5), b = randomValues<float>(17, 6);
  std::vector<float> expected;
  for (size_t i = 0; i < a.size(); ++i) {
    float r = b[i % 17];
    float v = (r - a[i]) * r + r;
    expected.push_back(std::min(std::max(v, -1.0f), 20.0f));
  }
  expectKernel<float>(
      "kernel.elementwise %arg0 with %arg1, %arg2, %arg3 outs %out {stages = "
      "[#kernel.sub_f32<reversed = true>, #kernel.mul_f32, #kernel.add_f32, "
      "#kernel.clamp_f32<min = -1.0 : f32, max = 20.0 : f32>]} : TYPES",
      {Argument::of({3, 17}, a), Argument::of({17}, b), Argument::of({17}, b),
       Argument::of({17}, b)},
      {3, 17}, expected);
}

TEST(Elementwise, clamp_keeps_nan) {
  runKernel<float>(
      elementwise(false, "#kernel.clamp_f32<min = 0.0 : f32, max = 6.0 : f32>"),
      {Argument::of({3}, std::vector<float>{NAN, -1, 7})}, {3},
      [](const std::vector<float> &y) {
        EXPECT_TRUE(std::isnan(y[0]));
        EXPECT_EQ(0, y[1]);
        EXPECT_EQ(6, y[2]);
      });
}

TEST(Elementwise, logistic) {
  std::vector<float> input = {0,   1,     -1,       80,        -80, 20,
                              -20, 1e-6f, 0.34657f, -0.34658f, 5.5f};
  for (int i = 0; i < 1000; ++i)
    input.push_back(-20 + 0.04f * static_cast<float>(i));
  std::vector<double> expected;
  for (double x : input)
    expected.push_back(1 / (1 + std::exp(-x)));
  int64_t size = static_cast<int64_t>(input.size());
  expectNear(elementwise(false, "#kernel.logistic_f32"),
             {Argument::of({size}, input)}, {size}, expected);
}

TEST(Elementwise, logistic_saturates) {
  runKernel<float>(
      elementwise(false, "#kernel.logistic_f32"),
      {Argument::of({4}, std::vector<float>{-1000, 1000, -infinity, infinity})},
      {4}, [](const std::vector<float> &y) {
        EXPECT_NEAR(0, y[0], 1e-30);
        EXPECT_EQ(1, y[1]);
        EXPECT_NEAR(0, y[2], 1e-30);
        EXPECT_EQ(1, y[3]);
      });
}

TEST(Elementwise, on_aarch64) {
  if (guestLevels().empty())
    GTEST_SKIP();
  LevelScope scope(neonLevel());
  numerics::AddParameters p = addParameters();
  checkBinary<int8_t>(sum("add", p), {3, 37}, {37}, {3, 37},
                      [&](int a, int b) { return numerics::add(a, b, p); });
  std::vector<float> input = {0.25f, -0.25f, 0.75f, 1e30f, -infinity, NAN, 3};
  expectKernel<int8_t>(
      elementwise(false, "#kernel.quantize<scale = 5.0e-01 : f32, zero_point "
                         "= -1, min = -128, max = 127>"),
      {Argument::of({7}, input)}, {7},
      std::vector<int8_t>{0, -2, 1, 127, -128, -128, 5});
  input = {0, 1, -1, 20, -20, 3, -3};
  std::vector<double> expected;
  for (double x : input)
    expected.push_back(1 / (1 + std::exp(-x)));
  expectNear(elementwise(false, "#kernel.logistic_f32"),
             {Argument::of({7}, input)}, {7}, expected);
}

} // namespace
