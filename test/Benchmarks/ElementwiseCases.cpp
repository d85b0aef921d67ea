// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Arithmetic element by element, and functions of stored values.

#include "Cases.h"

#include "qopt/Numerics/Elementwise.h"

#include "llvm/Support/FormatVariadic.h"

#include <array>
#include <cmath>

using namespace qopt;
using namespace qopt::bench;
using llvm::formatv;

static const int8_t *bytes(const char *data) {
  return reinterpret_cast<const int8_t *>(data);
}
static int8_t *bytes(char *data) { return reinterpret_cast<int8_t *>(data); }

static constexpr numerics::StorageRange allBytes{-128, 127};

static Case makeBinary(bool isSum, int size, int channels) {
  numerics::QuantizationParameters a{0.05, -5}, b{0.07, 3}, y{0.1, 2};
  if (!isSum)
    y.scale = 0.3;
  plain::Addition p = {};
  p.offsets[0] = 5;
  p.offsets[1] = -3;
  p.outputOffset = 2;
  auto set = [](numerics::FixedPointMultiplier m, int32_t &mantissa,
                int32_t &shift) {
    mantissa = m.mantissa;
    shift = m.shift;
  };
  if (isSum) {
    auto prepared = numerics::prepareAdd(a, b, y, 8, allBytes);
    set(prepared->lhs, p.multipliers[0], p.shifts[0]);
    set(prepared->rhs, p.multipliers[1], p.shifts[1]);
    set(prepared->result, p.outputMultiplier, p.outputShift);
  } else {
    auto prepared = numerics::prepareMul(a, b, y, allBytes);
    set(prepared->result, p.outputMultiplier, p.outputShift);
  }
  Case c;
  const char *op = isSum ? "add" : "mul";
  int count = size * size * channels;
  c.name = formatv("{0} {1}x{1}x{2}", op, size, channels);
  c.text =
      formatv("!a = tensor<1x{0}x{0}x{1}x!quant.uniform<i8:f32, {2}:{3}>>\n"
              "!b = tensor<1x{0}x{0}x{1}x!quant.uniform<i8:f32, {4}:{5}>>\n"
              "!y = tensor<1x{0}x{0}x{1}x!quant.uniform<i8:f32, {6}:{7}>>\n"
              "func.func @main(%a: !a, %b: !b) -> !y {{\n"
              "%y = nn.{8} %a, %b : (!a, !b) -> !y\n"
              "return %y : !y\n}\n",
              size, channels, a.scale, a.zeroPoint, b.scale, b.zeroPoint,
              y.scale, y.zeroPoint, op);
  c.numInputs = 2;
  c.work = count;
  c.plain = [=](const char *const *in, char *out) {
    (isSum ? plain::add : plain::multiply)(count, p, bytes(in[0]), bytes(in[1]),
                                           bytes(out));
  };
  return c;
}

/// The logistic function as a table, which is what plain code would do, too.
static Case makeTable(int count) {
  std::array<int8_t, 256> table;
  for (int q = -128; q < 128; ++q) {
    double y = 1 / (1 + std::exp(-0.05 * (q + 5)));
    table[uint8_t(q)] =
        static_cast<int8_t>(std::min(std::lround(y * 256) - 128, 127l));
  }
  Case c;
  c.name = formatv("logistic {0}", count);
  c.text = formatv("!x = tensor<{0}x!quant.uniform<i8:f32, 0.05:-5>>\n"
                   "!y = tensor<{0}x!quant.uniform<i8:f32, 0.00390625:-128>>\n"
                   "func.func @main(%x: !x) -> !y {{\n"
                   "%y = nn.logistic %x : (!x) -> !y\nreturn %y : !y\n}\n",
                   count);
  c.work = count;
  c.plain = [=](const char *const *in, char *out) {
    plain::lookUp(count, table.data(), bytes(in[0]), bytes(out));
  };
  return c;
}

static Case makeQuantize(int count) {
  Case c;
  c.name = formatv("quantize {0}", count);
  c.text = formatv("!y = tensor<{0}x!quant.uniform<i8:f32, 0.05:-5>>\n"
                   "func.func @main(%x: tensor<{0}xf32>) -> !y {{\n"
                   "%y = quant.qcast %x : tensor<{0}xf32> to !y\n"
                   "return %y : !y\n}\n",
                   count);
  c.takesFloats = true;
  c.work = count;
  c.plain = [=](const char *const *in, char *out) {
    plain::quantize(count, 0.05f, -5, reinterpret_cast<const float *>(in[0]),
                    bytes(out));
  };
  return c;
}

static Case makeDequantize(int count) {
  Case c;
  c.name = formatv("dequantize {0}", count);
  c.text = formatv("!x = tensor<{0}x!quant.uniform<i8:f32, 0.05:-5>>\n"
                   "func.func @main(%x: !x) -> tensor<{0}xf32> {{\n"
                   "%y = quant.dcast %x : !x to tensor<{0}xf32>\n"
                   "return %y : tensor<{0}xf32>\n}\n",
                   count);
  c.work = count;
  c.plain = [=](const char *const *in, char *out) {
    plain::dequantize(count, 0.05f, -5, bytes(in[0]),
                      reinterpret_cast<float *>(out));
  };
  return c;
}

std::vector<Case> qopt::bench::elementwiseCases() {
  return {makeBinary(true, 56, 24),
          makeBinary(true, 14, 96),
          makeBinary(true, 5, 7),
          makeBinary(false, 56, 24),
          makeBinary(false, 7, 160),
          makeTable(10000),
          makeTable(100),
          makeQuantize(10000),
          makeDequantize(10000)};
}
