// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Convolutions of the sizes that mobile networks are made of.

#include "Cases.h"

#include "qopt/Numerics/FixedPoint.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"

#include <cmath>
#include <memory>
#include <random>

using namespace qopt;
using namespace qopt::bench;
using llvm::formatv;

namespace {

constexpr double inputScale = 0.05, filterScale = 0.02;
constexpr int32_t inputZeroPoint = -5, outputZeroPoint = 3;

/// The constants of one layer, kept alive by its loops.
struct Layer {
  plain::Window window;
  std::vector<int8_t> weights;
  std::vector<float> floatWeights, floatBias;
  std::vector<int32_t> bias, multipliers, shifts;
  double scale = 1;

  plain::Requantize requantize() const {
    return {multipliers.data(), shifts.data(), outputZeroPoint, -128, 127};
  }
};

} // namespace

static int largestWeight = 127;

void qopt::bench::setLargestWeight(int largest) { largestWeight = largest; }

static std::shared_ptr<Layer> makeLayer(plain::Window window, int depth,
                                        bool isFloat) {
  auto layer = std::make_shared<Layer>();
  layer->window = window;
  size_t count = size_t(window.outChannels) * depth;
  std::mt19937 random(7);
  if (isFloat) {
    for (size_t i = 0; i < count; ++i)
      layer->floatWeights.push_back(float(int(random() % 201) - 100) / 512);
    for (int o = 0; o < window.outChannels; ++o)
      layer->floatBias.push_back(float(int(random() % 201) - 100) / 64);
    return layer;
  }
  layer->weights = randomBytes(count, -largestWeight, largestWeight, 7);
  // Results spread over the 8 bits: a sum has about this deviation.
  layer->scale = inputScale * filterScale * 74.0 * 73.0 * largestWeight / 127 *
                 std::sqrt(double(depth)) / 40;
  auto m =
      numerics::quantizeMultiplier(inputScale * filterScale / layer->scale);
  for (int o = 0; o < window.outChannels; ++o) {
    layer->bias.push_back(int(random() % 20001) - 10000);
    layer->multipliers.push_back(m->mantissa);
    layer->shifts.push_back(m->shift);
  }
  return layer;
}

/// One op on quantized tensors with constants of these shapes.
static std::string makeText(const char *op, const Layer &layer,
                            const std::string &input, const std::string &filter,
                            const std::string &output,
                            const std::string &attributes) {
  int outputs = layer.window.outChannels;
  if (!layer.floatWeights.empty())
    return formatv(
        "func.func @main(%x: tensor<{0}xf32>) -> tensor<{2}xf32> {{\n"
        "%w = nn.constant {3} : tensor<{1}xf32>\n"
        "%b = nn.constant {4} : tensor<{5}xf32>\n"
        "%y = {6} %x, %w, %b {{{7}} : (tensor<{0}xf32>, tensor<{1}xf32>, "
        "tensor<{5}xf32>) -> tensor<{2}xf32>\n"
        "return %y : tensor<{2}xf32>\n}\n",
        input, filter, output,
        denseHex(layer.floatWeights.data(), layer.floatWeights.size() * 4),
        denseHex(layer.floatBias.data(), layer.floatBias.size() * 4), outputs,
        op, attributes);
  std::string scale = formatv("{0:e17}", layer.scale);
  return formatv(
      "!x = tensor<{0}x!quant.uniform<i8:f32, {8}:{9}>>\n"
      "!w = tensor<{1}x!quant.uniform<i8:f32, {10}>>\n"
      "!y = tensor<{2}x!quant.uniform<i8:f32, {11}:{12}>>\n"
      "func.func @main(%x: !x) -> !y {{\n"
      "%w = nn.constant {3} : tensor<{1}xi8> -> !w\n"
      "%b = nn.constant {4} : tensor<{5}xi32>\n"
      "%y = {6} %x, %w, %b {{{7}} : (!x, !w, tensor<{5}xi32>) -> !y\n"
      "return %y : !y\n}\n",
      input, filter, output,
      denseHex(layer.weights.data(), layer.weights.size()),
      denseHex(layer.bias.data(), layer.bias.size() * 4), outputs, op,
      attributes, inputScale, inputZeroPoint, filterScale, scale,
      outputZeroPoint);
}

static plain::Window makeWindow(int size, int channels, int outputs, int kernel,
                                int stride, bool same) {
  plain::Window s = {};
  s.height = s.width = size;
  s.channels = channels;
  s.outChannels = outputs;
  s.kernelHeight = s.kernelWidth = kernel;
  s.stride = stride;
  int out = same ? (size + stride - 1) / stride : (size - kernel) / stride + 1;
  s.outHeight = s.outWidth = out;
  s.top = s.left =
      same ? std::max((out - 1) * stride + kernel - size, 0) / 2 : 0;
  return s;
}

static std::string windowAttributes(const plain::Window &s) {
  int below = std::max(
      (s.outHeight - 1) * s.stride + s.kernelHeight - s.height - s.top, 0);
  return formatv("strides = array<i64: {0}, {0}>, padding = array<i64: {1}, "
                 "{2}, {1}, {2}>",
                 s.stride, s.top, below);
}

static Case makeConvolution(int size, int channels, int outputs, int kernel,
                            int stride, bool isFloat = false) {
  plain::Window s = makeWindow(size, channels, outputs, kernel, stride, true);
  auto layer = makeLayer(s, kernel * kernel * channels, isFloat);
  Case c;
  c.name =
      formatv("conv_2d{0} {1}x{1}s{2} {3}x{3}x{4} to {5}",
              isFloat ? "_f32" : "", kernel, stride, size, channels, outputs);
  c.text = makeText(
      "nn.conv_2d", *layer, formatv("1x{0}x{0}x{1}", size, channels),
      formatv("{0}x{1}x{1}x{2}", outputs, kernel, channels),
      formatv("1x{0}x{0}x{1}", s.outHeight, outputs), windowAttributes(s));
  c.work =
      int64_t(s.outHeight) * s.outWidth * outputs * kernel * kernel * channels;
  c.isDotProducts = !isFloat;
  c.takesFloats = isFloat;
  c.tolerance = isFloat ? 1e-5 : 0;
  c.plain = [layer, isFloat](const char *const *in, char *out) {
    if (isFloat)
      return plain::conv2DFloat(
          layer->window, reinterpret_cast<const float *>(in[0]),
          layer->floatWeights.data(), layer->floatBias.data(),
          reinterpret_cast<float *>(out));
    plain::conv2D(layer->window, reinterpret_cast<const int8_t *>(in[0]),
                  inputZeroPoint, layer->weights.data(), layer->bias.data(),
                  layer->requantize(), reinterpret_cast<int8_t *>(out));
  };
  return c;
}

static Case makeDepthwise(int size, int channels, int kernel, int stride) {
  plain::Window s = makeWindow(size, channels, channels, kernel, stride, true);
  auto layer = makeLayer(s, kernel * kernel, false);
  Case c;
  c.name = formatv("depthwise_conv_2d {0}x{0}s{1} {2}x{2}x{3}", kernel, stride,
                   size, channels);
  c.text = makeText(
      "nn.depthwise_conv_2d", *layer, formatv("1x{0}x{0}x{1}", size, channels),
      formatv("1x{0}x{0}x{1}", kernel, channels),
      formatv("1x{0}x{0}x{1}", s.outHeight, channels), windowAttributes(s));
  c.work = int64_t(s.outHeight) * s.outWidth * channels * kernel * kernel;
  c.plain = [layer](const char *const *in, char *out) {
    plain::depthwiseConv2D(
        layer->window, reinterpret_cast<const int8_t *>(in[0]), inputZeroPoint,
        layer->weights.data(), layer->bias.data(), layer->requantize(),
        reinterpret_cast<int8_t *>(out));
  };
  return c;
}

static Case makeFullyConnected(int rows, int depth, int outputs) {
  plain::Window s = {};
  s.outChannels = outputs;
  auto layer = makeLayer(s, depth, false);
  Case c;
  c.name = formatv("fully_connected {0}x{1} to {2}", rows, depth, outputs);
  c.text = makeText(
      "nn.fully_connected", *layer, formatv("{0}x{1}", rows, depth),
      formatv("{0}x{1}", outputs, depth), formatv("{0}x{1}", rows, outputs),
      "rounding = #quant.rounding<real>");
  c.work = int64_t(rows) * depth * outputs;
  c.isDotProducts = true;
  c.plain = [=](const char *const *in, char *out) {
    plain::fullyConnected(
        rows, depth, outputs, reinterpret_cast<const int8_t *>(in[0]),
        inputZeroPoint, layer->weights.data(), layer->bias.data(),
        inputScale * filterScale / layer->scale, outputZeroPoint,
        reinterpret_cast<int8_t *>(out));
  };
  return c;
}

std::vector<Case> qopt::bench::convolutionCases() {
  return {
      makeConvolution(112, 3, 32, 3, 2),
      makeConvolution(56, 64, 64, 3, 1),
      makeConvolution(14, 256, 256, 3, 1),
      makeConvolution(7, 20, 12, 3, 1),
      makeConvolution(49, 1, 64, 10, 2),
      makeConvolution(56, 24, 144, 1, 1),
      makeConvolution(14, 96, 576, 1, 1),
      makeConvolution(7, 960, 160, 1, 1),
      makeConvolution(5, 7, 5, 1, 1),
      makeConvolution(16, 16, 16, 3, 1, /*isFloat=*/true),
      makeConvolution(14, 96, 96, 1, 1, /*isFloat=*/true),
      makeDepthwise(112, 32, 3, 1),
      makeDepthwise(56, 144, 3, 2),
      makeDepthwise(14, 576, 3, 1),
      makeDepthwise(14, 240, 5, 1),
      makeDepthwise(9, 6, 3, 1),
      makeFullyConnected(1, 1280, 1000),
      makeFullyConnected(1, 640, 128),
      makeFullyConnected(1, 64, 10),
      makeFullyConnected(64, 128, 128),
  };
}

std::vector<Case> qopt::bench::gridCases() {
  std::vector<Case> cases;
  // Pointwise: many and few pixels, channels that fit registers and others.
  for (int size : {7, 14, 28})
    for (int channels : {24, 72, 128, 136, 256, 512})
      for (int outputs : {24, 40, 64, 72, 128, 136, 256})
        if (size < 28 || channels <= 136)
          cases.push_back(makeConvolution(size, channels, outputs, 1, 1));
  for (int stride : {1, 2})
    for (int channels : {16, 24, 40, 80, 128, 160})
      for (int outputs : {24, 40, 80, 128, 160})
        cases.push_back(makeConvolution(14, channels, outputs, 3, stride));
  for (int channels : {64, 128})
    cases.push_back(makeConvolution(14, channels, 128, 1, 2));
  cases.push_back(makeConvolution(14, 32, 64, 5, 1));
  for (int rows : {1, 4, 49})
    for (int outputs : {10, 128, 1000})
      cases.push_back(makeFullyConnected(rows, 512, outputs));
  return cases;
}

std::vector<Case> qopt::bench::largeGridCases() {
  // Channels that are multiples of registers and of blocks, and others.
  constexpr std::pair<int, int> channels[] = {
      {128, 128}, {144, 192}, {192, 144},  {320, 128},
      {128, 320}, {576, 160}, {256, 1024}, {1024, 256}};
  std::vector<Case> cases;
  for (int kernel : {1, 3})
    for (int stride : {1, 2})
      for (int size : {7, 13, 14, 19, 28})
        for (auto [inputs, outputs] : channels)
          // Larger ones behave alike and take their time.
          if (int64_t(kernel) * kernel * size * size * inputs * outputs < 2e8)
            cases.push_back(makeConvolution(size * stride, inputs, outputs,
                                            kernel, stride));
  return cases;
}
