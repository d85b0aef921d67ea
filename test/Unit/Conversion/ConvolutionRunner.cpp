// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The text of a kernel on tensors goes through the passes that choose a
// schedule and pack; the packed constants become buffers, which end at guard
// pages, and the op is run on them.

#include "ConvolutionRunner.h"

#include "qopt/Dialect/Kernel/IR/Kernel.h"
#include "qopt/Dialect/Kernel/Transforms/Passes.h"
#include "qopt/Numerics/FixedPoint.h"

#include "mlir/IR/Matchers.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/TargetParser/Host.h"
#include "gtest/gtest.h"

#include <cmath>

using namespace mlir;
using namespace qopt;
using namespace qopt::test;

std::string ConvolutionCase::describe() const {
  return llvm::formatv("{0}{1} {2}x{3}x{4}x{5} -> {6}, kernel {7}x{8}, stride "
                       "{9},{10}, dilation {11},{12}, groups {13}, unsigned "
                       "{14}{15}, filter zero point {16}{17}{18}{19} {20}",
                       depthwise ? "depthwise " : "", kind, batch, height,
                       width, channels, outputs, kernelHeight, kernelWidth,
                       strideY, strideX, dilationY, dilationX, groups,
                       inputUnsigned, filterUnsigned, filterZeroPoint,
                       fullRange ? ", full range" : "",
                       residual ? ", residual" : "", table ? ", table" : "",
                       fmaRequantize ? "fma requantize, " + schedule : schedule)
      .str();
}

namespace {
/// All data of a case. Integers are kept wide; floats are whole numbers, so
/// that sums do not depend on their order.
struct Data {
  std::vector<int64_t> input, filter, bias, multiplier, shift, residual;
};
} // namespace

static Data makeData(const ConvolutionCase &test) {
  std::mt19937 random(test.height * 31 + test.width * 7 + test.channels * 131 +
                      test.outputs);
  auto fill = [&](int64_t count, int64_t low, int64_t high) {
    std::uniform_int_distribution<int64_t> any(low, high);
    std::vector<int64_t> values(count);
    for (int64_t &value : values)
      value = any(random);
    return values;
  };
  bool isWide = test.kind == "i16" || test.kind == "i16_wide";
  int64_t inputLow = isWide ? -32768 : test.inputUnsigned ? 0 : -128;
  int64_t inputHigh = isWide ? 32767 : test.inputUnsigned ? 255 : 127;
  int64_t filterLow = test.filterUnsigned ? 0 : test.fullRange ? -128 : -127;
  int64_t filterHigh = test.filterUnsigned ? 255 : 127;
  if (test.filterLimit) {
    filterLow = std::max(filterLow, -test.filterLimit);
    filterHigh = std::min(filterHigh, test.filterLimit);
  }
  int64_t inputs = test.channels / test.groups;
  int64_t taps = test.kernelHeight * test.kernelWidth;
  int64_t terms = taps * (test.depthwise ? 1 : inputs);
  Data data;
  data.input = fill(test.batch * test.height * test.width * test.channels,
                    inputLow, inputHigh);
  data.filter = fill(test.outputs * terms, filterLow, filterHigh);
  if (test.extremes) {
    // Whole channels and pixels of one extreme are among them.
    auto move = [&](std::vector<int64_t> &values, int64_t period, int64_t low,
                    int64_t high) {
      for (size_t i = 0; i < values.size(); ++i) {
        int64_t kind = static_cast<int64_t>(i) / period % 4;
        bool isHigh = kind == 0 || (kind != 1 && values[i] > (low + high) / 2);
        values[i] = isHigh ? high : low;
      }
    };
    move(data.input, test.channels, inputLow, inputHigh);
    move(data.filter, terms, filterLow, filterHigh);
  }
  data.bias = fill(test.outputs, -5000, 5000);
  data.multiplier = fill(test.outputs, 1 << 30, 0x7fffffff);
  int64_t shift = -std::lround(
      std::log2(80.0 * (isWide ? 256 : 1) * std::sqrt(terms) / 1.0));
  data.shift = fill(test.outputs, shift, shift + 3);
  if (test.fineScale) {
    data.bias = fill(test.outputs, -4'000'000, 4'000'000);
    data.shift = fill(test.outputs, -15, -14);
  }
  if (test.perTensor) {
    std::fill(data.multiplier.begin(), data.multiplier.end(),
              data.multiplier[0]);
    std::fill(data.shift.begin(), data.shift.end(), data.shift[0]);
  }
  data.residual =
      fill(test.batch * test.outputHeight() * test.outputWidth() * test.outputs,
           -128, 127);
  return data;
}

//===----------------------------------------------------------------------===//
// What must come out
//===----------------------------------------------------------------------===//

/// What the table holds for the bits of a byte, as the result's signedness
/// reads it.
static int64_t tableEntry(const ConvolutionCase &test, int64_t byte) {
  int64_t entry = ((byte & 255) * 37 + 11) & 255;
  return test.high > 127 ? entry : static_cast<int8_t>(entry);
}

static int64_t residualLimit(const ConvolutionCase &test) {
  return test.byteResidual ? 120 : 30000;
}

/// Whether results are stored as 16 bits, for all products to be seen.
static bool hasWordOutput(const ConvolutionCase &test) {
  return test.residual && !test.byteResidual;
}

static std::vector<int64_t> computeExpected(const ConvolutionCase &test,
                                            const Data &data) {
  std::vector<int64_t> expected;
  int64_t inputs = test.channels / test.groups;
  int64_t outputs = test.outputs / test.groups;
  int64_t multiplier = test.outputs / test.channels;
  for (int64_t n = 0; n < test.batch; ++n)
    for (int64_t y = 0; y < test.outputHeight(); ++y)
      for (int64_t x = 0; x < test.outputWidth(); ++x)
        for (int64_t o = 0; o < test.outputs; ++o) {
          int64_t sum = data.bias[o];
          for (int64_t ky = 0; ky < test.kernelHeight; ++ky)
            for (int64_t kx = 0; kx < test.kernelWidth; ++kx)
              for (int64_t i = 0; i < (test.depthwise ? 1 : inputs); ++i) {
                int64_t iy = y * test.strideY + ky * test.dilationY;
                int64_t ix = x * test.strideX + kx * test.dilationX;
                int64_t c =
                    test.depthwise ? o / multiplier : o / outputs * inputs + i;
                int64_t a =
                    data.input[((n * test.height + iy) * test.width + ix) *
                                   test.channels +
                               c];
                int64_t w = test.depthwise
                                ? data.filter[(ky * test.kernelWidth + kx) *
                                                  test.outputs +
                                              o]
                                : data.filter[((o * test.kernelHeight + ky) *
                                                   test.kernelWidth +
                                               kx) *
                                                  inputs +
                                              i];
                sum += a * (w - test.filterZeroPoint);
              }
          if (test.kind == "f32") {
            expected.push_back(sum);
            continue;
          }
          numerics::FixedPointMultiplier scale{
              static_cast<int32_t>(data.multiplier[o]),
              static_cast<int32_t>(data.shift[o])};
          int64_t v = test.kind == "i16_wide"
                          ? numerics::requantizeWide(sum, scale)
                          : numerics::requantizeDouble(
                                static_cast<int32_t>(sum), scale);
          v = std::clamp<int64_t>(v + test.zeroPoint, test.low, test.high);
          // The stage mul with multiplier 2^30, shift 1 is (v + r) * (r + 1)
          // without rounding; see makeText.
          if (test.residual)
            v = std::clamp<int64_t>((v + 2) *
                                        (data.residual[expected.size()] + 1),
                                    -residualLimit(test), residualLimit(test));
          if (test.table)
            v = tableEntry(test, v);
          expected.push_back(v);
        }
  return expected;
}

//===----------------------------------------------------------------------===//
// The text, through the passes
//===----------------------------------------------------------------------===//

static std::string shapeOf(std::initializer_list<int64_t> sizes,
                           StringRef element) {
  std::string text;
  for (int64_t size : sizes)
    text += std::to_string(size) + "x";
  return text + element.str();
}

static std::string denseOf(const std::vector<int64_t> &values,
                           std::initializer_list<int64_t> sizes,
                           StringRef element) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  bool isFloat = element == "f32";
  // Elements in hexadecimal: shapes need no brackets then.
  stream << "dense<\"0x";
  unsigned bytes = isFloat ? 4 : std::stoi(element.drop_front().str()) / 8;
  for (int64_t value : values) {
    uint64_t bits = static_cast<uint64_t>(value);
    if (isFloat) {
      float number = static_cast<float>(value);
      uint32_t raw;
      std::memcpy(&raw, &number, sizeof raw);
      bits = raw;
    }
    for (unsigned i = 0; i < bytes; ++i)
      stream << llvm::format_hex_no_prefix((bits >> (8 * i)) & 255, 2);
  }
  stream << "\"> : tensor<" << shapeOf(sizes, element) << ">";
  // A single element must not be written in hexadecimal.
  if (values.size() == 1)
    return "dense<" + std::to_string(values[0]) + (isFloat ? ".0" : "") +
           "> : tensor<" + shapeOf(sizes, element) + ">";
  return text;
}

static std::string makeText(const ConvolutionCase &test, const Data &data) {
  bool isFloat = test.kind == "f32";
  std::string input = isFloat ? "f32" : test.kind == "i8" ? "i8" : "i16";
  std::string filter = isFloat ? "f32" : "i8";
  std::string bias = isFloat ? "f32" : test.kind == "i16_wide" ? "i64" : "i32";
  std::string output = isFloat ? "f32" : hasWordOutput(test) ? "i16" : "i8";
  auto filterShape = [&](StringRef element) {
    return test.depthwise
               ? shapeOf({test.kernelHeight, test.kernelWidth, test.outputs},
                         element)
               : shapeOf({test.outputs, test.kernelHeight, test.kernelWidth,
                          test.channels / test.groups},
                         element);
  };
  std::string text;
  llvm::raw_string_ostream s(text);
  std::string x =
      "tensor<" +
      shapeOf({test.batch, test.height, test.width, test.channels}, input) +
      ">";
  std::string shape = shapeOf(
      {test.batch, test.outputHeight(), test.outputWidth(), test.outputs}, "");
  std::string y = "tensor<" + shape + output + ">";
  std::string r = "tensor<" + shape + "i8>";
  std::string o = std::to_string(test.outputs);
  s << "func.func @main(%x: " << x << ", %r: " << r << ", %y: " << y << ") -> "
    << y << " {\n";
  std::string dense =
      test.depthwise
          ? denseOf(data.filter,
                    {test.kernelHeight, test.kernelWidth, test.outputs}, filter)
          : denseOf(data.filter,
                    {test.outputs, test.kernelHeight, test.kernelWidth,
                     test.channels / test.groups},
                    filter);
  s << "%w = arith.constant " << dense << "\n";
  s << "%b = arith.constant " << denseOf(data.bias, {test.outputs}, bias)
    << "\n";
  bool hasScale = !isFloat && !test.perTensor;
  if (hasScale) {
    s << "%m = arith.constant "
      << denseOf(data.multiplier, {test.outputs}, "i32")
      << "\n%s = arith.constant " << denseOf(data.shift, {test.outputs}, "i32")
      << "\n";
  }
  s << "%z = kernel." << (test.depthwise ? "depthwise_conv_2d" : "conv_2d")
    << " %x, %w bias %b " << (hasScale ? "scale %m, %s " : "")
    << (test.residual ? "residuals %r " : "")
    << "outs %y {kernel = array<i64: " << test.kernelHeight << ", "
    << test.kernelWidth << ">, strides = array<i64: " << test.strideY << ", "
    << test.strideX << ">, dilations = array<i64: " << test.dilationY << ", "
    << test.dilationX << ">, ";
  if (!test.depthwise)
    s << "groups = " << test.groups << " : i64, ";
  if (test.inputUnsigned)
    s << "input_unsigned, ";
  if (test.filterUnsigned)
    s << "filter_unsigned, ";
  if (test.filterZeroPoint)
    s << "filter_zero_point = " << test.filterZeroPoint << " : i32, ";
  if (!test.schedule.empty())
    s << "schedule = " << test.schedule << ", ";
  s << "stages = [";
  if (!isFloat)
    s << "#kernel.requantize<rounding = "
      << (test.kind == "i16_wide" ? "wide" : "double")
      << (test.perTensor
              ? ", multiplier = " + std::to_string(data.multiplier[0]) +
                    ", shift = " + std::to_string(data.shift[0])
              : "")
      << ", zero_point = " << test.zeroPoint
      << ">, #kernel.clamp<min = " << test.low << ", max = " << test.high
      << ">";
  if (test.residual)
    s << ", #kernel.mul<value_offset = 2, operand_offset = 1, output = "
         "<multiplier = 1073741824, shift = 1>>, #kernel.clamp<min = "
      << -residualLimit(test) << ", max = " << residualLimit(test) << ">";
  if (test.table) {
    s << ", #kernel.table<entries = dense<[";
    for (int64_t byte = 0; byte < 256; ++byte)
      s << (byte ? ", " : "")
        << static_cast<int>(static_cast<int8_t>(tableEntry(test, byte)));
    s << "]> : tensor<256xi8>"
      << (test.high > 127 ? ", is_unsigned = true>" : ">");
  }
  s << "]} : (" << x << ", tensor<" << filterShape(filter) << ">, tensor<" << o
    << "x" << bias << ">";
  if (hasScale)
    s << ", tensor<" << o << "xi32>, tensor<" << o << "xi32>";
  if (test.residual)
    s << ", " << r;
  s << ", " << y << ") -> " << y << "\nreturn %z : " << y << "\n}\n";
  return text;
}

namespace {
/// The op after the passes: its text on memrefs, and the constant operands.
struct Packed {
  std::string text, schedule;
  /// Raw elements of each operand; empty where it is not constant.
  std::vector<std::vector<char>> constants;
};
} // namespace

static std::optional<Packed> pack(const ConvolutionCase &test, const Data &data,
                                  const JitLevel &level) {
  auto module =
      parseSourceString<ModuleOp>(makeText(test, data), &jitContext());
  if (!module)
    return std::nullopt;
  std::string triple = *level.triple ? std::string(level.triple)
                                     : llvm::sys::getDefaultTargetTriple();
  (*module)->setAttr(
      "kernel.target",
      kernel::TargetAttr::get(&jitContext(), triple, "", level.features));
  PassManager manager(&jitContext());
  manager.addPass(kernel::createKernelChooseSchedulesPass());
  if (test.fmaRequantize)
    manager.addPass(kernel::createKernelUseFMARequantizePass());
  manager.addPass(kernel::createKernelPackWeightsPass());
  if (failed(manager.run(*module)))
    return std::nullopt;
  Packed packed;
  Operation *conv = nullptr;
  module->walk([&](kernel::StagedOpInterface op) { conv = op; });
  if (!conv)
    return std::nullopt;
  llvm::raw_string_ostream s(packed.text);
  std::string types, arguments, operands[8];
  unsigned position = 0;
  for (Value operand : conv->getOperands()) {
    auto tensor = cast<RankedTensorType>(operand.getType());
    std::string type;
    llvm::raw_string_ostream(type)
        << MemRefType::get(tensor.getShape(), tensor.getElementType());
    std::string name = "%" + std::to_string(position);
    arguments += (position ? ", " : "") + name + ": " + type;
    types += (position ? ", " : "") + type;
    operands[position++] = name;
    DenseElementsAttr elements;
    packed.constants.emplace_back();
    if (!matchPattern(operand, m_Constant(&elements)))
      continue;
    if (elements.isSplat())
      elements = DenseElementsAttr::get(
          elements.getType(), llvm::to_vector(elements.getValues<Attribute>()));
    size_t bytes =
        tensor.getNumElements() * tensor.getElementTypeBitWidth() / 8;
    ArrayRef<char> raw = elements.getRawData();
    packed.constants.back().assign(bytes, 0);
    for (size_t i = 0; i < bytes; ++i)
      packed.constants.back()[i] = raw[i % raw.size()];
  }
  NamedAttrList attributes(conv->getAttrDictionary());
  attributes.erase("operandSegmentSizes");
  if (Attribute schedule = attributes.get("schedule"))
    llvm::raw_string_ostream(packed.schedule) << schedule;
  auto conv2D = dyn_cast<kernel::Conv2DOp>(conv);
  unsigned next = 2;
  s << "func.func @main(" << arguments
    << ") attributes {llvm.emit_c_interface} {\n"
    << conv->getName().getStringRef() << " " << operands[0] << ", "
    << operands[1];
  if (conv2D && conv2D.getFilterSteps())
    s << " steps " << operands[next++];
  s << " bias " << operands[next++];
  if (test.kind != "f32" && !test.perTensor) {
    s << " scale " << operands[next] << ", " << operands[next + 1];
    next += 2;
  }
  if (test.residual)
    s << " residuals " << operands[next++];
  s << " outs " << operands[next] << " "
    << attributes.getDictionary(&jitContext()) << " : (" << types
    << ") -> ()\nreturn\n}\n";
  return packed;
}

//===----------------------------------------------------------------------===//
// Run and compare
//===----------------------------------------------------------------------===//

template <typename T>
static std::vector<char> bytesOf(const std::vector<int64_t> &values) {
  std::vector<T> narrow(values.begin(), values.end());
  std::vector<char> bytes(narrow.size() * sizeof(T));
  std::memcpy(bytes.data(), narrow.data(), bytes.size());
  return bytes;
}

template <typename T>
static void compare(const ConvolutionCase &test, const JitLevel &level,
                    const std::string &schedule,
                    const std::vector<int64_t> &expected, void *found) {
  auto *values = static_cast<T *>(found);
  size_t differ = 0, first = 0;
  for (size_t i = 0; i < expected.size(); ++i)
    if (static_cast<int64_t>(values[i]) != expected[i] && differ++ == 0)
      first = i;
  if (differ)
    ADD_FAILURE() << level.name << ": " << test.describe() << " " << schedule
                  << ": " << differ << " of " << expected.size()
                  << " differ, first at " << first << ": expected "
                  << expected[first] << ", found " << +values[first];
}

std::string qopt::test::runConvolution(const ConvolutionCase &test,
                                       const JitLevel &level) {
  Data data = makeData(test);
  std::vector<int64_t> expected = computeExpected(test, data);
  std::optional<Packed> packed = pack(test, data, level);
  if (!packed) {
    ADD_FAILURE() << level.name << ": " << test.describe()
                  << " did not go through the passes";
    return "";
  }
  std::unique_ptr<Jit> jit = Jit::compile(packed->text, level);
  if (!jit) {
    ADD_FAILURE() << level.name << ": " << test.describe()
                  << " did not compile";
    return "";
  }
  bool isFloat = test.kind == "f32";
  std::vector<char> input = isFloat             ? bytesOf<float>(data.input)
                            : test.kind == "i8" ? bytesOf<int8_t>(data.input)
                                                : bytesOf<int16_t>(data.input);
  size_t outputBytes = isFloat ? 4 : hasWordOutput(test) ? 2 : 1;
  std::vector<std::unique_ptr<Guarded<char>>> buffers;
  std::vector<void *> arguments;
  size_t last = packed->constants.size() - 1;
  for (size_t i = 0; i <= last; ++i) {
    std::vector<char> bytes = packed->constants[i];
    if (i == 0)
      bytes = input;
    else if (i == last)
      bytes.assign(expected.size() * outputBytes, 0x55);
    else if (bytes.empty())
      bytes = bytesOf<int8_t>(data.residual);
    buffers.push_back(std::make_unique<Guarded<char>>(bytes));
    arguments.push_back(buffers.back()->data());
  }
  if (!jit->call("main", arguments)) {
    ADD_FAILURE() << level.name << ": " << test.describe() << " did not run";
    return "";
  }
  if (isFloat)
    compare<float>(test, level, packed->schedule, expected, arguments[last]);
  else if (hasWordOutput(test))
    compare<int16_t>(test, level, packed->schedule, expected, arguments[last]);
  else if (test.high > 127)
    compare<uint8_t>(test, level, packed->schedule, expected, arguments[last]);
  else
    compare<int8_t>(test, level, packed->schedule, expected, arguments[last]);
  return packed->schedule;
}
