// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// See RandomFloatGraph.h. Weights of a channel differ in magnitude from those
// of another by up to 2^6, some channels are zero: what equalization and the
// removal of dead channels look for.

#include "RandomFloatGraph.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/raw_ostream.h"

#include <cmath>
#include <cstring>
#include <functional>
#include <random>

namespace {
using Shape = llvm::SmallVector<int64_t>;

struct Node {
  std::string name;
  Shape shape;
};

class Generator {
public:
  explicit Generator(unsigned seed) : engine(seed), out(body) {}
  std::string run();

private:
  int64_t uniform(int64_t least, int64_t most) {
    return least + static_cast<int64_t>(engine() % (most - least + 1));
  }
  double real(double least, double most) {
    return least +
           (most - least) * static_cast<double>(engine() % 100003) / 100003.0;
  }
  bool chance(int percent) { return uniform(1, 100) <= percent; }
  std::string fresh() { return "%v" + std::to_string(counter++); }

  static std::string type(const Shape &shape) {
    std::string text = "tensor<";
    for (int64_t extent : shape)
      text += std::to_string(extent) + "x";
    return text + "f32>";
  }
  std::string constant(const Shape &shape, std::function<double()> draw);
  /// Weights with channels of very different size along `axis`.
  std::string weights(const Shape &shape, int axis);
  Node emit(const std::string &op, llvm::ArrayRef<Node> operands,
            const Shape &result, const std::string &attributes = "");

  Node convolution(const Node &x);
  Node batchNorm(const Node &x);
  Node scaleAndShift(const Node &x);
  Node clamp(const Node &x);
  Node pool(const Node &x);
  Node pad(const Node &x);
  Node residual(const Node &x);
  Node transpose(const Node &x, llvm::ArrayRef<int64_t> permutation);
  Node channelsFirst(const Node &x);
  Node step(const Node &x);
  Node head(const Node &x);

  std::mt19937 engine;
  std::string body;
  llvm::raw_string_ostream out;
  unsigned counter = 0;
};
} // namespace

std::string Generator::constant(const Shape &shape,
                                std::function<double()> draw) {
  int64_t count = 1;
  for (int64_t extent : shape)
    count *= extent;
  std::string bytes(count * sizeof(float), '\0');
  for (int64_t i = 0; i < count; ++i) {
    auto value = static_cast<float>(draw());
    std::memcpy(bytes.data() + i * sizeof(float), &value, sizeof(float));
  }
  std::string name = fresh();
  out << "  " << name << " = nn.constant dense<\"0x" << llvm::toHex(bytes)
      << "\"> : " << type(shape) << "\n";
  return name;
}

std::string Generator::weights(const Shape &shape, int axis) {
  int64_t inner = 1, taps = 1;
  for (size_t d = axis + 1; d < shape.size(); ++d)
    inner *= shape[d];
  for (size_t d = 0; d < shape.size(); ++d)
    taps *= static_cast<int>(d) == axis ? 1 : shape[d];
  llvm::SmallVector<double> size;
  for (int64_t c = 0; c < shape[axis]; ++c)
    size.push_back(chance(10) ? 0 : std::exp2(real(-4, 2)) / std::sqrt(taps));
  int64_t element = 0;
  return constant(shape, [&] {
    return real(-1, 1) * size[element++ / inner % shape[axis]];
  });
}

Node Generator::emit(const std::string &op, llvm::ArrayRef<Node> operands,
                     const Shape &result, const std::string &attributes) {
  Node node{fresh(), result};
  out << "  " << node.name << " = nn." << op << " ";
  std::string types;
  for (auto [index, operand] : llvm::enumerate(operands)) {
    out << (index ? ", " : "") << operand.name;
    types += (index ? ", " : "") + type(operand.shape);
  }
  if (!attributes.empty())
    out << " {" << attributes << "}";
  out << " : (" << types << ") -> " << type(result) << "\n";
  return node;
}

Node Generator::convolution(const Node &x) {
  bool depthwise = chance(40);
  int64_t channels = x.shape[3];
  int64_t groups = !depthwise && channels % 2 == 0 && chance(20) ? 2 : 1;
  int64_t kernel[2], padding[4], stride[2];
  Shape shape = x.shape;
  for (int d = 0; d < 2; ++d) {
    kernel[d] = std::min<int64_t>(uniform(1, 3), x.shape[1 + d]);
    bool padded = chance(50);
    padding[2 * d] = padded ? uniform(0, kernel[d] - 1) : 0;
    padding[2 * d + 1] = padded ? uniform(0, kernel[d] - 1) : 0;
    stride[d] = chance(20) ? 2 : 1;
    shape[1 + d] =
        (x.shape[1 + d] + padding[2 * d] + padding[2 * d + 1] - kernel[d]) /
            stride[d] +
        1;
  }
  shape[3] = depthwise ? channels * uniform(1, 2) : groups * uniform(1, 6);
  Shape filter = depthwise
                     ? Shape{1, kernel[0], kernel[1], shape[3]}
                     : Shape{shape[3], kernel[0], kernel[1], channels / groups};
  llvm::SmallVector<Node> operands = {
      x, {weights(filter, depthwise ? 3 : 0), filter}};
  if (chance(50))
    operands.push_back(
        {constant({shape[3]}, [&] { return real(-1, 1); }), {shape[3]}});
  std::string attributes;
  llvm::raw_string_ostream(attributes)
      << "strides = array<i64: " << stride[0] << ", " << stride[1]
      << ">, padding = array<i64: " << padding[0] << ", " << padding[1] << ", "
      << padding[2] << ", " << padding[3] << ">";
  if (groups > 1)
    attributes += ", groups = 2 : i64";
  if (chance(15))
    attributes += ", activation = #nn.activation<relu>";
  return emit(depthwise ? "depthwise_conv_2d" : "conv_2d", operands, shape,
              attributes);
}

Node Generator::batchNorm(const Node &x) {
  Shape channels = {x.shape.back()};
  auto vector = [&](double least, double most) {
    return Node{constant(channels, [&] { return real(least, most); }),
                channels};
  };
  bool centred = chance(20);
  Node scale = vector(0.2, 2), offset = vector(-1, 1);
  if (centred)
    offset = vector(0, 0);
  Node mean = centred ? vector(0, 0) : vector(-1, 1);
  return emit("batch_norm", {x, scale, offset, mean, vector(0.1, 3)}, x.shape);
}

Node Generator::scaleAndShift(const Node &x) {
  const char *ops[] = {"mul", "add", "sub"};
  bool scalar = chance(30);
  Shape shape = scalar ? Shape{} : Shape{x.shape.back()};
  if (!scalar && chance(30))
    shape = {1, x.shape.back()};
  Node k{constant(shape, [&] { return real(0.3, 2); }), shape};
  // As exporters leave it that write out what they could have computed.
  if (chance(40))
    k = emit("mul", {k, {constant({}, [&] { return real(0.5, 2); }), {}}},
             shape);
  bool swapped = chance(30);
  llvm::SmallVector<Node> operands = {swapped ? k : x, swapped ? x : k};
  return emit(ops[uniform(0, 2)], operands, x.shape,
              chance(15) ? "activation = #nn.activation<relu>" : "");
}

Node Generator::clamp(const Node &x) {
  return emit(chance(70) ? "relu" : "relu6", {x}, x.shape);
}

Node Generator::pool(const Node &x) {
  int64_t kernel[2];
  Shape shape = x.shape;
  for (int d = 0; d < 2; ++d) {
    kernel[d] = std::min<int64_t>(2, x.shape[1 + d]);
    shape[1 + d] = x.shape[1 + d] - kernel[d] + 1;
  }
  return emit(chance(50) ? "max_pool_2d" : "average_pool_2d", {x}, shape,
              "kernel = array<i64: " + std::to_string(kernel[0]) + ", " +
                  std::to_string(kernel[1]) + ">");
}

Node Generator::pad(const Node &x) {
  Shape shape = x.shape;
  shape[1] += 1;
  shape[2] += 2;
  return emit("pad", {x}, shape,
              std::string("low = array<i64: 0, 1, 1, 0>, high = array<i64: 0, "
                          "0, 1, 0>") +
                  (chance(30) ? ", value = 0.75 : f64" : ""));
}

Node Generator::residual(const Node &x) {
  Node branch = x;
  for (int i = 0; i < 2; ++i) {
    Node w{weights({x.shape[3], 1, 1, x.shape[3]}, 0),
           {x.shape[3], 1, 1, x.shape[3]}};
    branch = emit("conv_2d", {branch, w}, x.shape);
    if (chance(70))
      branch = batchNorm(branch);
    if (i == 0 && chance(70))
      branch = clamp(branch);
  }
  llvm::SmallVector<Node> operands = {x, branch};
  if (chance(50))
    std::swap(operands[0], operands[1]);
  return emit("add", operands, x.shape);
}

Node Generator::transpose(const Node &x, llvm::ArrayRef<int64_t> permutation) {
  Shape shape;
  std::string numbers;
  for (int64_t d : permutation) {
    shape.push_back(x.shape[d]);
    numbers += (numbers.empty() ? "" : ", ") + std::to_string(d);
  }
  return emit("transpose", {x}, shape,
              "permutation = array<i64: " + numbers + ">");
}

/// What an exporter with channels first leaves between two convolutions.
Node Generator::channelsFirst(const Node &input) {
  Node x = transpose(input, {0, 3, 1, 2});
  for (int64_t i = uniform(1, 3); i > 0; --i) {
    int64_t channels = x.shape[1];
    Shape perChannel =
        chance(50) ? Shape{channels, 1, 1} : Shape{1, channels, 1, 1};
    switch (uniform(0, 6)) {
    case 0:
      x = clamp(x);
      break;
    case 1: {
      Node k{constant(perChannel, [&] { return real(0.3, 2); }), perChannel};
      x = emit(chance(50) ? "mul" : "add", {x, k}, x.shape);
      break;
    }
    case 2: {
      Shape shape = x.shape;
      shape[2] += 2;
      shape[3] += 1;
      x = emit("pad", {x}, shape,
               "low = array<i64: 0, 0, 1, 0>, high = array<i64: 0, 0, 1, 1>");
      break;
    }
    case 3: {
      // Squeeze and excitation.
      Node means = emit("mean", {x}, {x.shape[0], channels, 1, 1},
                        "axes = array<i64: 2, 3>, keep_dims = true");
      x = emit("mul", {x, clamp(means)}, x.shape);
      break;
    }
    case 4: {
      Shape shape = x.shape;
      shape[1] *= 2;
      x = emit("concat", {x, clamp(x)}, shape, "axis = 1 : i64");
      break;
    }
    case 5: {
      // A constant that no transposition leaves alone, on the left.
      Node k{constant(x.shape, [&] { return real(-1, 1); }), x.shape};
      x = emit("sub", {k, x}, x.shape);
      break;
    }
    default: {
      Shape merged = {x.shape[0], channels, x.shape[2] * x.shape[3]};
      Node rows = clamp(emit("reshape", {x}, merged));
      x = emit("reshape", {rows}, x.shape);
    }
    }
  }
  return transpose(x, {0, 2, 3, 1});
}

Node Generator::step(const Node &x) {
  switch (uniform(0, 13)) {
  case 0:
  case 1:
  case 2:
    return convolution(x);
  case 3:
  case 4:
  case 5:
    return batchNorm(x);
  case 6:
    return scaleAndShift(x);
  case 7:
  case 8:
    return clamp(x);
  case 9:
    return pool(x);
  case 10:
    return pad(x);
  case 11:
  case 12:
    return channelsFirst(x);
  default:
    return residual(x);
  }
}

Node Generator::head(const Node &x) {
  Node y = x;
  if (chance(50)) {
    y = emit("mean", {y}, {y.shape[0], y.shape[3]}, "axes = array<i64: 1, 2>");
  } else {
    int64_t depth = y.shape[1] * y.shape[2] * y.shape[3];
    if (chance(50))
      y = transpose(y, {0, 3, 1, 2});
    y = emit("reshape", {y}, {y.shape[0], depth});
  }
  if (chance(40))
    y = batchNorm(y);
  Shape filter = {5, y.shape[1]};
  y = emit("fully_connected", {y, {weights(filter, 0), filter}},
           {y.shape[0], 5});
  return chance(40) ? batchNorm(y) : y;
}

std::string Generator::run() {
  Node x{"%x", {uniform(1, 2), uniform(3, 6), uniform(3, 6), uniform(1, 4)}};
  std::string header = "func.func @main(%x: " + type(x.shape) + ") -> ";
  for (int64_t i = uniform(2, 9); i > 0; --i)
    x = step(x);
  if (chance(70))
    x = head(x);
  else if (chance(50))
    x = transpose(x, {0, 3, 1, 2});
  out << "  return " << x.name << " : " << type(x.shape) << "\n}\n";
  return header + type(x.shape) + " {\n" + body;
}

std::string qopt::test::makeRandomFloatGraph(unsigned seed) {
  return Generator(seed).run();
}
