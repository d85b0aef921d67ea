// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Pooling, and moves of bytes.

#include "Cases.h"

#include "llvm/Support/FormatVariadic.h"

using namespace qopt;
using namespace qopt::bench;
using llvm::formatv;

static const int8_t *bytes(const char *data) {
  return reinterpret_cast<const int8_t *>(data);
}
static int8_t *bytes(char *data) { return reinterpret_cast<int8_t *>(data); }

static std::string type(int height, int width, int channels) {
  return formatv("tensor<1x{0}x{1}x{2}x!quant.uniform<i8:f32, 0.05:-5>>",
                 height, width, channels);
}

static Case makePool(bool isAverage, int size, int channels, int kernel,
                     int stride) {
  plain::Window s = {};
  s.height = s.width = size;
  s.channels = s.outChannels = channels;
  s.outHeight = s.outWidth = (size - kernel) / stride + 1;
  s.kernelHeight = s.kernelWidth = kernel;
  s.stride = stride;
  const char *op = isAverage ? "average_pool_2d" : "max_pool_2d";
  Case c;
  c.name = formatv("{0} {1}x{1}s{2} {3}x{3}x{4}", op, kernel, stride, size,
                   channels);
  c.text = formatv(
      "func.func @main(%x: {0}) -> {1} {{\n"
      "%y = nn.{2} %x {{kernel = array<i64: {3}, {3}>, strides = array<i64: "
      "{4}, {4}>} : ({0}) -> {1}\nreturn %y : {1}\n}\n",
      type(size, size, channels), type(s.outHeight, s.outWidth, channels), op,
      kernel, stride);
  c.work = int64_t(s.outHeight) * s.outWidth * channels * kernel * kernel;
  c.plain = [=](const char *const *in, char *out) {
    (isAverage ? plain::averagePool : plain::maxPool)(s, bytes(in[0]),
                                                      bytes(out));
  };
  return c;
}

static Case makePad(int size, int channels) {
  plain::Window s = {};
  s.height = s.width = size;
  s.channels = channels;
  s.outHeight = s.outWidth = size + 2;
  s.top = s.left = 1;
  Case c;
  c.name = formatv("pad {0}x{0}x{1}", size, channels);
  c.text =
      formatv("func.func @main(%x: {0}) -> {1} {{\n"
              "%y = nn.pad %x {{low = array<i64: 0, 1, 1, 0>, high = "
              "array<i64: 0, 1, 1, 0>} : ({0}) -> {1}\n"
              "return %y : {1}\n}\n",
              type(size, size, channels), type(size + 2, size + 2, channels));
  c.work = int64_t(size + 2) * (size + 2) * channels;
  c.plain = [=](const char *const *in, char *out) {
    plain::pad(s, -5, bytes(in[0]), bytes(out));
  };
  return c;
}

static Case makeConcat(int size, int channelsA, int channelsB) {
  Case c;
  c.name = formatv("concat {0}x{0}x({1}+{2})", size, channelsA, channelsB);
  c.text = formatv("func.func @main(%a: {0}, %b: {1}) -> {2} {{\n"
                   "%y = nn.concat %a, %b {{axis = 3 : i64} : ({0}, {1}) -> "
                   "{2}\nreturn %y : {2}\n}\n",
                   type(size, size, channelsA), type(size, size, channelsB),
                   type(size, size, channelsA + channelsB));
  c.numInputs = 2;
  c.work = int64_t(size) * size * (channelsA + channelsB);
  c.plain = [=](const char *const *in, char *out) {
    plain::concat(size * size, channelsA, channelsB, bytes(in[0]), bytes(in[1]),
                  bytes(out));
  };
  return c;
}

std::vector<Case> qopt::bench::movementCases() {
  return {makePool(true, 7, 1280, 7, 1),
          makePool(true, 28, 64, 2, 2),
          makePool(true, 12, 5, 3, 1),
          makePool(false, 112, 32, 2, 2),
          makePool(false, 28, 96, 3, 2),
          makePad(56, 24),
          makePad(9, 7),
          makeConcat(28, 64, 32),
          makeConcat(9, 7, 5)};
}
