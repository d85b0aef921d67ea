// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A chain of images, each made from the one before by a random op, ending in a
// mean, a fully connected layer, a softmax, or as it is. Result scales are
// chosen so that values neither vanish nor all saturate.

#include "RandomGraph.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"

#include <cmath>

using namespace qopt;
using namespace qopt::test;

namespace {
/// A value of the graph: 4-d while it is an image.
struct Node {
  std::string name;
  llvm::SmallVector<int64_t> shape;
  double scale;
  int64_t zeroPoint;
};

class Generator {
public:
  explicit Generator(unsigned seed) : engine(seed), out(body) {}
  RandomGraph run();

private:
  int64_t uniform(int64_t least, int64_t most) {
    // Not std::uniform_int_distribution: its sequence is not standardized.
    return least + static_cast<int64_t>(engine() % (most - least + 1));
  }
  double real(double least, double most) {
    return least +
           (most - least) * static_cast<double>(engine() % 100003) / 100003.0;
  }
  bool chance(int percent) { return uniform(1, 100) <= percent; }

  int64_t storageMin() const {
    return storage == "u8" ? 0 : storage == "i8" ? -128 : -32768;
  }
  int64_t storageMax() const {
    return storage == "u8" ? 255 : storage == "i8" ? 127 : 32767;
  }
  int64_t steps() const { return storageMax() - storageMin(); }
  int64_t randomZeroPoint() {
    return storage == "i16" ? 0 : uniform(storageMin(), storageMax());
  }
  static double toFloat(double x) { return static_cast<float>(x); }
  static std::string print(double x) {
    std::string text;
    llvm::raw_string_ostream(text) << llvm::format("%.17e", x);
    return text;
  }
  static std::string dims(llvm::ArrayRef<int64_t> shape) {
    return printShape(shape) + "x";
  }
  std::string quantized(double scale, int64_t zeroPoint) const {
    return "!quant.uniform<" + storage + ":f32, " + print(scale) + ":" +
           std::to_string(zeroPoint) + ">";
  }
  std::string type(const Node &node) const {
    return "tensor<" + dims(node.shape) +
           quantized(node.scale, node.zeroPoint) + ">";
  }
  /// A result like \p node with another scale and zero point.
  Node like(const Node &node, double scale) {
    return {"%v" + std::to_string(counter++), node.shape, toFloat(scale),
            randomZeroPoint()};
  }
  Node sameParameters(const Node &node) {
    return {"%v" + std::to_string(counter++), node.shape, node.scale,
            node.zeroPoint};
  }

  std::string activation() {
    const char *names[] = {"none", "relu", "relu6", "relu_n1_to_1"};
    return std::string("activation = #nn.activation<") + names[uniform(0, 3)] +
           ">";
  }
  /// Mostly what an importer sets for convolutions.
  std::string rounding() {
    const char *mode = storage == "i16" ? "wide" : "double";
    if (chance(40)) {
      const char *narrow[] = {"single", "float", "real"};
      const char *wide[] = {"wide", "float", "real"};
      mode = (storage == "i16" ? wide : narrow)[uniform(0, 2)];
    }
    return std::string("rounding = #quant.rounding<") + mode + ">";
  }
  /// `dense<"0x…">` of random bytes in [least, most].
  std::string bytes(int64_t count, int64_t least, int64_t most);
  std::string constant(const Node &node);
  void emitUnary(const Node &result, const std::string &op, const Node &x,
                 const std::string &attributes);

  Node convolution(const Node &x);
  void addResidual(const std::string &sum, const std::string &type,
                   const Node &y);
  Node fullyConnected(const Node &x);
  Node binary(const Node &x);
  Node pool(const Node &x);
  Node pad(const Node &x);
  Node slice(const Node &x);
  Node concat(const Node &x);
  Node clamp(const Node &x);
  Node resize(const Node &x);
  Node logistic(const Node &x);
  Node softmax(const Node &x);
  Node mean(const Node &x);
  /// Filter and bias of \p count channels; their names and types.
  struct Weights {
    std::string filter, filterType, bias, biasType;
    /// Element type of the sums, channels last.
    std::string sumType;
    double scale;
  };
  Weights weights(llvm::ArrayRef<int64_t> shape, int axis, double inputScale);

  std::mt19937 engine;
  std::string storage = "i8", body;
  llvm::raw_string_ostream out;
  unsigned counter = 0;
};
} // namespace

std::string Generator::bytes(int64_t count, int64_t least, int64_t most) {
  std::string raw;
  for (int64_t i = 0; i < count; ++i)
    raw += static_cast<char>(uniform(least, most));
  return "dense<\"0x" + llvm::toHex(raw) + "\">";
}

std::string Generator::constant(const Node &node) {
  int64_t count = 1;
  for (int64_t dim : node.shape)
    count *= dim;
  std::string name = "%c" + std::to_string(counter++);
  std::string plain = storage == "i16" ? "i16" : "i8";
  out << "  " << name << " = nn.constant "
      << (storage == "i16" ? bytes(2 * count, -128, 127)
                           : bytes(count, storageMin(), storageMax()))
      << " : tensor<" << dims(node.shape) << plain << "> -> " << type(node)
      << "\n";
  return name;
}

void Generator::emitUnary(const Node &result, const std::string &op,
                          const Node &x, const std::string &attributes) {
  out << "  " << result.name << " = " << op << " " << x.name;
  if (!attributes.empty())
    out << " {" << attributes << "}";
  out << " : (" << type(x) << ") -> " << type(result) << "\n";
}

Generator::Weights Generator::weights(llvm::ArrayRef<int64_t> shape, int axis,
                                      double inputScale) {
  Weights w;
  bool isUnsigned = storage == "u8";
  bool perAxis = !isUnsigned && chance(60);
  w.scale = toFloat(std::exp2(real(-9, -3)));
  std::string element =
      isUnsigned ? "!quant.uniform<u8:f32" : "!quant.uniform<i8<-127:127>:f32";
  int64_t channels = shape[axis], count = 1;
  for (int64_t dim : shape)
    count *= dim;
  std::string biasScales;
  if (perAxis) {
    element += ":" + std::to_string(axis) + ", {";
    for (int64_t c = 0; c < channels; ++c) {
      double scale = toFloat(w.scale * std::exp2(real(-3, 0)));
      element += (c ? ", " : "") + print(scale);
      biasScales += (c ? ", " : "") + print(inputScale * scale);
    }
    element += "}>";
  } else {
    element += ", " + print(w.scale) + ":" +
               std::to_string(isUnsigned ? uniform(0, 255) : 0) + ">";
  }
  w.sumType =
      perAxis ? "!quant.uniform<i32:f32:3, {" + biasScales + "}>"
              : "!quant.uniform<i32:f32, " + print(inputScale * w.scale) + ">";
  w.filter = "%w" + std::to_string(counter);
  w.filterType = "tensor<" + dims(shape) + element + ">";
  out << "  " << w.filter << " = nn.constant "
      << bytes(count, isUnsigned ? 0 : -127, isUnsigned ? 255 : 127)
      << " : tensor<" << dims(shape) << "i8> -> " << w.filterType << "\n";
  if (chance(20))
    return w;

  w.bias = "%b" + std::to_string(counter);
  w.biasType = "tensor<" + std::to_string(channels) + "x";
  if (storage == "i16")
    w.biasType += "i64>";
  else if (perAxis)
    w.biasType += "!quant.uniform<i32:f32:0, {" + biasScales + "}>>";
  else
    w.biasType +=
        "!quant.uniform<i32:f32, " + print(inputScale * w.scale) + ">>";
  out << "  " << w.bias << " = nn.constant dense<[";
  for (int64_t c = 0; c < channels; ++c)
    out << (c ? ", " : "") << uniform(-3000, 3000);
  out << "]> : tensor<" << channels << "x" << (storage == "i16" ? "i64" : "i32")
      << ">";
  if (storage != "i16")
    out << " -> " << w.biasType;
  out << "\n";
  return w;
}

Node Generator::convolution(const Node &x) {
  bool depthwise = chance(35);
  int64_t channels = x.shape[3], kernel[2], padding[4], stride[2], dilation[2];
  llvm::SmallVector<int64_t> shape = x.shape;
  for (int d = 0; d < 2; ++d) {
    kernel[d] = uniform(1, 3);
    dilation[d] = chance(20) ? 2 : 1;
    padding[2 * d] = uniform(0, kernel[d] - 1);
    padding[2 * d + 1] = uniform(0, kernel[d] - 1);
    stride[d] = uniform(1, 2);
    int64_t padded = x.shape[1 + d] + padding[2 * d] + padding[2 * d + 1];
    if ((kernel[d] - 1) * dilation[d] + 1 > padded) {
      kernel[d] = dilation[d] = 1;
      padding[2 * d] = padding[2 * d + 1] = 0;
      padded = x.shape[1 + d];
    }
    shape[1 + d] = (padded - (kernel[d] - 1) * dilation[d] - 1) / stride[d] + 1;
  }
  // Now and then the sum meets a residual before it is rounded to 8 bits.
  bool residual = storage != "i16" && chance(20);
  int64_t groups = !depthwise && channels % 2 == 0 && chance(15) ? 2 : 1;
  shape[3] = depthwise
                 ? channels * uniform(1, 2)
                 : groups * (chance(30) ? uniform(10, 40) : uniform(1, 9));
  llvm::SmallVector<int64_t> filter =
      depthwise ? llvm::SmallVector<int64_t>{1, kernel[0], kernel[1], shape[3]}
                : llvm::SmallVector<int64_t>{shape[3], kernel[0], kernel[1],
                                             channels / groups};
  Weights w = weights(filter, depthwise ? 3 : 0, x.scale);
  double taps = static_cast<double>(kernel[0] * kernel[1]) *
                (depthwise ? 1.0 : static_cast<double>(channels / groups));
  Node y = like(x, x.scale * w.scale * std::sqrt(taps) * 70 *
                       std::exp2(real(-2, 1)));
  y.shape = shape;
  std::string name = residual ? "%s" + std::to_string(counter++) : y.name;
  std::string result =
      residual ? "tensor<" + dims(shape) + w.sumType + ">" : type(y);
  out << "  " << name << " = nn."
      << (depthwise ? "depthwise_conv_2d " : "conv_2d ") << x.name << ", "
      << w.filter << (w.bias.empty() ? "" : ", " + w.bias)
      << " {strides = array<i64: " << stride[0] << ", " << stride[1]
      << ">, dilations = array<i64: " << dilation[0] << ", " << dilation[1]
      << ">, padding = array<i64: " << padding[0] << ", " << padding[1] << ", "
      << padding[2] << ", " << padding[3] << ">";
  if (!residual)
    out << ", " << activation() << ", " << rounding();
  if (groups > 1)
    out << ", groups = " << groups << " : i64";
  if (!residual && chance(40))
    out << ", f32_scale_product";
  out << "} : (" << type(x) << ", " << w.filterType
      << (w.bias.empty() ? "" : ", " + w.biasType) << ") -> " << result << "\n";
  if (residual)
    addResidual(name, result, y);
  return y;
}

void Generator::addResidual(const std::string &sum, const std::string &type,
                            const Node &y) {
  std::string wide = "%s" + std::to_string(counter++);
  std::string wideType = "tensor<" + dims(y.shape) +
                         "!quant.uniform<i32<-536870912:536870911>:f32, " +
                         print(y.scale * std::exp2(real(-11, -9))) + ">>";
  out << "  " << wide << " = quant.requantize " << sum
      << " {rounding = #quant.rounding<single>} : " << type << " to "
      << wideType << "\n";
  Node other = like(y, y.scale * std::exp2(real(-3, 2)));
  other.name = constant(other);
  out << "  " << y.name << " = nn.residual_add " << wide << ", " << other.name
      << " {" << activation() << "} : (" << wideType << ", "
      << this->type(other) << ") -> " << this->type(y) << "\n";
}

Node Generator::fullyConnected(const Node &x) {
  int64_t depth = x.shape[1] * x.shape[2] * x.shape[3];
  Weights w = weights({uniform(1, 20), depth}, 0, x.scale);
  Node y = like(x, x.scale * w.scale * std::sqrt(double(depth)) * 70);
  int64_t outputs = std::stoll(w.filterType.substr(7)); // "tensor<O"
  y.shape = {x.shape[0], outputs};
  out << "  " << y.name << " = nn.fully_connected " << x.name << ", "
      << w.filter << (w.bias.empty() ? "" : ", " + w.bias) << " {"
      << activation() << ", " << rounding() << "} : (" << type(x) << ", "
      << w.filterType << (w.bias.empty() ? "" : ", " + w.biasType) << ") -> "
      << type(y) << "\n";
  return y;
}

Node Generator::binary(const Node &x) {
  const char *names[] = {"add", "sub", "mul"};
  int which = static_cast<int>(uniform(0, 2));
  // A constant of the same shape, of one channel vector or of one element, or
  // the value itself.
  Node other = like(x, x.scale * std::exp2(real(-2, 2)));
  if (chance(30))
    other = x;
  else {
    if (chance(30))
      other.shape = {x.shape[3]};
    else if (chance(20))
      other.shape = {1, 1, 1, 1};
    other.name = constant(other);
  }
  Node y = like(x, which == 2 ? x.scale * other.scale * double(steps()) *
                                    real(0.2, 0.6)
                              : (x.scale + other.scale) * real(0.5, 1.0));
  bool swapped = chance(40);
  const Node &lhs = swapped ? other : x, &rhs = swapped ? x : other;
  out << "  " << y.name << " = nn." << names[which] << " " << lhs.name << ", "
      << rhs.name << " {" << activation() << "} : (" << type(lhs) << ", "
      << type(rhs) << ") -> " << type(y) << "\n";
  return y;
}

Node Generator::pool(const Node &x) {
  int64_t kernel[2], padding[4], stride[2];
  Node y = sameParameters(x);
  for (int d = 0; d < 2; ++d) {
    kernel[d] = uniform(1, std::min<int64_t>(x.shape[1 + d], 4));
    padding[2 * d] = uniform(0, kernel[d] - 1) / 2;
    padding[2 * d + 1] = uniform(0, kernel[d] - 1) / 2;
    stride[d] = uniform(1, 3);
    y.shape[1 + d] =
        (x.shape[1 + d] + padding[2 * d] + padding[2 * d + 1] - kernel[d]) /
            stride[d] +
        1;
  }
  std::string attributes;
  llvm::raw_string_ostream(attributes)
      << "kernel = array<i64: " << kernel[0] << ", " << kernel[1]
      << ">, strides = array<i64: " << stride[0] << ", " << stride[1]
      << ">, padding = array<i64: " << padding[0] << ", " << padding[1] << ", "
      << padding[2] << ", " << padding[3] << ">, " << activation();
  emitUnary(y, chance(50) ? "nn.average_pool_2d" : "nn.max_pool_2d", x,
            attributes);
  return y;
}

Node Generator::pad(const Node &x) {
  Node y = sameParameters(x);
  std::string low, high;
  for (int d = 0; d < 4; ++d) {
    int64_t before = d == 0 ? 0 : uniform(0, 2),
            after = d == 0 ? 0 : uniform(0, 2);
    y.shape[d] += before + after;
    low += (d ? ", " : "") + std::to_string(before);
    high += (d ? ", " : "") + std::to_string(after);
  }
  emitUnary(
      y, "nn.pad", x,
      "low = array<i64: " + low + ">, high = array<i64: " + high + ">" +
          (chance(30) ? ", value = " + print(x.scale * 5) + " : f64" : ""));
  return y;
}

Node Generator::slice(const Node &x) {
  Node y = sameParameters(x);
  std::string offsets, strides;
  for (int d = 0; d < 4; ++d) {
    int64_t size = x.shape[d], stride = d == 0 ? 1 : uniform(1, 2);
    int64_t count = uniform(1, (size - 1) / stride + 1);
    int64_t first = uniform(0, size - 1 - (count - 1) * stride);
    // From the other end, backwards.
    if (d != 0 && chance(20)) {
      first += (count - 1) * stride;
      stride = -stride;
    }
    y.shape[d] = count;
    offsets += (d ? ", " : "") + std::to_string(first);
    strides += (d ? ", " : "") + std::to_string(stride);
  }
  emitUnary(y, "nn.slice", x,
            "offsets = array<i64: " + offsets +
                ">, strides = array<i64: " + strides + ">");
  return y;
}

Node Generator::concat(const Node &x) {
  Node other = sameParameters(x), y = sameParameters(x);
  int axis = static_cast<int>(uniform(1, 3));
  other.shape[axis] = uniform(1, 3);
  if (storage == "u8" && chance(50)) {
    // The only storage whose inputs may have other parameters.
    other.scale = toFloat(x.scale * real(0.5, 2));
    other.zeroPoint = randomZeroPoint();
  }
  other.name = constant(other);
  y.shape[axis] += other.shape[axis];
  out << "  " << y.name << " = nn.concat " << x.name << ", " << other.name
      << " {axis = " << axis << " : i64} : (" << type(x) << ", " << type(other)
      << ") -> " << type(y) << "\n";
  return y;
}

Node Generator::clamp(const Node &x) {
  Node y = chance(50) ? sameParameters(x) : like(x, x.scale * real(0.4, 2));
  int which = static_cast<int>(uniform(0, 2));
  emitUnary(y,
            which == 0   ? "nn.relu"
            : which == 1 ? "nn.relu6"
                         : "nn.clip",
            x,
            which == 2 ? "min = " + print(-x.scale * 40) +
                             " : f64, max = " + print(x.scale * 60) + " : f64"
                       : "");
  return y;
}

Node Generator::resize(const Node &x) {
  Node y = sameParameters(x);
  y.shape[1] = uniform(1, 9);
  y.shape[2] = uniform(1, 9);
  const char *modes[] = {"", "align_corners = true",
                         "half_pixel_centers = true"};
  emitUnary(y, "nn.resize_bilinear", x, modes[uniform(0, 2)]);
  return y;
}

Node Generator::logistic(const Node &x) {
  if (storage == "i16" && x.scale > 5)
    return clamp(x); // beyond what the kernel's multiplier can hold
  Node y = sameParameters(x);
  y.scale = storage == "i16" ? 1.0 / 32768 : 1.0 / 256;
  y.zeroPoint = storage == "i16" ? 0 : storageMin();
  emitUnary(y, "nn.logistic", x, "");
  return y;
}

Node Generator::softmax(const Node &x) {
  Node y = sameParameters(x);
  y.scale = storage == "i16" ? 1.0 / 32768 : 1.0 / 256;
  y.zeroPoint = storage == "i16" ? 0 : storageMin();
  emitUnary(y, "nn.softmax", x, "beta = " + print(real(0.5, 2)) + " : f64");
  return y;
}

Node Generator::mean(const Node &x) {
  Node y = like(x, x.scale * real(0.3, 1.5));
  bool keep = chance(50);
  y.shape = keep ? llvm::SmallVector<int64_t>{x.shape[0], 1, 1, x.shape[3]}
                 : llvm::SmallVector<int64_t>{x.shape[0], x.shape[3]};
  emitUnary(y, "nn.mean", x,
            std::string("axes = array<i64: 1, 2>, keep_dims = ") +
                (keep ? "true" : "false"));
  return y;
}

RandomGraph Generator::run() {
  const char *storages[] = {"i8", "i8", "u8", "i16"};
  storage = storages[uniform(0, 3)];
  Node input{
      "%x",
      {uniform(1, 2), uniform(1, 9), uniform(1, chance(20) ? 33 : 9),
       uniform(1, chance(20) ? 37 : 10)},
      toFloat(std::exp2(storage == "i16" ? real(-16, -11) : real(-7, -2))),
      0};
  input.zeroPoint = randomZeroPoint();
  Node x = input;
  for (int64_t i = uniform(1, 5); i > 0; --i) {
    switch (uniform(0, 10)) {
    case 10:
      x = slice(x);
      break;
    case 0:
    case 1:
    case 2:
      x = convolution(x);
      break;
    case 3:
    case 4:
      x = binary(x);
      break;
    case 5:
      x = pool(x);
      break;
    case 6:
      x = pad(x);
      break;
    case 7:
      x = concat(x);
      break;
    case 8:
      x = clamp(x);
      break;
    case 9:
      x = chance(60) ? resize(x) : logistic(x);
      break;
    }
  }
  switch (uniform(0, 4)) {
  case 0:
    x = fullyConnected(x);
    break;
  case 1:
    x = mean(x);
    break;
  case 2:
    x = softmax(x);
    break;
  default:
    break;
  }

  RandomGraph graph;
  graph.text = "func.func @main(%x: " + type(input) + ") -> " + type(x) +
               " {\n" + body + "  return " + x.name + " : " + type(x) + "\n}\n";
  graph.input = Tensor(storage == "u8"   ? ElementKind::UInt8
                       : storage == "i8" ? ElementKind::Int8
                                         : ElementKind::Int16,
                       input.shape);
  for (char &byte : graph.input.bytes)
    byte = static_cast<char>(uniform(0, 255));
  return graph;
}

RandomGraph test::makeRandomGraph(unsigned seed) {
  return Generator(seed).run();
}
